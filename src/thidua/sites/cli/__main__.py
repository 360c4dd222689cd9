"""`script/thidua …`: results on standard output, messages on standard error, exit 2 on bad input."""

from __future__ import annotations

import argparse
import os
import sys

import django
from django.core.management import execute_from_command_line

from thidua.config import database


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["manage"]:
        database.ensure_running()
        execute_from_command_line(["script/thidua manage", *arguments[1:]])
        return 0
    django.setup()
    from thidua.sites.cli import backups, beginnings, ledgers, plans, records, searches, servers, tallies

    parser = argparse.ArgumentParser(prog="thidua", description="Thi Đua: công cụ dòng lệnh (command line)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH")
    beginnings.add_commands(commands)
    plans.add_commands(commands)
    tallies.add_commands(commands)
    ledgers.add_commands(commands)
    records.add_commands(commands)
    searches.add_commands(commands)
    servers.add_commands(commands)
    backups.add_commands(commands)
    commands.add_parser("manage", help="lệnh quản trị của Django (Django's own commands)", add_help=False)
    chosen = parser.parse_args(arguments)
    if getattr(chosen, "needs_database", False):
        database.ensure_running()
    return int(chosen.run(chosen) or 0)


if __name__ == "__main__":
    if folder := os.environ.get("THIDUA_CALLED_FROM"):
        os.chdir(folder)
    try:
        raise SystemExit(main(sys.argv[1:]))
    except database.Unusable as unusable:
        sys.stderr.write(f"thidua: {unusable}\n")
        raise SystemExit(2) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
