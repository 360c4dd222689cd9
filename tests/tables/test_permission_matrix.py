"""Every address with a record in it × every position towards the record.

What a view declares (`@needs(...)`) must hold at the record's own unit: whoever lacks it there gets the
very answer that a record that does not exist gives. A new address fails until it says, in SAMPLES, which
record it shows.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.architecture.test_conventions import views
from tests.cast import SYSTEM
from tests.initiatives.test_dossiers import filed, recognised
from tests.programmes.test_plans import reading
from tests.review.test_councils import case_at, received, session_of
from tests.tables.test_pages_by_role import PLAIN
from tests.tallies.test_declarations import MEETING
from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards.domain import nominations
from thidua.exchange.models import Upload
from thidua.initiatives.domain import scopes
from thidua.kernel import clock
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.orgs.domain import clusters
from thidua.orgs.models import Unit
from thidua.people.domain import rosters
from thidua.people.models import Post
from thidua.programmes.domain import plans
from thidua.programmes.models import Assignment, Duty, Indicator
from thidua.reorganisations.domain import drafting
from thidua.reports.domain import difficulties, reports
from thidua.tallies.domain import declarations

GONE = {403, 404, 405}
# Who stands where towards the records of TB-YT-01 (a hospital of the sector TB-YT in the province TB).
POSITIONS = {
    "an": "a member there without a post",
    "binh": "its officer",
    "chi": "its chair",
    "lan": "chair beside it",
    "giang": "officer of the sector above",
    "son": "chair of the province above",
    "minh": "auditor of the province",
    "quy": "administrator of the province",
    "khoa": "chair in another province",
    "former": "its chair until last year",
}


@dataclass
class Sample:
    """A record: what fills the address, the unit it belongs to, and who else may see it by a rule of its own."""

    unit: str
    sees: Permission  # who may look at the record itself, whatever the address does with it
    also: frozenset[str] = frozenset()
    values: dict[str, object] | None = None


@pytest.fixture
def world(cast):
    """One record of every kind at TB-YT-01, or at the sector above it where only that makes sense."""
    former = rosters.enter("Nguyễn Văn Cựu", cast["TB-YT-02"], by=SYSTEM, phone="0900000099")
    rosters.open_account(former, "mot-mat-khau-dai", by=SYSTEM)
    rosters.appoint(former, cast["TB-YT-01"], "chair", by=SYSTEM, since=date(2020, 1, 1), until=date(2021, 12, 31))
    cast.people["former"] = former
    plan = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.hanh)
    plans.confirm(plan, by=cast.hanh)
    plans.issue(plan, by=cast.hanh, issued_on=date(2022, 1, 12), number=17)
    readers.drain_all()
    return cast, plan, plan.programmes.get(counts_initiatives=True)


def samples(cast, plan, programme) -> dict[str, Sample]:
    """Prefix of the URL's name -> the record. The longest prefix that fits is taken."""
    item, other = recognised(cast), filed(cast, title="Giá treo bình oxy cạnh giường bệnh")
    readers.drain_all()
    declared = declarations.declare(
        programme, Indicator.objects.get(code="dialogues_held"), cast["TB-YT-01"], MEETING, by=cast.binh
    )
    asked = reports.ask(
        cast["TB-YT"], programme=programme, phase=None, title="Sơ kết", due_on=date(2022, 6, 10), by=cast.giang
    )
    report = reports.start(asked, cast["TB-YT-01"], by=cast.binh)
    trouble = difficulties.raise_to_upper(
        cast["TB-YT-01"], "Công nhân làm ca không có máy tính để gửi.", by=cast.binh, programme=programme
    )
    wanted = nominations.open_list(
        cast["TB-YT-01"], cast["TB-YT"], programme=programme, phase=None, award_form="giay-khen", by=cast.binh
    )
    order = drafting.draw_up(cast["TB"], "Sắp xếp", date(2022, 6, 1), by=cast.quy)
    line = drafting.add_line(order, "merge", "TB-YT-02", by=cast.quy, to_code="TB-YT-03")
    cluster = clusters.set_up(cast["TB-YT"], "Cụm 1", by=SYSTEM)
    proposal = scopes.propose(
        item, cast["TB"], by=cast.chi, grounds="Áp dụng được ở mọi bệnh viện trong tỉnh, đã có hai đơn vị làm theo."
    )
    upload = Upload.objects.create(
        importer="people", unit=cast["TB-YT-01"], given_by=cast.quy, given_at=clock.now(), beat_at=clock.now(),
        name="a.xlsx", digest="x", state="checked",
    )  # fmt: skip
    own = {"code": item.code, "pk": 0, "part": "idea", "kind": "pdf", "year": 2022}
    session = session_of(cast, received(cast, title="Bàn xoay bốc thuốc"))
    council, case = session.council, case_at(session)
    assignment = Assignment.objects.filter(unit=cast["TB-YT-01"]).first()
    below = frozenset({"an", "binh", "chi", "lan", "former"})  # a plan in force is read by those it addresses
    council_seats = frozenset({"chi", "binh", "lan"})  # Lan sits there as an expert
    movement = plan.programmes.filter(counts_initiatives=False).first()
    at = {"programme_code": programme.code, "unit_code": "TB-YT-01"}
    return {
        "office:dossier": Sample(
            "TB-YT-01", Permission.INITIATIVE_VIEW, values={**own, "pk": item.recognitions.get().pk}
        ),
        "office:decision-certify": Sample(
            "TB-YT-01", Permission.INITIATIVE_VIEW, values={"pk": item.recognitions.get().pk}
        ),
        "office:substitute": Sample("TB-YT-01", Permission.INITIATIVE_RECEIVE, values={"pk": 999_999}),
        "office:scope-proposal": Sample(
            "TB", Permission.INITIATIVE_VIEW, frozenset({"chi", "binh", "giang"}), {"pk": proposal.pk}
        ),
        "office:poster": Sample("TB-YT-01", Permission.INITIATIVE_VIEW, values=at),
        "office:plan": Sample(
            "TB-YT", Permission.PLAN_VIEW, below, {"code": plan.code, "what": "target", "pk": Duty.objects.first().pk}
        ),
        "office:assignment": Sample(
            "TB-YT-01", Permission.PLAN_VIEW, values={"pk": assignment.pk if assignment else 0, "key": uuid.uuid4()}
        ),
        "office:programme": Sample("TB-YT", Permission.TARGET_VIEW, below, {"code": programme.code}),
        "office:targets": Sample("TB-YT-01", Permission.TARGET_VIEW, values={**at, "number": 1}),
        "office:progress": Sample("TB-YT-01", Permission.PROGRESS_VIEW, values=at),
        "office:declaration": Sample("TB-YT-01", Permission.PROGRESS_VIEW, values={**at, "pk": declared.pk}),
        "office:report": Sample(
            "TB-YT-01", Permission.REPORT_VIEW, values={"code": report.code, "key": "counted", "kind": "docx"}
        ),
        "office:report-units": Sample("TB-YT", Permission.REPORT_VIEW, values={"code": asked.code}),
        "office:report-chase": Sample("TB-YT", Permission.REPORT_VIEW, values={"code": asked.code}),
        "office:report-start": Sample("TB-YT-01", Permission.REPORT_VIEW, values={"code": asked.code}),
        "office:difficulty": Sample("TB-YT", Permission.DIFFICULTY_VIEW, values={"code": trouble.code}),
        "office:nomin": Sample("TB-YT-01", Permission.AWARD_VIEW, values={"code": wanted.code, "pk": 0}),
        "office:nomination-decide": Sample(
            "TB-YT", Permission.AWARD_VIEW, frozenset({"chi", "binh"}), values={"code": wanted.code}
        ),
        "office:award": Sample("TB-YT", Permission.AWARD_VIEW, values={"code": "QD-KHONG", "kind": "docx"}),
        "office:certificate": Sample("TB-YT", Permission.AWARD_VIEW, values={"code": "GK-KHONG"}),
        "office:adopt": Sample("TB-YT-01", Permission.ADOPTION_REGISTER, values={"code": "SK-KHONG", "pk": 0}),
        "office:unit": Sample("TB-YT-01", Permission.UNIT_VIEW, values={"code": "TB-YT-01"}),
        "office:people": Sample("TB-YT-01", Permission.UNIT_VIEW, values={"code": "TB-YT-01"}),
        "office:person": Sample("TB-YT-01", Permission.UNIT_VIEW, values={"code": cast.dung.code}),
        "office:cluster": Sample("TB-YT", Permission.UNIT_VIEW, values={"code": "TB-YT", "pk": cluster.pk}),
        "office:post": Sample(
            "TB-YT-01", Permission.UNIT_VIEW, values={"code": "TB-YT-01", "pk": Post.objects.get(person=cast.chi).pk}
        ),
        "office:order": Sample("TB", Permission.UNIT_VIEW, values={"code": order.code, "pk": line.pk, "kind": "merge"}),
        "office:kind": Sample("TLD", Permission.UNIT_MANAGE, values={"kind": "grassroots"}),
        "office:account": Sample("TB-YT-01", Permission.UNIT_VIEW, values={"code": cast.dung.code}),
        "office:accounts": Sample("TB-YT-01", Permission.PERSON_MANAGE, values={"code": "TB-YT-01"}),
        "office:account-slips": Sample("TB-YT-01", Permission.PERSON_MANAGE, values={"code": "TB-YT-01"}),
        "office:import": Sample(
            "TB-YT-01", Permission.PERSON_MANAGE, values={"code": upload.code, "name": "people", "what": "report"}
        ),
        "office:paper": Sample("TB-YT", Permission.PAPER_VIEW, values={"pk": plan.paper_id or 0, "form": "docx"}),
        "office:compare": Sample(
            "TB-YT-01", Permission.INITIATIVE_VIEW, values={"code": item.code, "other_code": other.code}
        ),
        "office:council": Sample("TB-YT-01", Permission.COUNCIL_MANAGE, council_seats, {"code": council.code}),
        "office:session": Sample(
            "TB-YT-01", Permission.COUNCIL_MANAGE, council_seats, {"code": session.code, "kind": "pdf"}
        ),
        "office:case": Sample(
            "TB-YT-01", Permission.COUNCIL_MANAGE, council_seats, {"pk": case.pk, "file_id": uuid.uuid4()}
        ),
        "office:package": Sample("TB-YT-01", Permission.INITIATIVE_ENTER, values={"pk": 0}),
        "office:movement": Sample("TB-YT", Permission.PLAN_VIEW, below, {"code": movement.code}),
        "office:registration": Sample("TB-YT-01", Permission.PLAN_VIEW, values={"pk": 0}),
        "office:target-": Sample("TB-YT-01", Permission.TARGET_VIEW, values={**at, "pk": 0}),
        "office:export": Sample("TB-YT-01", Permission.PERSON_MANAGE, values={"name": "people", "code": "TB-YT-01"}),
        "office:outgoing": Sample("TB-YT-01", Permission.PERSON_MANAGE, values={"code": uuid.uuid4()}),
        "office:duplicate": Sample(
            "TB-YT-01",
            Permission.UNIT_VIEW,
            values={"pk": 0, "one": cast.dung.code, "other": cast.binh.code},
        ),
        "office:duplicates": Sample("TB-YT-01", Permission.UNIT_VIEW, values={"code": "TB-YT-01"}),
        "office:person-new": Sample("TB-YT-01", Permission.UNIT_VIEW, values={"code": "TB-YT-01"}),
        "member:": Sample("TB-YT-01", Permission.INITIATIVE_FILE, values={**own, "pk": 0}),
    }


