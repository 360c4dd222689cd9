"""The commands of script/bench."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> int:
    import django

    django.setup()
    from benches import corpus, likeness, quality, searching

    parser = argparse.ArgumentParser(description="Measure search and likeness at the size of a country.")
    parser.add_argument("--out", type=Path, help="folder for the JSON")
    commands = parser.add_subparsers(required=True)
    fill = commands.add_parser("fill", help="replace everything in this database by plausible records")
    fill.add_argument("--rows", type=int, default=2_500_000)
    fill.add_argument("--distinct", type=int, default=250_000, help="texts written; the rest are their copies")
    fill.set_defaults(run=lambda a: corpus.fill(a.rows, a.distinct))
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
