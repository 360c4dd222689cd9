"""A crowd: thousands of rows in every large table, written by the database itself, for tests that read plans.

Not a demonstration: names are numbers and most texts are empty. The tree has one nation, `PROVINCES`
provinces with `SECTORS` unions each, and `UNIONS` grassroots unions below every one of these.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

from tests.cast import KINDS
from thidua.awards import models as awards
from thidua.documents import models as documents
from thidua.exchange import models as exchange
from thidua.initiatives import models as initiatives
from thidua.ledger import models as ledger
from thidua.notify import models as notify
from thidua.orgs import models as orgs
from thidua.people import models as people
from thidua.programmes import models as programmes
from thidua.reorganisations import models as reorganisations
from thidua.reports import models as reports
from thidua.review import models as review
from thidua.search import models as search
from thidua.tallies import models as tallies
from thidua.targets import models as targets

PROVINCES, SECTORS, UNIONS = 34, 5, 30
OF_SECTOR = 1 + UNIONS  # units in one sector, itself among them
OF_PROVINCE = 1 + SECTORS * OF_SECTOR
UNITS = 1 + PROVINCES * OF_PROVINCE
FIRST = 1_000_000  # ids of the crowd begin here
NATION = FIRST
PROVINCE = FIRST + 1 + 4 * OF_PROVINCE
SECTOR = PROVINCE + 1 + 2 * OF_SECTOR
UNION = SECTOR + 7
PROGRAMME = FIRST
# Who is on the roster of UNION and has written an initiative there (numbers are mixed, see MIXED_UNIT).
AUTHOR = FIRST + (UNION - FIRST) * pow(7919, -1, UNITS) % UNITS
EVERY_UNIT = f"(SELECT *, id AS n FROM orgs_unit WHERE id >= {FIRST}) u"
EVERY_UNION = f"(SELECT *, id AS n FROM orgs_unit WHERE id >= {FIRST} AND depth = 3) u"
# Numbers as they come in life: neighbours in a list are no neighbours in the tree.
MIXED_UNIT = f"(SELECT *, {FIRST} + ((id - {FIRST}) * 7919) % {UNITS} AS n FROM orgs_unit WHERE id >= {FIRST}) u"


def write(model: type[Model], source: str, **given: str) -> None:
    """INSERT … SELECT: what is not given has the default of its field, or is empty."""
    names, values, constants = [], [], []
    for field in model._meta.concrete_fields:
        column = field.column
        names.append(f'"{column}"')
        if column in given or field.name in given:
            values.append(given.get(column, given.get(field.name, "")).replace("%", "%%"))
            continue
        default = field.get_default()
        values.append("%s")
        constants.append(field.get_db_prep_save("" if default is None and not field.null else default, connection))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source.replace('%', '%%')}",
            constants,
        )


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _numbers(how_many: int) -> str:
    return f"generate_series({FIRST}, {FIRST + how_many - 1}) AS s(n)"


def fill(rows: int = 30_000) -> None:
    """Everything; `rows` initiatives and as many people."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # references hold by construction
    _units()
    _people(rows)
    _programmes()
    _initiatives(rows)
    _counts(rows)
    _papers(rows)
    _meetings()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    analyse()


def _units() -> None:
    for code, name, name_en, rank, is_grassroots in KINDS:
        given = {"name": name, "name_en": name_en, "rank": rank, "is_grassroots": is_grassroots}
        orgs.UnitKind.objects.get_or_create(code=code, defaults=given)
    inside = f"((n - {FIRST} - 1) % {OF_PROVINCE})"
    within = f"(({inside} - 1) % {OF_SECTOR})"
    shape = f"""(SELECT n, CASE WHEN n = {FIRST} THEN 0 WHEN {inside} = 0 THEN 1 WHEN {within} = 0 THEN 2 ELSE 3 END AS depth,
        {inside} AS inside, {within} AS within FROM {_numbers(UNITS)}) s"""
    write(
        orgs.Unit,
        shape,
        id="n",
        code="'U' || n",
        name="'Công đoàn số ' || n",
        short_name="'CĐ ' || n",
        sort_key="'cong doan so ' || n",
        search="'cong doan so ' || n || ' cd u' || n",
        kind_id="(ARRAY['confederation','provincial','sectoral','grassroots'])[depth + 1]",
        parent_id=f"CASE depth WHEN 0 THEN NULL WHEN 1 THEN {FIRST} WHEN 2 THEN n - inside ELSE n - within END",
        lft="n",
        rgt=f"n + (ARRAY[{UNITS}, {OF_PROVINCE}, {OF_SECTOR}, 1])[depth + 1] - 1",
        depth="depth",
        established_on="DATE '2000-01-01'",
    )
    write(orgs.UnitName, EVERY_UNIT, id="n", unit_id="n", name="name", valid="daterange('2000-01-01', NULL)")
    write(
        orgs.Affiliation,
        f"{EVERY_UNIT} WHERE parent_id IS NOT NULL",
        id="n",
        unit_id="n",
        parent_id="parent_id",
        valid="daterange('2000-01-01', NULL)",
    )
    write(orgs.Headcount, EVERY_UNION, id="n", unit_id="n", on="DATE '2021-01-01'", members="100 + n % 400")
    write(orgs.UnitEvent, MIXED_UNIT, id="n", unit_id="u.id", kind="'founded'", effective_on="established_on")


