"""The commands of script/bench."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from benches import likeness, quality, searching
    from thidua.demo.scale import sizes

    parser = argparse.ArgumentParser(description="Measure search and likeness at the size of a country.")
    parser.add_argument("--out", type=Path, help="folder for the JSON")
    commands = parser.add_subparsers(required=True)
    fill = commands.add_parser("fill", help="fill an empty database: the same as script/demo-data")
    fill.add_argument("--scale", choices=list(sizes.SCALES), default="nation")
    fill.set_defaults(run=lambda a: call_command("demo_scale", scale=a.scale))
    search = commands.add_parser("search", help="times of searches")
    search.add_argument("--reference", type=Path, help="folder of a tantivy index, made when it is empty")
    search.add_argument("--rounds", type=int, default=3)
    search.set_defaults(run=lambda a: searching.run(a.rounds, a.reference, a.out))
    like = commands.add_parser("likeness", help="times and recall of likeness checks among the records")
    like.add_argument("--checks", type=int, default=100)
    like.add_argument("--texts", type=Path, help="folder of other texts (.txt, .md)")
    like.set_defaults(run=lambda a: likeness.run(a.checks, a.texts, a.out))
    quality_ = commands.add_parser("quality", help="the published protocol, without a database")
    quality_.add_argument("--texts", type=Path, help="folder of other texts (.txt, .md)")
    quality_.add_argument("--seed", type=int, default=1)
    quality_.set_defaults(run=lambda a: quality.run(a.texts, a.seed, a.out))
    arguments = parser.parse_args()
    arguments.run(arguments)
    return 0
