"""Units of a kind beside one another: by employer, by size, by cluster, always per 1,000 members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from thidua.kernel import clock, formats
from thidua.orgs import queries as org_queries
from thidua.orgs.choices import Employer
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure

# Where one size band ends and the next begins, in members: a matter of display.
BANDS = (50, 200, 500, 1000)

# The grassroots unions below a node with their members and their sums (folded and pending).
GROUPS = """
WITH g AS (
    SELECT u.id, u.lft, u.rgt, u.employer, u.members
    FROM orgs_unit u
    JOIN orgs_unitkind k ON k.code = u.kind_id AND k.is_grassroots
    WHERE u.lft >= %(low)s AND u.lft <= %(high)s AND u.established_on <= %(day)s
      AND (u.ended_on IS NULL OR u.ended_on > %(day)s)
), found AS (
    SELECT unit_id AS id, measure, amount FROM tallies_tally
    WHERE programme_id = %(programme)s AND phase_id IS NOT DISTINCT FROM %(phase)s AND bucket = ''
      AND measure IN ('counted', 'people') AND unit_id IN (SELECT id FROM g)
    UNION ALL
    SELECT g.id, d.measure, d.amount FROM tallies_delta d
    JOIN orgs_unit x ON x.id = d.unit_id AND x.lft >= %(low)s AND x.lft <= %(high)s
    JOIN g ON g.lft <= x.lft AND g.rgt >= x.lft
    WHERE d.programme_id = %(programme)s AND d.phase_id IS NOT DISTINCT FROM %(phase)s AND d.bucket = ''
      AND d.measure IN ('counted', 'people')
), summed AS (
    SELECT id, sum(amount) FILTER (WHERE measure = 'counted') AS counted,
           sum(amount) FILTER (WHERE measure = 'people') AS people
    FROM found GROUP BY id
), banded AS (
    SELECT g.employer, width_bucket(g.members, %(bands)s::int[]) AS band, g.members,
           coalesce(s.counted, 0) AS counted, coalesce(s.people, 0) AS people
    FROM g LEFT JOIN summed s USING (id)
)
SELECT employer, band, count(*), count(*) FILTER (WHERE counted > 0), sum(members), sum(counted), sum(people)
FROM banded GROUP BY GROUPING SETS ((employer), (band)) ORDER BY employer, band
"""


@dataclass(frozen=True)
class Group:
    """Units that may fairly be set beside another group."""

    name: str
    units: int
    active: int  # units with something counted
    members: int
    counted: int
    people: int

    @property
    def per_thousand(self) -> Decimal | None:
        return (Decimal(self.counted) * 1000 / self.members).quantize(Decimal("0.1")) if self.members else None

    @property
    def participation(self) -> Decimal | None:
        return (Decimal(self.people) * 100 / self.members).quantize(Decimal("0.1")) if self.members else None


def compare(programme: Programme, unit: Unit, phase: Phase | None) -> list[tuple[str, list[Group]]]:
    """(title, groups) by employer, by size and, where there are any, by cluster. A fixed number of queries."""
    wanted = {
        "programme": programme.pk,
        "phase": phase.pk if phase else None,
        "low": unit.lft,
        "high": unit.rgt,
        "day": clock.today(),
        "bands": list(BANDS),
    }
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, wanted)
        rows = cursor.fetchall()
    by_employer = [Group(_employer(row[0]), *map(int, row[2:])) for row in rows if row[0] is not None]
    by_size = [Group(_band(row[1]), *map(int, row[2:])) for row in rows if row[1] is not None]
    found = [(_("Theo loại hình đơn vị"), by_employer), (_("Theo quy mô"), by_size)]
    clusters = by_cluster(programme, unit, phase)
    return [(title, groups) for title, groups in (*found, (_("Theo cụm, khối thi đua"), clusters)) if groups]


def by_cluster(programme: Programme, owner: Unit, phase: Phase | None) -> list[Group]:
    """The clusters a unit has set up this year, each the sum of its members."""
    seats: dict[str, list[Unit]] = defaultdict(list)
    for seat in org_queries.seats_in(owner, clock.today().year):
        seats[seat.cluster.name].append(seat.unit)
    units = [unit for members in seats.values() for unit in members]
    if not units:
        return []
    measures = (Measure.COUNTED, Measure.PEOPLE)
    figures = tally_queries.figures(programme, units, measures=measures, buckets=[""])
    key = phase.pk if phase else None

    def total(members: Iterable[Unit], measure: Measure) -> int:
        return sum(figures[u.pk, key, str(measure), ""] for u in members)

    return [
        Group(
            name,
            len(members),
            sum(1 for u in members if figures[u.pk, key, str(Measure.COUNTED), ""]),
            sum(u.members for u in members),
            total(members, Measure.COUNTED),
            total(members, Measure.PEOPLE),
        )
        for name, members in sorted(seats.items())
    ]


def _employer(code: str) -> str:
    return str(Employer(code).label) if code in Employer.values else code


def _band(place: int) -> str:
    if place == 0:
        return _("Dưới %(n)s đoàn viên") % {"n": formats.number(BANDS[0])}
    if place == len(BANDS):
        return _("Từ %(n)s đoàn viên") % {"n": formats.number(BANDS[-1])}
    low, high = formats.number(BANDS[place - 1]), formats.number(BANDS[place] - 1)
    return _("%(low)s – %(high)s đoàn viên") % {"low": low, "high": high}