def _people(rows: int) -> None:
    union = f"{FIRST} + ((n - {FIRST}) * 7919) % {UNITS}"
    write(
        people.Person,
        f"(SELECT n, (SELECT min(id) FROM orgs_unit WHERE id >= {union} AND depth = 3) AS unit FROM {_numbers(rows)}) s",
        id="n",
        code="'P' || n",
        full_name="'Nguyễn Văn ' || n",
        sort_key="'nguyen van ' || n",
        search="'nguyen van ' || n || ' p' || n",
        name_key="'nguyen van ' || n % 5000",
        unit_id="unit",
        birth_year="1970 + n % 30",
        phone="'09' || lpad((n % 100000000)::text, 8, '0')",
    )
    everybody = f"(SELECT *, id AS n FROM people_person WHERE id >= {FIRST}) p"
    write(people.Membership, everybody, id="n", person_id="n", unit_id="unit_id", valid="daterange('2020-01-01', NULL)")
    write(
        people.Post,
        EVERY_UNIT,
        id="n",
        person_id="n",
        unit_id="n",
        role="CASE depth WHEN 3 THEN 'grassroots_officer' ELSE 'upper_officer' END",
        valid="daterange('2020-01-01', NULL)",
    )
    write(
        notify.Notice,
        everybody,
        id="n",
        person_id=str(FIRST),
        kind="'plain'",
        headline="'Tin ' || n",
        created_at="now()",
    )
    write(
        ledger.Act,
        everybody,
        id="n",
        at="now()",
        kind="'initiatives.initiative.received'",
        actor_id="n",
        actor_name="full_name",
        subject_type="'initiatives.initiative'",
        subject_id="n",
        subject_label="code",
        unit_id="unit_id",
        digest="'\\x00'::bytea",
    )


def _programmes() -> None:
    write(
        programmes.Plan,
        EVERY_UNIT,
        id="n",
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
        id="n",
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
        id="n",
        programme_id="n",
        position="1",
        name="'Giai đoạn 1'",
        starts_on="DATE '2022-01-01'",
        ends_on="DATE '2022-12-31'",
    )
    write(
        programmes.Delivery,
        f"{EVERY_UNIT} WHERE depth IN (1, 2)",
        id="n",
        plan_id=str(NATION),
        unit_id="n",
        sent_at="now()",
    )
    write(
        programmes.Recipient,
        f"{EVERY_UNIT} WHERE depth IN (1, 2)",
        id="n",
        plan_id=str(NATION),
        unit_id="n",
        text="name",
        position="n % 30000",
    )
    write(
        programmes.Duty,
        _numbers(3),
        id="n",
        plan_id=str(NATION),
        who="'Các cấp'",
        text="'Việc ' || n",
        position=f"n - {FIRST}",
    )
    write(
        programmes.Assignment,
        EVERY_UNIT,
        id="n",
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
        id="n",
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
        id="n",
        programme_id=str(PROGRAMME),
        unit_id="n",
        pledge="'Thi đua'",
        registered_on="DATE '2022-03-01'",
        registered_by_id="n",
    )
    write(
        targets.Target,
        EVERY_UNIT,
        id="n",
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
        id="n",
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
        id="n",
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
        id="n",
        code="'KK-' || n",
        unit_id="u.id",
        addressee_id="coalesce(parent_id, u.id)",
        question="'Hỏi'",
        asked_by_id="n",
        asked_at="now()",
        due_on="DATE '2022-06-01'",
    )


