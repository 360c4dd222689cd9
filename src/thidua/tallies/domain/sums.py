"""Fold pending deltas into the sums of every ancestor; rebuild and verify the sums."""

from __future__ import annotations

from collections import Counter

from django.db import connection, transaction
from django.db.models import F, Sum

from thidua.kernel import clock
from thidua.orgs.domain import tree
from thidua.orgs.models import Unit
from thidua.programmes.models import Programme
from thidua.tallies.choices import Measure
from thidua.tallies.domain import bookings
from thidua.tallies.domain.bookings import Place
from thidua.tallies.models import Daily, Declaration, Delta, Effort, Entry, Participation, Tally

# Rows are claimed with SKIP LOCKED: two folders never take the same delta, and a late commit
# is simply folded the next time. Ancestors are written in id order, so folders do not deadlock.
FOLD = """
WITH claimed AS (
    DELETE FROM tallies_delta WHERE id IN (
        SELECT id FROM tallies_delta {where} ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING programme_id, phase_id, unit_id, measure, bucket, amount, day
), remembered AS (
    INSERT INTO tallies_daily (programme_id, day, unit_id, phase_id, measure, bucket, amount)
    SELECT programme_id, day, unit_id, phase_id, measure, bucket, sum(amount) FROM claimed
    WHERE bucket NOT LIKE 'week:%%'
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (programme_id, day, unit_id, phase_id, measure, bucket)
    DO UPDATE SET amount = tallies_daily.amount + EXCLUDED.amount
    RETURNING 1
), summed AS (
    SELECT c.programme_id, c.phase_id, above.id AS unit_id, c.measure, c.bucket, sum(c.amount) AS amount
    FROM claimed c
    JOIN orgs_unit leaf ON leaf.id = c.unit_id
    JOIN orgs_unit above ON above.lft <= leaf.lft AND above.rgt >= leaf.lft
    GROUP BY 1, 2, 3, 4, 5
), written AS (
    INSERT INTO tallies_tally (programme_id, phase_id, unit_id, measure, bucket, amount)
    SELECT programme_id, phase_id, unit_id, measure, bucket, amount FROM summed
    ORDER BY programme_id, unit_id, phase_id, measure, bucket
    ON CONFLICT (programme_id, unit_id, phase_id, measure, bucket)
    DO UPDATE SET amount = tallies_tally.amount + EXCLUDED.amount
    RETURNING 1
)
SELECT count(*) FROM claimed
"""


def fold(batch: int = 5000) -> int:
    """Fold all pending deltas; gives how many rows. A read is exact before and after."""
    folded = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            # A unit that moves between our reading of the tree and our writing would be missed.
            tree.hold_still()
            cursor.execute(FOLD.format(where=""), {"batch": batch})
            (rows,) = cursor.fetchone()
        folded += rows
        if rows < batch:
            return folded


def _leaves(programme: Programme) -> Counter[Place]:
    """The slow truth at each unit itself, from entries, people, units and reported results."""
    leaves: Counter[Place] = Counter()
    for entry in Entry.objects.filter(programme=programme).iterator(2000):
        leaves.update(bookings.spread(bookings.of_entry(entry)))
    for row in Participation.objects.filter(programme=programme, entries__gt=0).iterator(2000):
        leaves[row.phase_id, row.unit_id, Measure.PEOPLE, ""] += 1
        leaves[row.phase_id, row.unit_id, Measure.DIRECT_PEOPLE, ""] += row.is_direct_worker
        leaves[row.phase_id, row.unit_id, Measure.WOMEN, ""] += row.is_woman
    for effort in Effort.objects.filter(programme=programme).iterator(2000):
        for bucket, amount in bookings.of_effort(effort.filed, effort.counted).items():
            leaves[effort.phase_id, effort.unit_id, Measure.UNITS, bucket] += amount
    for item in Declaration.objects.filter(programme=programme).iterator(2000):
        leaves.update(bookings.of_declaration(item))
    return leaves


def _raised(leaves: Counter[Place]) -> Counter[Place]:
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    sums: Counter[Place] = Counter()
    for (phase_id, unit_id, measure, bucket), amount in leaves.items():
        node: int | None = unit_id
        while node is not None:
            sums[phase_id, node, measure, bucket] += amount
            node = parents.get(node)
    return +sums


@transaction.atomic
def rebuild(programme: Programme) -> None:
    """Write the sums of a programme anew from its entries (after a reorganisation or a fault)."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tallies_delta IN SHARE ROW EXCLUSIVE MODE")
    leaves = _leaves(programme)
    sums = _raised(leaves)
    Delta.objects.filter(programme=programme).delete()
    Tally.objects.filter(programme=programme).delete()
    Tally.objects.bulk_create(
        [
            Tally(programme=programme, phase_id=p, unit_id=u, measure=m, bucket=b, amount=amount)
            for (p, u, m, b), amount in sums.items()
        ],
        batch_size=2000,
    )
    _correct_days(programme, leaves)


def _correct_days(programme: Programme, leaves: Counter[Place]) -> None:
    """What the days do not add up to is booked on today: past days are not rewritten."""
    today, missing = clock.today(), _kept_days(programme)
    for place in leaves.keys() | missing.keys():
        missing[place] = leaves[place] - missing[place]
    for (phase_id, unit_id, measure, bucket), amount in missing.items():
        if amount and not bucket.startswith("week:"):
            row, _made = Daily.objects.get_or_create(
                programme=programme,
                day=today,
                unit_id=unit_id,
                phase_id=phase_id,  # type: ignore[misc]
                measure=measure,
                bucket=bucket,
            )
            Daily.objects.filter(pk=row.pk).update(amount=F("amount") + amount)


def _kept_days(programme: Programme) -> Counter[Place]:
    rows = Daily.objects.filter(programme=programme).values_list("phase_id", "unit_id", "measure", "bucket")
    kept: Counter[Place] = Counter()
    for *place, amount in rows.annotate(total=Sum("amount")).order_by():
        kept[tuple(place)] = amount  # type: ignore[index]
    return kept


def faults(programme: Programme) -> list[str]:
    """Where sums + pending differ from a recount; empty when every number adds up."""
    fold()
    kept: Counter[Place] = Counter()
    for tally in Tally.objects.filter(programme=programme).exclude(amount=0):
        kept[tally.phase_id, tally.unit_id, tally.measure, tally.bucket] = tally.amount
    leaves = _leaves(programme)
    days = {place: amount for place, amount in _kept_days(programme).items() if amount}
    own = {place: amount for place, amount in leaves.items() if amount and not place[3].startswith("week:")}
    return [*_differences(kept, _raised(leaves), "kept"), *_differences(Counter(days), Counter(own), "by days")]


def _differences(kept: Counter[Place], truth: Counter[Place], what: str) -> list[str]:
    return [
        f"unit {u}, phase {p}, {m} {b}: {kept[p, u, m, b]} {what}, {truth[p, u, m, b]} counted"
        for p, u, m, b in sorted(kept.keys() | truth.keys(), key=str)
        if kept[p, u, m, b] != truth[p, u, m, b]
    ]
