"""`thidua search rebuild`: index what is missing, or everything anew, while everybody goes on working."""

from __future__ import annotations

import argparse
import sys
import time


def add_commands(commands: argparse._SubParsersAction) -> None:
    search = commands.add_parser("search", help="lập chỉ mục tìm kiếm (build the search index)")
    verbs = search.add_subparsers(required=True, metavar="rebuild")
    verb = verbs.add_parser(
        "rebuild", help="lập chỉ mục những hồ sơ còn thiếu (what is missing; goes on where it broke off)"
    )
    verb.add_argument("--anew", action="store_true", help="bỏ chỉ mục cũ, lập lại tất cả (forget the index first)")
    verb.set_defaults(run=rebuild, needs_database=True)


def rebuild(arguments: argparse.Namespace) -> int:
    """Says how far it is after every stretch."""
    from thidua.search.domain import postings, rebuilding

    if arguments.anew:
        rebuilding.forget()
    whole, started = rebuilding.missing().count(), time.monotonic()

    def told(done: int) -> None:
        pace = done / (time.monotonic() - started)
        left = max(0, whole - done) / pace / 60
        sys.stderr.write(f"{done:,} / {whole:,} ({pace:,.0f} a second, {left:,.0f} phút nữa · minutes left)\n")

    done = rebuilding.catch_up(told=told)
    joined = postings.join()
    sys.stderr.write(f"{done:,} hồ sơ đã lập chỉ mục · records indexed; {joined:,} terms joined\n")
    if left := rebuilding.missing().count():
        sys.stderr.write(f"{left:,} còn lại · left: another process is indexing them\n")
        return 1
    return 0
