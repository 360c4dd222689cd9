"""The commands of script/bench; without one, all that the database at hand allows."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from benches import filing, importing, jobs, likeness, pages, quality, rollups, searching, serving
    from thidua.demo.scale import sizes

    parser = argparse.ArgumentParser(description="Measure pages, filing, sums, search and likeness.")
    parser.add_argument("--out", type=Path, help="folder for the JSON")
    commands = parser.add_subparsers()
    parser.set_defaults(run=lambda a: everything(a.out))
    fill = commands.add_parser("fill", help="fill an empty database: the same as script/demo-data")
    fill.add_argument("--scale", choices=list(sizes.SCALES), default="nation")
    fill.set_defaults(run=lambda a: call_command("demo_scale", scale=a.scale))
    page = commands.add_parser("pages", help="pages of every level beside a bare Django page")
    page.add_argument("--rounds", type=int, default=15)
    page.add_argument("--only", default="", help="pages whose level and name hold this")
    page.add_argument("--compare", type=Path, nargs="+", metavar="JSON", help="no measuring: ratios of saved runs")
    page.set_defaults(
        run=lambda a: print(pages.compare(a.compare)) if a.compare else pages.run(a.rounds, a.out, a.only)
    )
    file = commands.add_parser("filing", help="filing by 1, 8 and 50 authors at once beside a bare insert")
    file.add_argument("--seconds", type=int, default=10)
    file.set_defaults(run=lambda a: filing.run(a.seconds, a.out))
    progress = commands.add_parser("progress", help="sums of the nation beside a primary key and DuckDB")
    progress.add_argument("--rounds", type=int, default=30)
    progress.set_defaults(run=lambda a: rollups.run(a.rounds, a.out))
    job = commands.add_parser("jobs", help="certificates, reports, orders, long lists: time and memory of each")
    job.add_argument("--only", default="", help="jobs whose name holds this")
    job.set_defaults(run=lambda a: jobs.run(a.out, a.only))
    files = commands.add_parser(
        "imports", help="50,000 people, 3,000 units, 5,000 posts, 10,000 initiatives by Excel: check, apply, undo"
    )
    files.add_argument("--part", type=int, default=1, help="only one of so many of the lines")
    files.set_defaults(run=lambda a: importing.run(a.part, a.out))
    search = commands.add_parser("search", help="times of searches")
    search.add_argument("--reference", type=Path, help="folder of a tantivy index, made when it is empty")
    search.add_argument("--rounds", type=int, default=3)
    search.set_defaults(run=lambda a: searching.run(a.rounds, a.reference, a.out))
    serve = commands.add_parser("serving", help="the same pages through different web servers, pooled and not")
    serve.add_argument("--rounds", type=int, default=3)
    serve.add_argument("--seconds", type=float, default=2.5, help="for each page in each round, alone and together")
    serve.add_argument("--workers", type=int, default=2, help="processes of each server")
    serve.add_argument("--only", default="", help="servers whose name holds this")
    serve.set_defaults(run=lambda a: serving.run(a.rounds, a.seconds, a.workers, a.only, a.out))
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


def everything(out: Path | None) -> None:
    """Reading first: filing and the jobs leave rows behind."""
    from benches import filing, importing, jobs, likeness, pages, rollups, searching

    for name, part in (
        ("pages", lambda: pages.run(15, out)),
        ("progress", lambda: rollups.run(30, out)),
        ("search", lambda: searching.run(2, out / "tantivy" if out and searching.has_tantivy() else None, out)),
        ("likeness", lambda: likeness.run(60, None, out)),
        ("filing", lambda: filing.run(10, out)),
        ("jobs", lambda: jobs.run(out)),
        ("imports", lambda: importing.run(1, out)),
    ):
        print(f"\n--- {name}")
        part()