def _initiatives(rows: int) -> None:
    state = """(ARRAY['recognised','recognised','recognised','recognised','recognised','recognised','recognised',
        'recognised','recognised','recognised','recognised','recognised','submitted','received','returned','refused',
        'passed_up','draft','recognised','recognised'])[1 + (p.n * 7 / 3) % 20]"""
    source = f"""(SELECT p.n, u.id AS unit, u.parent_id AS above, {state} AS state,
            DATE '2019-06-01' + ((p.n - {FIRST}) * 1080 / {rows})::int AS day
        FROM (SELECT id AS n, unit_id FROM people_person WHERE id >= {FIRST}) p JOIN orgs_unit u ON u.id = p.unit_id) s"""
    write(
        initiatives.Initiative,
        source,
        id="n",
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
    everything = f"(SELECT *, id AS n FROM initiatives_initiative WHERE id >= {FIRST}) i"
    write(
        initiatives.Authorship,
        everything,
        id="n",
        initiative_id="n",
        person_id="n",
        name="code",
        share="100",
        confirmed_at="now()",
    )
    write(
        initiatives.Recognition,
        f"{everything} WHERE state = 'recognised'",
        id="n",
        initiative_id="n",
        unit_id="unit_id",
        decision_number="'1'",
        decided_on="filed_on",
        decided_by="'A'",
        recorded_by_id="n",
    )
    write(
        initiatives.ScopeProposal,
        f"{everything} WHERE state = 'recognised'",
        id="n",
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
        f"{everything} WHERE state = 'recognised'",
        id="n",
        initiative_id="n",
        unit_id=f"{UNION}",
        registered_by_id="n",
        registered_on="filed_on",
    )
    write(
        search.Document,
        f"{everything} JOIN orgs_unit u ON u.id = unit_id JOIN orgs_unit s ON s.id = u.parent_id WHERE filed_on IS NOT NULL",
        initiative_id="n",
        terms=f"""array_to_tsvector(ARRAY['w:sang', 'w:kien', 'w:sang_kien', 't:sang_kien', 'v:1', 'u:' || unit_id,
            'u:' || s.id, 'u:' || s.parent_id, 'u:{NATION}', 'z:' || (n >> 12), 'Z:' || (n >> 16),
            'y:' || extract(year from filed_on)])""",
        public_terms="""CASE WHEN disclosure = 'public' THEN array_to_tsvector(ARRAY['w:sang', 'w:sang_kien', 'v:1',
            'z:' || (n >> 12), 'Z:' || (n >> 16)]) END""",
        filed_on="filed_on",
        kind="i.kind",
        field="field",
        scope="'grassroots'",
    )


def _counts(rows: int) -> None:
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
                amount="rgt - lft + 1",
            )
    write(
        tallies.Entry,
        f"(SELECT *, id AS n FROM initiatives_initiative WHERE id >= {FIRST} AND filed_on IS NOT NULL) i",
        id="n",
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
        id="n",
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


def _papers(rows: int) -> None:
    write(
        documents.Paper,
        MIXED_UNIT,
        id="n",
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
        id="n",
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
        id="n",
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
    write(
        exchange.Upload,
        _numbers(rows // 4),
        id="n",
        code="gen_random_uuid()",
        importer="'people'",
        state="'applied'",
        unit_id=f"{FIRST} + (n - {FIRST}) * 7919 % {UNITS}",
        given_by_id="n",
        given_at="now()",
        name="'a.xlsx'",
        digest="'x'",
        beat_at="now()",
    )
    write(
        exchange.UploadedLine,
        _numbers(rows // 2),
        id="n",
        upload_id=str(FIRST),
        number=f"n - {FIRST}",
        level="2",
        cells="'[]'",
    )
    write(
        reorganisations.Order,
        _numbers(rows // 4),
        id="n",
        code="'SX-' || n",
        unit_id=f"{FIRST} + (n - {FIRST}) * 7919 % {UNITS}",
        title="'Sắp xếp'",
        effective_on="DATE '2022-01-01'",
        drawn_by_id="n",
        created_at="now()",
    )


def _meetings() -> None:
    write(
        review.Council,
        f"{EVERY_UNIT} WHERE depth = 3",
        id="n",
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
        id="n",
        code="'PH-' || n",
        council_id=str(UNION),
        held_on="DATE '2022-01-01'",
        called_by_id="n",
    )
    write(
        review.Case,
        EVERY_UNION,
        id="n",
        session_id=str(UNION),
        position=f"n - {FIRST}",
        subject_type="'initiatives.initiative'",
        subject_id="n",
        subject_code="'SK-' || n",
        title="'Sáng kiến'",
        unit_id="n",
        outcome="CASE n % 50 WHEN 0 THEN 'pending' ELSE 'passed' END",
    )
