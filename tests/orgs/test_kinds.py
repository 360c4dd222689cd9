"""Kinds of units on their page: seen by everybody, added and renamed by who manages the top unit."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import SYSTEM
from thidua.kernel.verdicts import Refused
from thidua.ledger.models import Act
from thidua.orgs.domain import kinds
from thidua.orgs.models import UnitKind
from thidua.people.domain import rosters

LIST = "/van-phong/loai-don-vi/"
ZONE = {"name": "Công đoàn khu kinh tế", "name_en": "Economic-zone union", "rank": 3}


@pytest.fixture
def keeper(cast, sign_in):
    person = rosters.enter("Người Quản Trị", cast["TLD"], by=SYSTEM, phone="0900000077")
    rosters.open_account(person, "mot-mat-khau-dai", by=SYSTEM)
    rosters.appoint(person, cast["TLD"], "administrator", by=SYSTEM, since=date(2020, 1, 1))
    return sign_in(person)


def test_a_kind_is_added_chosen_and_renamed(cast, keeper):
    assert keeper.post(f"{LIST}them/", ZONE).url == LIST
    kind = UnitKind.objects.get(code="economic-zone-union")
    assert (kind.name, kind.rank, kind.is_grassroots) == ("Công đoàn khu kinh tế", 3, False)
    page = keeper.get(LIST).content.decode()
    assert "Công đoàn khu kinh tế" in page
    assert "Economic-zone union" in page
    assert page.index("Confederation") < page.index("Economic-zone union") < page.index("Grassroots union")  # by rank
    assert keeper.post(f"{LIST}{kind.code}/", {"name": "CĐ khu kinh tế", "name_en": "Zone of economy"}).url == LIST
    kind.refresh_from_db()
    assert (kind.name, kind.name_en, kind.rank) == ("CĐ khu kinh tế", "Zone of economy", 3)
    added, renamed = Act.objects.filter(kind__startswith="orgs.kind.").order_by("pk")
    assert added.after["code"] == kind.code
    assert (renamed.before["name"], renamed.after["name"]) == ("Công đoàn khu kinh tế", "CĐ khu kinh tế")


def test_what_is_typed_stays_when_the_name_is_taken(cast, keeper):
    taken = {**ZONE, "name": "cong doan CO SO", "name_en": "Another"}
    answer = keeper.post(f"{LIST}them/", taken)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Đã có loại đơn vị «Công đoàn cơ sở»" in page
    assert 'value="cong doan CO SO"' in page


def test_an_upper_level_does_not_receive_initiatives(cast):
    with pytest.raises(Refused, match="mới trực tiếp nhận sáng kiến") as refused:
        kinds.add(**ZONE, is_grassroots=True, top=cast["TLD"], by=SYSTEM)
    assert refused.value.field == "is_grassroots"


def test_a_kind_renamed_to_what_it_is_called_leaves_no_act(cast):
    kind = UnitKind.objects.get(code="grassroots")
    kinds.rename(kind, name=f" {kind.name}", name_en=kind.name_en, top=cast["TLD"], by=SYSTEM)
    assert not Act.objects.filter(kind="orgs.kind.renamed").exists()


def test_others_see_the_kinds_and_may_not_touch_them(cast, sign_in):
    province = sign_in(cast.quy)
    page = province.get(LIST)
    assert page.status_code == 200
    assert "Thêm loại đơn vị" not in page.content.decode()
    assert "thêm và đổi tên loại đơn vị" in page.content.decode()
    for address in (f"{LIST}them/", f"{LIST}grassroots/"):
        assert province.get(address).status_code == 403
        assert province.post(address, ZONE).status_code == 403
    assert sign_in(cast.an).get(LIST).status_code == 403
    assert not UnitKind.objects.filter(name=ZONE["name"]).exists()


def test_the_page_asks_as_much_for_many_kinds(cast, keeper):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            keeper.get(LIST)
        return len(captured)

    asked()
    few = asked()
    UnitKind.objects.bulk_create(
        [UnitKind(code=f"k{n}", name=f"Loại {n}", name_en=f"Kind {n}", rank=5) for n in range(40)]
    )
    assert asked() == few
