"""`thidua backup FOLDER` and `thidua restore FOLDER`: the database, the uploaded files, the secret key."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

NAMES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}


def add_commands(commands: argparse._SubParsersAction) -> None:
    backup_ = commands.add_parser("backup", help="sao lưu dữ liệu và tệp vào một thư mục (back up)")
    backup_.add_argument("folder", type=Path)
    backup_.add_argument("--keep", type=int, default=0, metavar="N", help="giữ N bản mới nhất (keep the newest N)")
    backup_.set_defaults(run=backup, needs_database=True)
    restore_ = commands.add_parser("restore", help="phục hồi vào cơ sở dữ liệu trống (restore into an empty database)")
    restore_.add_argument("folder", type=Path)
    restore_.set_defaults(run=restore, needs_database=True)


def backup(arguments: argparse.Namespace) -> int:
    """A dump of one consistent moment; then the files, so that none it names is missing."""
    from django.conf import settings

    folder: Path = arguments.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"thidua-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    making = folder / f"{name}.making"
    if not _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={making}"):
        making.unlink(missing_ok=True)
        return 1
    making.chmod(0o600)
    making.rename(folder / name)  # a dump that has its final name is whole
    copied = _copy(Path(settings.MEDIA_ROOT), folder / "files")
    key = Path(settings.DATA) / "secret-key"
    if key.exists():
        shutil.copy2(key, folder / "secret-key")
    for old in _dumps(folder)[arguments.keep :] if arguments.keep else []:
        old.unlink()
    sys.stderr.write(f"thidua: {name}, {copied} tệp mới (new files)\n")
    if os.environ.get("THIDUA_S3_BUCKET"):
        sys.stderr.write("thidua: tệp trên S3 không được chép (files on S3 are not copied)\n")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """The newest dump of a folder, into a database in which nothing is."""
    from django.conf import settings
    from django.db import connection

    dumps = _dumps(arguments.folder)
    if not dumps:
        sys.stderr.write(f"thidua: không có bản sao lưu nào trong {arguments.folder} (no backup there)\n")
        return 2
    if connection.introspection.table_names():
        sys.stderr.write("thidua: cơ sở dữ liệu không trống, không ghi đè (the database is not empty)\n")
        return 1
    connection.close()
    if not _run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname", _name(), str(dumps[0])):
        return 1
    copied = _copy(arguments.folder / "files", Path(settings.MEDIA_ROOT))
    key, kept = Path(settings.DATA) / "secret-key", arguments.folder / "secret-key"
    # This very command has made a key if there was none: of an empty installation nothing depends on it.
    if kept.exists() and not os.environ.get("THIDUA_SECRET_KEY"):
        shutil.copy2(kept, key)
    sys.stderr.write(f"thidua: đã phục hồi {dumps[0].name}, {copied} tệp (restored)\n")
    return 0


def _dumps(folder: Path) -> list[Path]:
    return sorted(folder.glob("thidua-*.dump"), reverse=True)


def _name() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> bool:
    """One of PostgreSQL's own programs, with the password where no list of processes shows it."""
    from django.conf import settings
    from django.db import connection

    entry = connection.settings_dict
    env = {key: str(entry[name]) for name, key in NAMES.items() if entry[name]}
    if "sslmode" in entry["OPTIONS"]:
        env["PGSSLMODE"] = entry["OPTIONS"]["sslmode"]
    path = shutil.which(program, path=settings.PG_PROGRAMS or None)
    if path is None:
        sys.stderr.write(f"thidua: không có {program} (not found)\n")
        return False
    return subprocess.run([path, *arguments], env={**os.environ, **env}, check=False).returncode == 0  # noqa: S603


def _copy(source: Path, target: Path) -> int:
    """Copy what is not there yet: a stored file never changes under its name."""
    copied = 0
    for path in source.rglob("*") if source.exists() else []:
        goal = target / path.relative_to(source)
        if path.is_file() and not (goal.exists() and goal.stat().st_size == path.stat().st_size):
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, goal)
            copied += 1
    return copied
