"""`thidua ledger verify`: is every sealed line as it was written?"""

from __future__ import annotations

import argparse
import sys


def add_commands(commands: argparse._SubParsersAction) -> None:
    ledger = commands.add_parser("ledger", help="kiểm tra nhật ký không bị sửa (check the chained ledger)")
    verbs = ledger.add_subparsers(required=True, metavar="verify")
    verbs.add_parser("verify").set_defaults(run=verify, needs_database=True)


def verify(_arguments: argparse.Namespace) -> int:
    from thidua.ledger import seals

    while seals.seal():
        pass
    faults = seals.verify()
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stderr.write(f"{len(faults)} sai lệch (faults)\n")
    return 1 if faults else 0
