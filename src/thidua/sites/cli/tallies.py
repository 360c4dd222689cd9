"""`thidua tally verify|rebuild|fold`: the same checks for live and generated data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thidua.programmes.models import Programme
    from thidua.tallies.domain.recounts import Part


def add_commands(commands: argparse._SubParsersAction) -> None:
    tally = commands.add_parser("tally", help="kiểm tra, dựng lại số liệu tổng hợp (check or rebuild the sums)")
    verbs = tally.add_subparsers(required=True, metavar="verify|rebuild|fold")
    for name, run in (("verify", verify), ("rebuild", rebuild), ("fold", fold)):
        verb = verbs.add_parser(name)
        verb.set_defaults(run=run, needs_database=True)
        if name != "fold":
            verb.add_argument(
                "--after", default="", metavar="MÃ[:SỐ]", help="tiếp tục sau chương trình này, hoặc sau đơn vị số này của nó"
                " (go on after this programme, or after this unit of it: as the last line said)",
            )  # fmt: skip


def verify(arguments: argparse.Namespace) -> int:
    """Exit 1 and name every number that does not add up."""
    from thidua.ledger import readers
    from thidua.orgs.domain import nodesums
    from thidua.tallies.domain import sums

    readers.drain_all()
    many = 0
    for programme, after in _rest(arguments.after):
        for part, found in sums.faults_by_part(programme, after=after):
            sys.stdout.writelines(f"{programme.code}: {fault}\n" for fault in found)
            many += len(found)
            _tell(programme, part)
    for fault in nodesums.faults():
        sys.stdout.write(f"{fault}\n")
        many += 1
    sys.stderr.write(f"{many} sai lệch (differences)\n")
    return 1 if many else 0


def rebuild(arguments: argparse.Namespace) -> int:
    """While everybody goes on working, some units at a time; says where it is, to go on from there."""
    from thidua.orgs.domain import nodesums
    from thidua.tallies.domain import sums

    for programme, after in _rest(arguments.after):
        sums.rebuild(programme, after=after, told=partial(_tell, programme))
        sys.stderr.write(f"{programme.code} {programme}\n")
    nodesums.rebuild()
    return 0


def _rest(said: str) -> Iterator[tuple[Programme, int]]:
    """The programmes that are not through, and the number of the last unit that is."""
    from thidua.tallies import queries

    code, _colon, unit = said.partition(":")
    for programme in sorted(queries.counting(), key=lambda p: p.code):
        if programme.code == code and unit:
            yield programme, int(unit)
        elif programme.code > code:
            yield programme, 0


def _tell(programme: Programme, part: Part) -> None:
    sys.stderr.write(f"{programme.code}:{part.last}\n")


def fold(_arguments: argparse.Namespace) -> int:
    from thidua.orgs.domain import nodesums
    from thidua.tallies.domain import sums

    sys.stderr.write(f"{sums.fold() + nodesums.fold()}\n")
    return 0