# Open to anybody, or about the visitor's own things only: tested with the package they belong to.
OWN = ("shell:", "portal:", "office:file")
# What these do, they do at the visitor's own unit, where the right is asked for.
AT_ONES_OWN = {"office:plan-cascade", "office:plan-receive", "office:report-start", "office:movement-register"}
# The same for everybody: a form or a page that holds no record.
NO_RECORD = ("office:import-template", "office:import-give")
PARAMETERISED = [
    (name, view)
    for name, view in views()
    if name not in {plain for plain, _u, _v in PLAIN} and not name.startswith(OWN)
]


def sample_of(name: str, found: dict[str, Sample]) -> Sample:
    fitting = [prefix for prefix in found if name.startswith(prefix)]
    assert fitting, f"{name} has no sample: add its record to samples()"
    return found[max(fitting, key=len)]


def address(name: str, values: dict[str, object]) -> str:
    """The address with those of the values it takes."""
    for count in range(len(values), 0, -1):
        for chosen in _choices(list(values.items()), count):
            try:
                return reverse(name, kwargs=dict(chosen))
            except NoReverseMatch:
                continue
    raise AssertionError(f"{name}: the sample does not fill the address")


def _choices(items, count):
    from itertools import combinations

    return combinations(items, count)


def missing(values: dict[str, object]) -> dict[str, object]:
    """The same address for a record that does not exist."""
    nothing = {
        "code": "KHONG-CO",
        "pk": 987_654_321,
        "unit_code": "KHONG-CO",
        "programme_code": "CT-KHONG",
        "one": "KHONG-1",
        "other": "KHONG-2",
    }
    return {k: (uuid.uuid4() if isinstance(v, uuid.UUID) else nothing.get(k, v)) for k, v in values.items()}


