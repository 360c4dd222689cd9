"""Initiatives, what was decided about them, and what they add up to."""

from __future__ import annotations

from collections import defaultdict

from pyroaring import BitMap

from tests.tables.crowds.shape import (
    EVERY_INITIATIVE,
    EVERY_UNION,
    EVERY_UNIT,
    FIRST,
    NATION,
    PROGRAMME,
    ROOM,
    UNION,
    UNITS,
    write,
)
from thidua.initiatives import models as initiatives
from thidua.search import models as search
from thidua.search.domain import postings
from thidua.tallies import models as tallies


def write_initiatives(rows: int) -> None:
    state = """(ARRAY['recognised','recognised','recognised','recognised','recognised','recognised','recognised',
        'recognised','recognised','recognised','recognised','recognised','submitted','received','returned','refused',
        'passed_up','draft','recognised','recognised'])[1 + (p.n * 7 / 3) % 20]"""
    source = f"""(SELECT p.n, u.id AS unit, u.parent_id AS above, {state} AS state,
            DATE '2019-06-01' + ((p.n - {FIRST}) * 1080 / {rows})::int AS day
        FROM (SELECT id AS n, unit_id FROM people_person WHERE id >= {FIRST}) p JOIN orgs_unit u ON u.id = p.unit_id) s"""
    write(
        initiatives.Initiative,
        source,
        code="'SK-' || n",
        unit_id="unit",
        handler_id="unit",
        decider_id="CASE state WHEN 'passed_up' THEN above END",
        entered_by_id="NULL",
        channel="(ARRAY['own','entered','open'])[1 + n % 3]",
        state="state",
        title="'Sáng kiến số ' || n",
        kind="(ARRAY['technical','managerial','operational'])[1 + n % 3]",
        field="'An toàn'",
        disclosure="CASE n % 3 WHEN 0 THEN 'public' ELSE 'internal' END",
        created_at="now()",
        changed_at="now()",
        filed_on="CASE state WHEN 'draft' THEN NULL ELSE day END",
        received_on="day",
        concluded_on="day",
        due_on="CASE WHEN state IN ('submitted', 'received', 'passed_up') THEN day + 30 END",
    )
    write(
        initiatives.Authorship,
        EVERY_INITIATIVE,
        initiative_id="n",
        person_id="n",
        name="code",
        share="100",
        confirmed_at="now()",
    )
    write(
        initiatives.Recognition,
        f"{EVERY_INITIATIVE} WHERE state = 'recognised'",
        initiative_id="n",
        unit_id="unit_id",
        decision_number="'1'",
        decided_on="filed_on",
        decided_by="'A'",
        recorded_by_id="n",
    )
    write(
        initiatives.ScopeProposal,
        f"{EVERY_INITIATIVE} WHERE state = 'recognised'",
        initiative_id="n",
        unit_id="unit_id",
        scope="'ministry'",
        state="'proposed'",
        grounds="'vì'",
        proposed_by_id="n",
        proposed_on="filed_on",
    )
    write(
        initiatives.Adoption,
        f"{EVERY_INITIATIVE} WHERE state = 'recognised'",
        initiative_id="n",
        unit_id=f"{UNION}",
        registered_by_id="n",
        registered_on="filed_on",
    )
    write(
        search.Document,
        f"{EVERY_INITIATIVE} JOIN orgs_unit u ON u.id = unit_id JOIN orgs_unit s ON s.id = u.parent_id WHERE filed_on IS NOT NULL",
        initiative_id="n",
        slot="n",
        words="0",
        places=f"""array_remove(ARRAY['v:1', 'u:' || unit_id, 'o:' || unit_id, 'u:' || s.id, 'u:' || s.parent_id,
            'u:{NATION}', 'k:' || i.kind, 'f:an_toan', 'r:grassroots', 'y:' || extract(year from filed_on),
            CASE WHEN disclosure = 'public' THEN 'p:1' END], NULL)""",
    )
    write_postings()


def write_postings() -> None:
    """Every record has the same words; the rest is in the documents."""
    slots: defaultdict[str, BitMap] = defaultdict(BitMap)
    for slot, places in search.Document.objects.values_list("slot", "places"):
        for term in (*places, "w:sang", "w:kien", "w:sang_kien", "t:sang_kien"):
            slots[term].add(slot)
    search.Posting.objects.bulk_create(
        search.Posting(term=term, first=first, slots=row.serialize())
        for term, whole in slots.items()
        for first, row in postings.split(0, whole)
    )


def write_counts(rows: int) -> None:
    for offset, measure in enumerate(("filed", "recognised", "counted")):
        for more, phase in ((0, "NULL"), (rows * 10, str(PROGRAMME))):
            write(
                tallies.Tally,
                EVERY_UNIT,
                id=f"n + {offset * UNITS + more}",
                programme_id=str(PROGRAMME),
                phase_id=phase,
                unit_id="n",
                measure=f"'{measure}'",
                amount=f"(rgt - lft + 1) / {ROOM}",
            )
    write(
        tallies.Entry,
        f"{EVERY_INITIATIVE} WHERE filed_on IS NOT NULL",
        initiative_id="n",
        programme_id=str(PROGRAMME),
        unit_id="unit_id",
        phase_id=str(PROGRAMME),
        is_counted="n % 2 = 0",
        is_filed="true",
        is_recognised="state = 'recognised'",
        reasons="CASE n % 2 WHEN 0 THEN '{}'::varchar[] ELSE '{not_recognised}'::varchar[] END",
        kind="kind",
        grassroots_id="unit_id",
        filed_on="filed_on",
        evaluated_at="now()",
    )
    write(
        tallies.Declaration,
        EVERY_UNION,
        programme_id=str(PROGRAMME),
        indicator_id="(SELECT max(code) FROM programmes_indicator)",
        key="'k'",
        unit_id="n",
        on="DATE '2022-03-01'",
        value="3",
        content="'đã làm'",
        declared_by_id="n",
        declared_at="now()",
        booked="0",
    )
