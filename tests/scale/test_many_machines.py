"""Primary, streaming copy, PgBouncer, bucket and two web nodes on the loopback: one site.

Node A goes to the primary itself, node B through PgBouncer; both read from the copy what may lag.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from django.db import connection
from PIL import Image

from tests.scale.machines import Machines, own_url, wait_for
from thidua.config import database

# Without the mark no test database is made whose schema could be copied.
pytestmark = pytest.mark.django_db
COOKIE = "thidua_at"
SEED = """
import django
django.setup()
from tests.cast import assemble
from thidua.initiatives.domain import dossiers
cast = assemble()
draft = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, title="Xe đẩy thuốc ba tầng",
    problem_before="Đi lại nhiều lần giữa tủ thuốc và buồng bệnh.", solution="Hàn lại khung xe cũ, chia khay.")
print(draft.code)
"""


@dataclass
class Site:
    machines: Machines
    a: str
    b: str
    draft: str
    pooler: str


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="thidua-machines-", dir="/tmp"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        machines = Machines(folder, stack)
        env = environment(machines)
        with ThreadPoolExecutor(3) as pool:
            bucket = pool.submit(machines.start_bucket)
            static = pool.submit(run, env, "-m", "django", "collectstatic", "--noinput", "-v", "0")
            machines.start_primary(connection.settings_dict)
            draft = run(env, "-c", SEED).strip()
            machines.copy_primary()
            files, _made = bucket.result(), static.result()
        both = env | files | {"THIDUA_REPLICA_URLS": own_url(machines.copy)}
        program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        pooler = machines.start_pooler(program) if program else ""
        through = {"DATABASE_URL": pooler, "THIDUA_DIRECT_URL": env["DATABASE_URL"]} if pooler else {}
        machines.start_worker(both | through)
        with ThreadPoolExecutor(2) as pool:
            a, b = pool.map(machines.start_node, ("a", "b"), (both, both | through))
        yield Site(machines, a, b, draft, pooler)


def environment(machines: Machines) -> dict[str, str]:
    """What both nodes and the commands share."""
    (machines.folder / "static").mkdir()
    return {
        "PYTHONPATH": os.pathsep.join([str(database.ROOT / "src"), str(database.ROOT)]),
        "DJANGO_SETTINGS_MODULE": "thidua.config.settings",
        "DATABASE_URL": own_url(machines.primary),
        "THIDUA_DATA": str(machines.folder),
        "THIDUA_SECRET_KEY": "shared-by-every-node",
        "THIDUA_SECOND_STEP_FOR": "",
        "THIDUA_HOSTS": "127.0.0.1",
    }


def run(env: dict[str, str], *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **env}, check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


class Browser(requests.Session):
    """Signs in and fills in forms like a person: with the token of the page."""

    def send_form(self, url: str, form: dict[str, str], **more) -> requests.Response:
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        answer = self.post(url, data=form | token, timeout=30, **more)
        assert answer.ok, answer.text[:2000]
        return answer

    def sign_in(self, node: str, phone: str) -> Browser:
        self.get(f"{node}/dang-nhap/", timeout=30)
        self.send_form(f"{node}/dang-nhap/", {"username": phone, "password": "matkhau-thu-2022"})
        assert self.cookies.get("sessionid")
        return self

    def keep_search(self, node: str, name: str) -> None:
        self.get(f"{node}/thu-vien/", timeout=30)
        self.send_form(f"{node}/thu-vien/luu-tim-kiem/", {"place": "library", "name": name, "asked": "q=xe"})

    def library(self, node: str) -> str:
        answer = self.get(f"{node}/thu-vien/", timeout=30)
        assert answer.status_code == 200
        return answer.text

    def forget_position(self) -> Browser:
        """Now any copy may serve this browser."""
        self.cookies.pop(COOKIE)
        return self


def test_signed_in_on_one_node_is_signed_in_on_the_other(site):
    an = Browser().sign_in(site.a, "0900000001")
    for node in (site.a, site.b):
        assert "Nguyễn Thị An" in an.get(f"{node}/toi/", timeout=30).text
    an.keep_search(site.a, "Xe của An")
    assert "Xe của An" in an.library(site.a)
    assert "Xe của An" in an.library(site.b)


def test_one_sees_ones_own_write_while_the_copy_lags(site):
    an = Browser().sign_in(site.a, "0900000001")
    site.machines.wait_until_copied()
    site.machines.on_copy("SELECT pg_wal_replay_pause()::text")
    try:
        an.keep_search(site.b, "Trong lúc chậm")
        assert "Trong lúc chậm" in an.library(site.b)
        assert "Trong lúc chậm" in an.library(site.a)
        # Without the position the same page comes from the copy, which does not know yet.
        assert "Trong lúc chậm" not in an.forget_position().library(site.a)
        assert "Trong lúc chậm" not in an.library(site.b)
    finally:
        site.machines.on_copy("SELECT pg_wal_replay_resume()::text")
    site.machines.wait_until_copied()
    assert "Trong lúc chậm" in an.library(site.a)


def test_pages_are_served_while_the_copy_is_stopped(site):
    an = Browser().sign_in(site.a, "0900000001")
    an.keep_search(site.a, "Khi bản sao nghỉ")
    site.machines.stop_copy()
    try:
        for node in (site.a, site.b, site.a, site.b):
            an.cookies.pop(COOKIE, None)
            assert "Khi bản sao nghỉ" in an.library(node)
            assert requests.get(f"{node}/", timeout=30).status_code == 200
            assert requests.get(f"{node}/ready", timeout=30).status_code == 200
    finally:
        site.machines.start_copy()


def test_a_file_sent_to_one_node_is_read_from_the_other(site):
    an = Browser().sign_in(site.a, "0900000001")
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "red").save(out, "JPEG")
    page = f"/toi/sang-kien/{site.draft}/"
    an.get(site.a + page, timeout=30)
    an.send_form(
        f"{site.a}{page}tep/", {"kind": "photo-after"}, files={"file": ("sau.jpg", out.getvalue(), "image/jpeg")}
    )
    shown = an.get(site.b + page, timeout=30).text
    addresses = re.findall(r'(?:src|href)="(/[^"]*tep[^"]*)"', shown)
    found = [an.get(site.b + address, timeout=30) for address in addresses]
    images = [answer for answer in found if answer.ok and answer.headers["Content-Type"].startswith("image/")]
    assert images, addresses
    assert all(Image.open(io.BytesIO(answer.content)).format in ("JPEG", "WEBP", "PNG") for answer in images)
    assert not list((site.machines.folder / "a").rglob("*.jpg")), "the file lies in the bucket, on no node"


def test_many_at_once_through_two_connections_of_the_pooler(site):
    """PgBouncer hands each transaction to whichever of its two connections is free."""
    if not site.pooler:
        assert os.environ.get("CI") != "true", "CI must have pgbouncer (script/test installs it)"
        pytest.skip("no pgbouncer on this machine")
    an = Browser().sign_in(site.b, "0900000001")
    paths = ["/", "/thu-vien/?q=xe", "/toi/", f"/toi/sang-kien/{site.draft}/", "/chuong-trinh/"]

    def ask(n: int) -> int:
        return requests.get(site.b + paths[n % len(paths)], cookies=an.cookies.get_dict(), timeout=30).status_code

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(ask, range(60))) == {200}


def test_the_worker_listens_past_the_pooler(site):
    wait_for("the worker", lambda: requests.get(f"{site.b}/ready?strict", timeout=30).status_code == 200)
