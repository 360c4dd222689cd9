"""What is backed up comes back whole: every row, every file, the key, the chain of the ledger."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.cast import assemble
from tests.config.test_serving import address, environment
from thidua.config import database

RESTORED = f"restored_{os.getpid()}"


def thidua(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "thidua.sites.cli", *arguments]
    return subprocess.run(command, env=env, cwd=database.ROOT, check=False, capture_output=True, text=True)


@pytest.fixture
def empty(transactional_db) -> Iterator[str]:
    """Another database on the same server."""
    server = address().rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
        link.execute(f"CREATE DATABASE {RESTORED}")
    yield f"{server}/{RESTORED}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
        link.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def rows(url: str) -> dict[str, int]:
    with psycopg.connect(url) as link:
        tables = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return {t: link.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for (t,) in tables}


def a_site(tmp_path: Path, name: str, url: str) -> dict[str, str]:
    data = tmp_path / name
    data.mkdir()
    env = environment(data, DATABASE_URL=url, THIDUA_PRODUCTION="")
    return {key: value for key, value in env.items() if key != "THIDUA_SECRET_KEY"}


def test_a_backup_comes_back_whole(empty, tmp_path):
    assemble()
    old, new, folder = a_site(tmp_path, "old", address()), a_site(tmp_path, "new", empty), tmp_path / "backup"
    (tmp_path / "old" / "secret-key").write_text("a-key-of-this-site")
    stored = tmp_path / "old" / "files" / "2026" / "11" / "anh.jpg"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"\xff\xd8 a picture")

    made = thidua(old, "backup", str(folder))
    assert made.returncode == 0, made.stderr
    assert "1 tệp mới" in made.stderr
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.dump")} == {0o600}
    back = thidua(new, "restore", str(folder))
    assert back.returncode == 0, back.stderr

    assert rows(empty) == rows(address())
    assert (tmp_path / "new" / "files" / "2026" / "11" / "anh.jpg").read_bytes() == b"\xff\xd8 a picture"
    assert (tmp_path / "new" / "secret-key").read_text() == "a-key-of-this-site"
    checked = thidua(new, "ledger", "verify")
    assert checked.returncode == 0, checked.stderr

    # Never over something that is there; and a second backup copies no file twice.
    again = thidua(new, "restore", str(folder))
    assert (again.returncode, "not empty" in again.stderr) == (1, True)
    assert "0 tệp mới" in thidua(old, "backup", str(folder), "--keep", "1").stderr
    assert len(list(folder.glob("*.dump"))) == 1


def test_a_folder_without_a_backup_is_said(empty, tmp_path):
    told = thidua(a_site(tmp_path, "new", empty), "restore", str(tmp_path))
    assert (told.returncode, "no backup" in told.stderr) == (2, True)
    assert connection.introspection.table_names()
