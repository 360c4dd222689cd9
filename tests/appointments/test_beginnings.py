"""A new installation: the top unit, its administrator, and the way from there to everybody else."""

from datetime import date

import pytest

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.accounts.domain import codes
from thidua.appointments import rules
from thidua.appointments.domain import beginnings, posts
from thidua.kernel import clock, rulepacks
from thidua.kernel.verdicts import Refused
from thidua.ledger.models import Act
from thidua.orgs.domain import changes, kinds
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.people.domain import rosters
from thidua.people.models import Person
from thidua.sites.cli import __main__ as cli

TODAY = date(2026, 3, 2)
FIRST = {
    "code": "HY",
    "name": "Liên đoàn Lao động tỉnh Hưng Yên",
    "kind": "provincial",
    "full_name": "Phạm Thị Mai",
    "phone": "0912345678",
    "email": "",
}


@pytest.fixture(autouse=True)
def _day(db):
    with clock.at(TODAY):
        yield


def test_from_an_empty_database_to_a_chair_who_signs():
    unit, issued = beginnings.found(**FIRST)
    account = codes.redeem(issued.code, "Mùa gặt 2026 đến rồi", network="127.0.0.1")
    mai = account.person
    assert grants.may(mai, Permission.UNIT_MANAGE, unit)
    ward = changes.establish(
        code="HY-X1", name="Công đoàn xã Vũ Thư", kind=UnitKind.objects.get(pk="communal"), parent=unit,
        decision=Decision(TODAY), by=mai,
    )  # fmt: skip
    head = rosters.enter("Vũ Văn Sáu", ward, by=mai)
    posts.grant(head, ward, "chair", by=Person.objects.get(pk=mai.pk), since=TODAY)
    assert grants.may(Person.objects.get(pk=head.pk), Permission.INITIATIVE_RECOGNISE, ward)


def test_the_chair_of_the_top_unit_is_appointed_from_the_machine():
    unit, issued = beginnings.found(**FIRST)
    chair = next(role for role, _v in rules.roles_for(issued.person, unit) if role.name == "chair")
    assert "script/thidua appoint" in rules.may_grant(issued.person, chair, unit).sentence
    head = rosters.enter("Đào Thị Bảy", unit, by=beginnings.MACHINE)
    beginnings.appoint(head, unit, "chair")
    assert grants.may(Person.objects.get(pk=head.pk), Permission.PLAN_ISSUE, unit)
    assert Act.objects.filter(kind="people.post.appointed", unit_id=unit.pk).count() == 2


def test_there_is_one_top_unit():
    beginnings.found(**FIRST)
    with pytest.raises(Refused, match="đã có đơn vị"):
        beginnings.found(**{**FIRST, "code": "KH", "phone": ""})


@pytest.mark.parametrize(
    ("field", "value", "told"), [("kind", "kingdom", "provincial"), ("phone", "12", "Số điện thoại")]
)
def test_bad_input_founds_nothing(field, value, told):
    with pytest.raises(Refused, match=told):
        beginnings.found(**{**FIRST, field: value})
    assert not Unit.objects.exists()


def test_kinds_are_written_once_and_stay_the_installations_own():
    wanted = rulepacks.in_force("unit-kinds", TODAY).rules["kinds"]
    assert kinds.load() == len(wanted) >= 10
    UnitKind.objects.filter(pk="zone").update(name="Công đoàn các KCN, KKT")
    assert kinds.load() == 0
    assert UnitKind.objects.get(pk="zone").name == "Công đoàn các KCN, KKT"


def test_at_the_command_line(capsys):
    arguments = [
        "found",
        "--code",
        "HY",
        "--name",
        FIRST["name"],
        "--kind",
        "provincial",
        "--administrator",
        "Phạm Thị Mai",
    ]
    assert cli.main(arguments) == 0
    told = capsys.readouterr()
    mai = Person.objects.get()
    assert codes.read(told.out, network="127.0.0.1").person == mai
    assert "/nhan-tai-khoan/" in told.err
    assert cli.main(arguments) == 2
    assert cli.main(["appoint", "HY", "không-ai"]) == 2
    assert cli.main(["appoint", "HY", mai.code, "--role", "king"]) == 2
    assert cli.main(["appoint", "HY", mai.code, "--role", "upper_officer"]) == 0
    assert mai.posts.count() == 2
