"""A crowd: thousands of rows in every large table, written by the database itself, for tests that read plans.

Not a demonstration: names are numbers and most texts are empty. The tree has one nation, `PROVINCES`
provinces with `SECTORS` unions each, and `UNIONS` grassroots unions below every one of these.
"""

from __future__ import annotations

from django.db import connection

from tests.tables.crowds import dossiers, papers, plans, unions
from tests.tables.crowds.shape import AUTHOR, NATION, PROGRAMME, PROVINCE, SECTOR, UNION
from thidua.orgs.domain import nodesums

__all__ = ["AUTHOR", "NATION", "PROGRAMME", "PROVINCE", "SECTOR", "UNION", "analyse", "fill"]


def fill(rows: int = 30_000) -> None:
    """Everything; `rows` initiatives and as many people."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # references hold by construction
    unions.write_units()
    unions.write_people(rows)
    plans.write_plans()
    plans.write_answers()
    dossiers.write_initiatives(rows)
    dossiers.write_counts(rows)
    papers.write_papers()
    papers.write_files(rows)
    papers.write_councils()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    nodesums.rebuild()
    analyse()


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
