"""Plans, who does what of them, and what units answer: targets, reports, questions."""

from __future__ import annotations

from tests.tables.crowds.shape import EVERY_UNIT, FIRST, MIXED_UNIT, NATION, PROGRAMME, numbers, write
from thidua.programmes import models as programmes
from thidua.reports import models as reports
from thidua.targets import models as targets


def write_plans() -> None:
    write(
        programmes.Plan,
        EVERY_UNIT,
        code="'KH-' || n",
        unit_id="n",
        state="CASE n % 5 WHEN 3 THEN 'draft' WHEN 4 THEN 'closed' ELSE 'running' END",
        title="'Kế hoạch số ' || n",
        year="2019 + n % 4",
        implements_id="NULL",
        written_by_id="n",
        created_at="now()",
        issued_at="CASE n % 5 WHEN 3 THEN NULL ELSE now() END",
        issued_on="CASE n % 5 WHEN 3 THEN NULL ELSE DATE '2022-01-01' END",
    )
    write(
        programmes.Programme,
        f"{EVERY_UNIT} WHERE depth < 3",
        code="'CT-' || n",
        plan_id="n",
        unit_id="n",
        kind="'innovation'",
        is_open="true",
        counts_initiatives="depth = 0",
        name="'Chương trình ' || n",
        short_name="'CT ' || n",
        starts_on="DATE '2022-01-01'",
        ends_on="DATE '2022-12-31'",
        implements_id=f"CASE depth WHEN 0 THEN NULL ELSE {PROGRAMME} END",
    )
    write(
        programmes.Phase,
        f"{EVERY_UNIT} WHERE depth < 3",
        programme_id="n",
        position="1",
        name="'Giai đoạn 1'",
        starts_on="DATE '2022-01-01'",
        ends_on="DATE '2022-12-31'",
    )
    write(
        programmes.Delivery,
        f"{EVERY_UNIT} WHERE depth IN (1, 2)",
        plan_id=str(NATION),
        unit_id="n",
        sent_at="now()",
    )
    write(
        programmes.Recipient,
        f"{EVERY_UNIT} WHERE depth IN (1, 2)",
        plan_id=str(NATION),
        unit_id="n",
        text="name",
        position="n % 30000",
    )
    write(
        programmes.Duty,
        numbers(3),
        plan_id=str(NATION),
        who="'Các cấp'",
        text="'Việc ' || n",
        position=f"n - {FIRST}",
    )
    write(
        programmes.Assignment,
        EVERY_UNIT,
        duty_id=str(FIRST),
        unit_id="n",
        title="'Việc'",
        opens_on="DATE '2022-01-01'",
        due_on="DATE '2022-04-01' + (n % 90)::int",
        state="(ARRAY['open','done','confirmed'])[1 + n % 3]",
        done_on="DATE '2022-04-01'",
        note="'xong'",
    )
    write(
        programmes.Support,
        MIXED_UNIT,
        plan_id=str(NATION),
        unit_id="u.id",
        party="'union'",
        giver="'Công đoàn'",
        text="'Máy'",
        value="1000000",
        given_on="DATE '2022-03-01'",
        recorded_by_id="n",
    )
    write(
        programmes.Registration,
        EVERY_UNIT,
        programme_id=str(PROGRAMME),
        unit_id="n",
        pledge="'Thi đua'",
        registered_on="DATE '2022-03-01'",
        registered_by_id="n",
    )


def write_answers() -> None:
    write(
        targets.Target,
        EVERY_UNIT,
        programme_id=str(PROGRAMME),
        unit_id="n",
        indicator_id="(SELECT min(code) FROM programmes_indicator WHERE measure = 'counted')",
        state="'accepted'",
        given_by_id="coalesce(parent_id, n)",
        value="3",
        year="2022",
    )
    write(
        reports.ReportRequest,
        f"{EVERY_UNIT} WHERE depth < 3",
        code="'YC-' || n",
        unit_id="n",
        programme_id="n",
        title="'Báo cáo ' || n",
        due_on="DATE '2022-06-01'",
        asked_by_id="n",
        created_at="now()",
    )
    write(
        reports.Report,
        EVERY_UNIT,
        code="'BC-' || n",
        request_id="coalesce(parent_id, n)",
        unit_id="n",
        state="(ARRAY['draft','submitted','submitted','returned'])[1 + n % 4]",
        written_by_id="n",
        created_at="now()",
        refreshed_at="now()",
        submitted_at="now()",
        digest="'x'",
    )
    write(
        reports.Difficulty,
        MIXED_UNIT,
        code="'KK-' || n",
        unit_id="u.id",
        addressee_id="coalesce(parent_id, u.id)",
        question="'Hỏi'",
        asked_by_id="n",
        asked_at="now()",
        due_on="DATE '2022-06-01'",
    )