def may(person, permissions, unit) -> bool:
    return any(grants.may(person, permission, unit) for permission in permissions)


def standing_of(nickname, person, view, sample, unit) -> str:
    """ "does" what the address is for, "sees" the record only, or is "outside"."""
    if isinstance(view.permission, str) and nickname in sample.also:
        return "does"
    if isinstance(view.permission, str) and sample.sees == Permission.INITIATIVE_FILE:
        return "does" if nickname == "an" else "outside"
    if isinstance(view.permission, str):
        return "does" if may(person, [sample.sees], unit) else "outside"
    if may(person, view.permission, unit):
        return "does"
    return "sees" if nickname in sample.also or may(person, [sample.sees], unit) else "outside"


def fault_of(client, name, who, standing, url, nowhere) -> str:
    got = client.get(url).status_code
    if got >= 500:
        return f"{name}: {who} breaks the page ({got})"
    if standing == "does":
        return ""
    acts = Act.objects.count()
    posted = client.post(url, {}).status_code
    if posted >= 500 or Act.objects.count() != acts:
        return f"{name}: {who} changes something by posting ({posted})"
    if standing == "sees":
        return ""
    if got not in GONE or posted not in GONE:
        return f"{name}: {who} gets {got}, posting {posted}"
    if got != client.get(nowhere).status_code:
        return f"{name}: {who} can tell that the record exists"
    return ""


