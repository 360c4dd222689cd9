"""Pages as officers of each level open them, beside a bare Django page on the same rows, interleaved.

The whole request is timed inside one process: middleware, view, queries, template. What the web server
adds (about a millisecond) is the same for every page and left out; `script/bench serving` has it in.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import F
from django.test import Client, override_settings
from django.urls import reverse

from benches import framework
from benches.framework import Case, p95
from thidua.access.roles import ROLES
from thidua.config import collector
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Account, Post
from thidua.programmes.models import Programme
from thidua.reports.models import Report

FLOOR = "bare Django page"
DEFAULT_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Server time, 95 of 100, in milliseconds; and how many times the bare page a list may take.
GOALS = {"progress": 40, "units": 40, "initiatives": 40, "dossier": 40, "inbox": 40, "library": 40, "search": 60}
TIMES_FLOOR, TIMES_SIZE = 6.0, 1.3


@dataclass
class Page(Case):
    """A page as an officer of one level, its group, opens it; running it gives the status."""

    queries: int = 0
    database: float = 0.0  # milliseconds of the last run

    @property
    def line(self) -> dict[str, Any]:
        return {"level": self.group, "page": self.name, "p50": statistics.median(self.times), "p95": p95(self.times),
                "queries": self.queries, "database": self.database}  # fmt: skip


@dataclass(frozen=True)
class Result:
    initiatives: int
    units: int
    lines: list[dict[str, Any]]
    machine: dict[str, Any]


def run(rounds: int, out: Path | None, only: str = "") -> Result:
    framework.collect_static()
    collector.calm()  # as every web process does
    with clients() as signed_in:
        pages = [p for p in _pages(signed_in) if only in f"{p.group} {p.name}"]
        pages.append(Page("", FLOOR, _floor()))
        _measure(pages, rounds)
    result = Result(
        framework.estimate("initiatives_initiative"), framework.estimate("orgs_unit"), [p.line for p in pages],
        framework.machine(),
    )  # fmt: skip
    print(shown(result))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "pages.json").write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), "utf-8")
    return result


def shown(result: Result) -> str:
    floor = next(n["p50"] for n in result.lines if n["page"] == FLOOR)
    rows = [f"{result.initiatives:,} initiatives, {result.units:,} units, load {result.machine['load']}"]
    rows.append(
        f"{'level':10} {'page':34} {'p50 ms':>8} {'p95 ms':>8} {'queries':>8} {'db ms':>7} {'x floor':>8}  goal"
    )
    for n in result.lines:
        goal = GOALS.get(n["page"].split(",")[0], 40)
        verdict = "" if n["page"] == FLOOR else ("ok" if n["p95"] <= goal else f"MISSED {goal}")
        rows.append(
            f"{n['level']:10} {n['page']:34} {n['p50']:8.1f} {n['p95']:8.1f} {n['queries']:8} {n['database']:7.1f}"
            f" {n['p50'] / floor:8.1f}  {verdict}"
        )
    return "\n".join(rows)


def compare(files: list[Path]) -> str:
    """Each page at several sizes, from the JSON of earlier runs: the ratio of the largest to the smallest.

    In times of the bare page of the same run: the machine is not as fast in every hour.
    """
    runs = sorted((json.loads(f.read_text("utf-8")) for f in files), key=lambda r: r["initiatives"])
    names = {(n["level"], n["page"]): [] for n in runs[-1]["lines"]}
    for one in runs:
        floor = next(n["p50"] for n in one["lines"] if n["page"] == FLOOR)
        found = {(n["level"], n["page"]): n["p50"] / floor for n in one["lines"]}
        for name, values in names.items():
            values.append(found.get(name))
    head = " ".join(f"{r['initiatives']:>10,}" for r in runs)
    rows = [f"{'level':10} {'page':34} {head} {'ratio':>7}"]
    for (level, page), values in names.items():
        known = [v for v in values if v is not None]
        ratio = known[-1] / known[0] if len(known) > 1 else None
        cells = " ".join(f"{v:10.1f}" if v is not None else f"{'–':>10}" for v in values)
        told = "" if ratio is None else f"{ratio:7.2f}" + ("" if ratio <= TIMES_SIZE else f"  MISSED {TIMES_SIZE}")
        rows.append(f"{level:10} {page:34} {cells} {told}")
    return "\n".join(rows)


def _measure(pages: list[Page], rounds: int) -> None:
    for page in pages:
        status = page.run()
        if status != 200:
            raise SystemExit(f"{page.group} {page.name}: answered {status}")
        with _counted(page):
            page.run()
    framework.measure(pages, rounds=rounds)


@contextmanager
def _counted(page: Page) -> Iterator[None]:
    page.queries, page.database = 0, 0.0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            page.queries += 1
            page.database += (time.perf_counter() - started) * 1000

    with connection.execute_wrapper(count):
        yield


# --- who opens what ---


def posts() -> dict[str, Post]:
    """An officer of the widest unit of each level that has one."""
    running = Post.objects.filter(valid__contains=clock.today()).select_related("person", "unit__kind")
    found = {}
    for level, depth, roles in (
        ("nation", 0, ("upper_officer", "chair")),
        ("province", 1, ("upper_officer", "chair")),
        ("sector", 2, ("upper_officer", "chair")),
        ("grassroots", None, ("grassroots_officer", "chair")),
    ):
        units = Unit.objects.filter(kind__is_grassroots=True) if depth is None else Unit.objects.filter(depth=depth)
        rows = running.filter(role__in=roles, unit__in=units.values("pk"), person__left_on__isnull=True)
        if level == "grassroots":
            busy = Initiative.objects.filter(filed_on__isnull=False).order_by("-pk").values("handler")[:2000]
            rows = rows.filter(unit__in=list(dict.fromkeys(r["handler"] for r in busy)))
        rows = rows.order_by(F("unit__lft") - F("unit__rgt"), "pk")
        widest = sorted(rows[:500], key=lambda p: (p.unit.lft - p.unit.rgt, ROLES[p.role].name != roles[0]))
        if widest:
            found[level] = widest[0]
    return found


@contextmanager
def clients() -> Iterator[dict[str, tuple[Client, Post]]]:
    """Signed in for the length of the measurement; accounts made for it are taken away again."""
    made, found = [], {}
    try:
        for level, post in posts().items():
            account = Account.objects.filter(person=post.person).first()
            if account is None:
                account = Account.objects.create(
                    person=post.person,
                    login=f"bench-{level}-{os.getpid()}",
                    password=make_password(None),
                    must_change_password=False,
                )
                made.append(account.pk)
            client = Client()
            client.force_login(account)
            found[level] = (client, post)
        with override_settings(SECOND_STEP_PERMISSIONS=[]):
            yield found
    finally:
        for client, _post in found.values():
            client.logout()
        Account.objects.filter(pk__in=made).delete()


def _pages(clients: dict[str, tuple[Client, Post]]) -> Iterator[Page]:
    programme = programme_shown()
    for level, (client, post) in clients.items():
        for name, url in _of_officer(post.unit, programme):
            yield Page(level, name, _fetch(client, url))
    for name, url in _of_anybody():
        yield Page("anybody", name, _fetch(Client(), url))


def programme_shown() -> Programme | None:
    """The widest of those that count."""
    return Programme.objects.filter(counts_initiatives=True, is_open=True).order_by("unit__depth", "pk").first()


def _of_officer(unit: Unit, programme: Programme | None) -> Iterator[tuple[str, str]]:
    listed, below = reverse("office:initiatives"), Unit.objects.filter(parent=unit).order_by("-rgt", "pk").first()
    within = Initiative.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt, filed_on__isnull=False)
    newest = within.order_by("-filed_on", "-pk").first()
    if programme and programme.unit.covers(unit):
        yield "progress", reverse("office:progress", args=[programme.code, unit.code])
        yield "progress, what is counted", reverse("office:progress-rows", args=[programme.code, unit.code])
    yield "units, below", reverse("office:unit", args=[unit.code])
    yield "units, search", reverse("office:units") + "?q=cong+doan"
    yield "initiatives", listed
    yield "initiatives, recognised", listed + "?state=recognised"
    yield "initiatives, kind, oldest first", listed + "?kind=technical&order=cu"
    if below:
        yield "initiatives, of one unit below", f"{listed}?unit={below.code}"
    yield "inbox, to receive", listed + "?state=submitted"
    yield "inbox, overdue", listed + "?state=qua-han"
    yield "todo", reverse("office:todo")
    yield "search, office", listed + "?q=s%C3%A1ng+ki%E1%BA%BFn"
    if newest:
        yield "dossier", reverse("office:dossier", args=[newest.code])
    yield "people", reverse("office:people", args=[unit.code])
    yield "people, search", reverse("office:people", args=[unit.code]) + "?q=nguyen+van"
    yield "reports", reverse("office:reports")
    seen = Report.objects.filter(unit=unit).exclude(state="draft").order_by("-pk").first()
    if seen:
        yield "report", reverse("office:report", args=[seen.code])
    yield "plans", reverse("office:plans")


def _of_anybody() -> Iterator[tuple[str, str]]:
    library = reverse("portal:library")
    yield "library", library
    yield "library, kind and year", f"{library}?kind=technical&year={clock.today().year - 1}"
    yield "search, library", library + "?q=ti%E1%BA%BFt+ki%E1%BB%87m"
    yield "search, library, common words", library + "?q=c%C3%B4ng+%C4%91o%C3%A0n"
    public = Initiative.objects.filter(state="recognised", disclosure="public").order_by("-pk").first()
    if public:
        yield "library, one initiative", reverse("portal:initiative", args=[public.code])


def _fetch(client: Client, url: str) -> Callable[[], int]:
    return lambda: client.get(url).status_code


# --- the floor ---


def _floor() -> Callable[[], int]:
    """What `startproject` gives: its middleware, two queries, 25 rows in a table."""
    client = Client()
    bare = override_settings(ROOT_URLCONF="benches.floor", MIDDLEWARE=DEFAULT_MIDDLEWARE)
    with bare:
        client.handler.load_middleware()

    def fetch() -> int:
        with bare:
            return client.get("/").status_code

    return fetch
