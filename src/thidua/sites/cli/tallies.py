"""`thidua tally verify|rebuild|fold`: the same checks for live and generated data."""

from __future__ import annotations

import argparse
import sys
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

    rest = _rest(arguments.after)
    readers.drain_all()
    many = 0
    for programme, after in rest:
        for part, found in sums.faults_by_part(programme, after=after):
            sys.stdout.writelines(f"{programme.code}: {fault}\n" for fault in found)
            many += len(found)
            _tell(programme, part, len(found))
    for subject, found in nodesums.faults_by_subject():
        sys.stdout.writelines(f"{subject} {fault}\n" for fault in found)
        many += len(found)
        _say(subject, len(found))
    sys.stderr.write(f"{many} sai lệch (differences)\n")
    return 1 if many else 0


def rebuild(arguments: argparse.Namespace) -> int:
    """While everybody goes on working, some units at a time; says where it is, to go on from there."""
    from thidua.orgs.domain import nodesums
    from thidua.tallies.domain import sums

    for programme, after in _rest(arguments.after):
        sums.rebuild(programme, after=after, told=partial(_tell, programme))
        sys.stderr.write(f"{programme.code} {programme}\n")
    nodesums.rebuild(told=_say)
    return 0


def _rest(said: str) -> list[tuple[Programme, int]]:
    """The programmes that are not through, and the number of the last unit that is."""
    from thidua.tallies import queries

    programmes = sorted(queries.counting(), key=lambda p: p.code)
    code, _colon, unit = said.partition(":")
    if said and (code not in {p.code for p in programmes} or (unit and not unit.isdecimal())):
        sys.stderr.write(f"thidua: --after {said}: không có chương trình hay đơn vị này (no such programme or unit)\n")
        raise SystemExit(2)
    here = [(p, int(unit)) for p in programmes if unit and p.code == code]
    return here + [(p, 0) for p in programmes if p.code > code]


def _tell(programme: Programme, part: Part, wrong: int) -> None:
    _say(f"{programme.code}:{part.last}", wrong)


def _say(where: str, wrong: int) -> None:
    """How far it is; the word before the space is what `--after` takes."""
    sys.stderr.write(f"{where}  {wrong} sai lệch (differences)\n" if wrong else f"{where}\n")


def fold(_arguments: argparse.Namespace) -> int:
    from thidua.orgs.domain import nodesums
    from thidua.tallies.domain import sums

    sys.stderr.write(f"{sums.fold() + nodesums.fold()}\n")
    return 0