def test_who_may_not_learns_nothing(world, sign_in):
    cast, plan, programme = world
    found = samples(cast, plan, programme)
    people = {name: type(cast.an).objects.get(pk=cast.people[name].pk) for name in POSITIONS}
    clients = {name: sign_in(person) for name, person in people.items()}
    faults = []
    for name, view in PARAMETERISED:
        if name.startswith(NO_RECORD) or name in AT_ONES_OWN:
            continue
        sample = sample_of(name, found)
        unit = Unit.objects.get(code=sample.unit)
        url, nowhere = address(name, sample.values), address(name, missing(sample.values))
        if Client().get(url).status_code != 302:
            faults.append(f"{name}: anonymous is not sent to sign in")
        for nickname, client in clients.items():
            standing = standing_of(nickname, people[nickname], view, sample, unit)
            faults.append(fault_of(client, name, f"{nickname} ({POSITIONS[nickname]})", standing, url, nowhere))
    faults = [fault for fault in faults if fault]
    assert not faults, "\n".join(faults)


# Who keeps the roster of a section: its grassroots union and whoever administers the tree above it.
KEEPS_SECTIONS = {"binh", "chi", "quy"}
ROSTER_PAGES = (
    ("person-new", {"code": "TB-YT-01-N"}),
    ("accounts", {"code": "TB-YT-01-N"}),
    ("unit-headcount", {"code": "TB-YT-01-N"}),
    ("person-edit", {"code": "DV001"}),
    ("person-transfer", {"code": "DV001"}),
)


@pytest.mark.parametrize(("name", "values"), ROSTER_PAGES)
def test_the_roster_of_a_section_is_kept_by_its_grassroots_union(world, sign_in, name, values):
    """Written out, not derived: a sector or a province does not keep the rosters of the unions below it."""
    cast, _plan, _programme = world
    assert cast.an.unit.code == "TB-YT-01-N"
    values = {**values, **({"code": cast.an.code} if name.startswith("person-e") or name == "person-transfer" else {})}
    for nickname in POSITIONS:
        status = sign_in(cast.people[nickname]).get(reverse(f"office:{name}", kwargs=values)).status_code
        assert (status == 200) == (nickname in KEEPS_SECTIONS), (nickname, name, status)


def test_every_address_with_a_record_is_in_the_matrix(world):
    cast, plan, programme = world
    found = samples(cast, plan, programme)
    assert len(PARAMETERISED) > 80
    for name, view in PARAMETERISED:
        if not name.startswith(NO_RECORD):
            assert address(name, sample_of(name, found).values)
            assert isinstance(view.permission, str | tuple), name
