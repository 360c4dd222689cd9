"""What a page asks of the database, and what each of its questions really touches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext


@dataclass
class Question:
    """One query with the rows its scans read, and the largest table read from end to end."""

    sql: str
    touched: int = 0
    sorted_rows: int = 0
    read_whole: list[str] = field(default_factory=list)
    plan: str = ""


def asked_by(client: Client, url: str) -> tuple[int, list[str]]:
    """(status, every SELECT the page sent)."""
    with CaptureQueriesContext(connection) as captured:
        status = client.get(url).status_code
    found = [q["sql"] for q in captured.captured_queries]
    return status, [sql for sql in found if sql.lstrip().upper().startswith(("SELECT", "WITH", "(SELECT"))]


def explain(sql: str, large: set[str], most: int) -> Question:
    """As the planner does it here; or, where that reads more than `most` rows, as the indexes would let it.

    A crowd of some ten thousand rows is small enough for a hash of all of it to look cheap; what counts is
    whether there is a way that stays short when there are millions.
    """
    first = _explained(sql, large, ["jit"])
    if max(first.touched, first.sorted_rows) <= most and not first.read_whole:
        return first
    second = _explained(sql, large, ["jit", "enable_seqscan", "enable_hashjoin", "enable_mergejoin"])
    return min(first, second, key=lambda q: (len(q.read_whole), max(q.touched, q.sorted_rows)))


def _explained(sql: str, large: set[str], without: list[str]) -> Question:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 1.1")  # as config/machine.py sets it
        cursor.execute("; ".join(f"SET LOCAL {name} = off" for name in without))
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) " + sql)
        (answer,) = cursor.fetchone()
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in [*without, "random_page_cost"]))
    tree = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    question = Question(sql, plan=json.dumps(tree, indent=1))
    for node in _nodes(tree):
        loops, kind = node.get("Actual Loops", 1), node["Node Type"]
        if (kind.endswith("Scan") and "Relation Name" in node) or kind == "Bitmap Index Scan":
            removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            # Passed in an index without its row: one page holds a hundred.
            removed = removed / 10 if kind == "Index Only Scan" else removed
            question.touched = max(question.touched, int((node.get("Actual Rows", 0) + removed) * loops))
        if kind == "Seq Scan" and node.get("Relation Name") in large:
            question.read_whole.append(node["Relation Name"])
        if kind == "Sort":
            rows = sum(int(below.get("Actual Rows", 0) * below.get("Actual Loops", 1)) for below in node["Plans"])
            question.sorted_rows = max(question.sorted_rows, rows)
    return question


def _nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for below in tree.get("Plans", []):
        yield from _nodes(below)


def large_tables(rows: int) -> set[str]:
    """Tables with so many rows that reading one from end to end is a fault."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [rows])
        return {name for (name,) in cursor.fetchall()}
