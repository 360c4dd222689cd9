"""Papers, awards and certificates, uploaded files, orders of change, councils."""

from __future__ import annotations

from tests.tables.crowds.shape import (
    EVERY_UNION,
    EVERY_UNIT,
    FIRST,
    MIXED_UNIT,
    PROGRAMME,
    UNION,
    numbers,
    scattered,
    write,
)
from thidua.awards import models as awards
from thidua.documents import models as documents
from thidua.exchange import models as exchange
from thidua.reorganisations import models as reorganisations
from thidua.review import models as review


def write_papers() -> None:
    write(
        documents.Paper,
        MIXED_UNIT,
        unit_id="u.id",
        kind="'plan'",
        number="n - 999000",
        symbol="n || '/KH'",
        issued_on="DATE '2022-01-01'",
        title="'Giấy ' || n",
        created_at="now()",
    )
    write(
        awards.Nomination,
        EVERY_UNIT,
        code="'DN-' || n",
        unit_id="n",
        decider_id="coalesce(parent_id, n)",
        programme_id=str(PROGRAMME),
        award_form="'bang-khen'",
        state="(ARRAY['draft','submitted','returned'])[1 + n % 3]",
        summary="'x'",
        written_by_id="n",
        created_at="now()",
        submitted_on="DATE '2022-03-01'",
    )
    write(
        awards.Certificate,
        MIXED_UNIT,
        code="'GCN-' || n",
        kind="'award'",
        unit_id="u.id",
        holder="'A'",
        person_id="n",
        title="'Bằng khen'",
        citation="'Vì'",
        register_number="n",
        decision_number="'1'",
        decided_on="DATE '2022-03-01'",
        signer="'B'",
        issued_at="now()",
    )


def write_files(rows: int) -> None:
    write(
        exchange.Upload,
        numbers(rows // 4),
        code="gen_random_uuid()",
        importer="'people'",
        state="'applied'",
        unit_id=scattered("n"),
        given_by_id="n",
        given_at="now()",
        name="'a.xlsx'",
        digest="'x'",
        beat_at="now()",
    )
    write(
        exchange.UploadedLine,
        numbers(rows // 2),
        upload_id=str(FIRST),
        number=f"n - {FIRST}",
        level="2",
        cells="'[]'",
    )
    write(
        reorganisations.Order,
        numbers(rows // 4),
        code="'SX-' || n",
        unit_id=scattered("n"),
        title="'Sắp xếp'",
        effective_on="DATE '2022-01-01'",
        drawn_by_id="n",
        created_at="now()",
    )


def write_councils() -> None:
    write(
        review.Council,
        f"{EVERY_UNIT} WHERE depth = 3",
        code="'HD-' || n",
        unit_id="n",
        name="'Hội đồng ' || n",
        ruleset="'majority'",
        decision_number="'1'",
        decided_on="DATE '2022-01-01'",
        term_from="DATE '2022-01-01'",
        term_to="DATE '2022-12-31'",
    )
    write(review.Seat, EVERY_UNION, id="n", council_id="n", person_id="n", role="'chair'")
    write(
        review.Session,
        EVERY_UNION,
        code="'PH-' || n",
        council_id=str(UNION),
        held_on="DATE '2022-01-01'",
        called_by_id="n",
    )
    write(
        review.Case,
        EVERY_UNION,
        session_id=str(UNION),
        position=f"n - {FIRST}",
        subject_type="'initiatives.initiative'",
        subject_id="n",
        subject_code="'SK-' || n",
        title="'Sáng kiến'",
        unit_id="n",
        outcome="CASE n % 50 WHEN 0 THEN 'pending' ELSE 'passed' END",
    )
