"""What each unit and all below it add up to in duties done, pledges, gifts, units of a kind: kept, not counted.

A change is posted where it happens, mostly by the database itself beside the row that changed; a worker folds it
into the sums of all units above; a page reads sums and what is not folded yet (`orgs.sums`). As the sums of
initiatives (ADR 15), for what is simply counted by rows.
"""

# ruff: noqa: S608 - statements are composed of our own words only
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from thidua.kernel import clock
from thidua.ledger.models import Act
from thidua.orgs.domain import tree
from thidua.orgs.domain.folding import Sums

# Subject -> what each unit has itself: (key, unit_id, part, amount), several rows for the same are added up.
# `%(day)s` is today. Higher packages say theirs when they start.
_truths = {
    "kind": """SELECT 0 AS key, id AS unit_id, kind_id AS part, 1 AS amount FROM orgs_unit
        WHERE established_on <= %(day)s AND (ended_on IS NULL OR ended_on > %(day)s)""",
}
KIND_ACTS = tuple(f"orgs.unit.{act}" for act in ("establish", "dissolve", "merge", "split", "reclassify", "taken_back"))
_COLUMNS = "subject, key, unit_id, part"
SUMS = Sums("orgs_nodesum", "orgs_nodechange", ("subject", "key", "unit_id", "part"))
fold = SUMS.fold
_WRONG = """
SELECT key, unit_id, part, sum(kept)::bigint AS kept, sum(truth)::bigint AS truth FROM (
    SELECT key, unit_id, part, amount AS kept, 0 AS truth FROM ({own}) o
    UNION ALL SELECT key, unit_id, part, 0, amount FROM ({truth}) t WHERE {which}
) both_sides GROUP BY 1, 2, 3 HAVING sum(kept) <> sum(truth)
"""


def register(subject: str, truth: str) -> None:
    """Say how a subject is counted anew, for checking and mending."""
    _truths[subject] = truth


@transaction.atomic
def correct(subject: str, units: Collection[int] | None = None) -> int:
    """Post what the sums lack or have too much (of these units only); gives how many. Nobody waits."""
    with connection.cursor() as cursor:
        # One at a time, else both would post the same; readers and writers go on.
        cursor.execute("LOCK TABLE orgs_nodesum IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute(
            f"INSERT INTO orgs_nodechange ({_COLUMNS}, amount) SELECT %(subject)s, key, unit_id, part, truth - kept "
            f"FROM ({_wrong(subject, units)}) w",
            _asked(subject, units),
        )
        return cursor.rowcount


def rebuild(told: Callable[[str, int], None] = lambda _subject, _mended: None) -> int:
    """Count every subject anew while everybody goes on; gives how many numbers were mended. Done twice it mends nothing."""
    whole = 0
    for subject in sorted(_truths):
        mended = correct(subject)
        fold()
        told(subject, mended)
        whole += mended
    return whole


def faults() -> list[str]:
    """Every unit whose sums are not what its rows and those of its children say."""
    return [f"{subject} {fault}" for subject, found in faults_by_subject() for fault in found]


def faults_by_subject() -> Iterator[tuple[str, list[str]]]:
    """Each subject as it was at one moment."""
    for subject in sorted(_truths):
        with connection.cursor() as cursor:
            cursor.execute(_wrong(subject, None) + " ORDER BY 1, 2, 3", _asked(subject, None))
            yield (
                subject,
                [
                    f"{key}, unit {unit}, {part}: {kept} kept, {truth} counted"
                    for key, unit, part, kept, truth in cursor.fetchall()
                ],
            )


def _wrong(subject: str, units: Collection[int] | None) -> str:
    which = "{unit} IS NOT NULL" if units is None else "{unit} = ANY(%(units)s)"
    own = SUMS.own("subject = %(subject)s", which)
    return _WRONG.format(own=own, truth=_truths[subject], which=which.format(unit="unit_id"))


def _asked(subject: str, units: Collection[int] | None) -> dict[str, Any]:
    return {"subject": subject, "day": clock.today(), "units": list(units or ())}


def work(acts: Sequence[Act]) -> None:
    """Follow what was founded, ended or became of another kind; some parts name the kind of a unit."""
    correct("kind", {act.subject_id for act in acts})
    if turned := {act.subject_id for act in acts if act.kind in ("orgs.unit.reclassify", "orgs.unit.taken_back")}:
        for subject in sorted(_truths):
            correct(subject, turned)


def unfounded(units: Sequence[int]) -> None:
    """Units that were founded by mistake go, and with them what they counted for in the units above."""
    tree.hold()
    above = tree.parents(units)
    tops = [unit for unit in units if above[unit] and above[unit] not in set(units)]
    SUMS.follow([tree.Shift(unit, tuple(tree.line_up(above[unit], above)), ()) for unit in tops])
