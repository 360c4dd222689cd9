"""`thidua tally verify|rebuild|fold`: the same checks for live and generated data."""

from __future__ import annotations

import argparse
import sys


def add_commands(commands: argparse._SubParsersAction) -> None:
    tally = commands.add_parser("tally", help="kiểm tra, dựng lại số liệu tổng hợp (check or rebuild the sums)")
    verbs = tally.add_subparsers(required=True, metavar="verify|rebuild|fold")
    for name, run in (("verify", verify), ("rebuild", rebuild), ("fold", fold)):
        verb = verbs.add_parser(name)
        verb.set_defaults(run=run, needs_database=True)
        if name == "rebuild":
            verb.add_argument(
                "--after", default="", metavar="MÃ", help="tiếp tục sau chương trình này (go on after it)"
            )


def verify(_arguments: argparse.Namespace) -> int:
    """Exit 1 and name every number that does not add up."""
    from thidua.ledger import readers
    from thidua.tallies import queries
    from thidua.tallies.domain import sums

    readers.drain_all()
    faults = [f"{programme.code}: {fault}" for programme in queries.counting() for fault in sums.faults(programme)]
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stderr.write(f"{len(faults)} sai lệch (differences)\n")
    return 1 if faults else 0


def rebuild(arguments: argparse.Namespace) -> int:
    """While everybody goes on working; each programme is done or untouched, and names where to go on."""
    from thidua.tallies import queries
    from thidua.tallies.domain import sums

    for programme in sorted(queries.counting(), key=lambda p: p.code):
        if programme.code <= arguments.after:
            continue
        sums.rebuild(programme)
        sys.stderr.write(f"{programme.code} {programme}\n")
    return 0


def fold(_arguments: argparse.Namespace) -> int:
    from thidua.tallies.domain import sums

    sys.stderr.write(f"{sums.fold()}\n")
    return 0
