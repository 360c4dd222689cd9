"""Progress of the nation from its sums: beside the cheapest question there is, and beside DuckDB grouping all rows."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from benches import framework
from benches.framework import Case
from thidua.initiatives.models import Initiative
from thidua.orgs import queries as org_queries
from thidua.programmes.models import Programme
from thidua.tallies import queries

TIMES_KEY, TIMES_FASTER = 10, 100


def run(rounds: int, out: Path | None) -> None:
    programme = Programme.objects.filter(counts_initiatives=True, is_open=True).order_by("unit__depth", "pk").first()
    if programme is None:
        print("progress: no programme that counts initiatives in this database")
        return
    key = Initiative.objects.order_by("pk").values_list("pk", flat=True).first()
    children = list(org_queries.children(programme.unit))
    cases = [
        Case("primary key", "one initiative", lambda: Initiative.objects.filter(pk=key).count()),
        Case("sums, the nation", programme.code, lambda: len(queries.figures(programme, [programme.unit]))),
        Case("sums, all units directly below", programme.code, lambda: len(queries.figures(programme, children))),
    ]
    if importlib.util.find_spec("duckdb"):
        cases.append(Case("duckdb, grouping the same rows", programme.code, _duckdb(programme)))
    else:
        print("duckdb is not installed (requirements/bench.lock): left out")
    lines = framework.summed(framework.measure(cases, rounds=rounds))
    found = {line.group: line.p50 for line in lines}
    extra: dict[str, Any] = {
        "times a primary key (goal 10)": round(found["sums, the nation"] / found["primary key"], 1),
    }
    if "duckdb, grouping the same rows" in found:
        times = found["duckdb, grouping the same rows"] / found["sums, the nation"]
        extra["times faster than duckdb (goal 100)"] = round(times, 1)
    framework.report("progress", lines, extra, out)


def _duckdb(programme: Programme) -> Callable[[], int]:
    """The entries of the programme with their place in the tree, in columns in memory; grouped by child and phase."""
    import duckdb

    store = duckdb.connect()
    store.execute("SET threads = 2")
    columns = "e.phase_id, e.is_counted, e.is_filed, u.lft"
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        for name, question in (
            (
                "fact",
                f"SELECT {columns} FROM tallies_entry e JOIN orgs_unit u ON u.id = e.unit_id WHERE e.programme_id = {programme.pk}",
            ),
            ("child", f"SELECT id, lft, rgt FROM orgs_unit WHERE parent_id = {programme.unit_id}"),
        ):
            path = Path(folder) / f"{name}.csv"
            with path.open("wb") as file, cursor.copy(f"COPY ({question}) TO STDOUT (FORMAT csv, HEADER)") as copy:
                for part in copy:
                    file.write(part)
            store.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv_auto('{path}')")

    def group() -> int:
        return len(
            store.execute(
                "SELECT c.id, f.phase_id, count(*) FILTER (f.is_counted), count(*) FILTER (f.is_filed) "
                "FROM child c JOIN fact f ON f.lft BETWEEN c.lft AND c.rgt GROUP BY 1, 2"
            ).fetchall()
        )

    return group
