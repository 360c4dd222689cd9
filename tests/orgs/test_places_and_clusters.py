"""Administrative places with their predecessors, and clusters of emulation by year."""

from datetime import date

import pytest

from tests.cast import SYSTEM
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries
from thidua.orgs.domain import clusters, places
from thidua.orgs.models import ClusterSeat, Place

TODAY = date(2025, 7, 1)


@pytest.fixture
def gazetteer(db):
    places.load()


def test_the_places_of_2025_and_what_was_before(gazetteer):
    now, then = queries.places_on(date(2025, 7, 1)), queries.places_on(date(2025, 6, 30))
    assert (now.filter(kind="province").count(), now.filter(kind="commune").count()) == (34, 3321)
    assert now.filter(kind="district").count() == 0
    assert then.filter(kind="province").count() == 63
    thai_binh = then.get(kind="province", name="Tỉnh Thái Bình")
    assert Place.objects.get(kind="province", code=thai_binh.becomes[0], valid__contains=TODAY).name == "Tỉnh Hưng Yên"
    ninh_thuan = then.get(kind="province", name="Tỉnh Ninh Thuận")
    assert now.get(kind="province", code=ninh_thuan.becomes[0]).name == "Tỉnh Khánh Hòa"
    codes = set(now.filter(kind="commune").values_list("code", flat=True))
    assert all(p.becomes and set(p.becomes) <= codes for p in then.filter(kind="commune"))
    assert places.load() == 0


def test_one_unit_may_serve_several_communes_and_change_them(gazetteer, cast):
    unit = cast["TB-YT-01"]
    first, second, third = queries.places_on(TODAY).filter(kind="commune")[:3]
    places.serve(unit, [first, second], since=TODAY, by=SYSTEM)
    places.serve(unit, [second, third], since=date(2025, 9, 1), by=SYSTEM)
    assert set(queries.served_by(unit, date(2025, 8, 31))) == {first, second}
    assert set(queries.served_by(unit, date(2025, 9, 1))) == {second, third}


def test_a_place_that_is_no_more_is_refused(gazetteer, cast):
    old = queries.places_on(date(2025, 6, 30)).filter(kind="district").first()
    with pytest.raises(Refused, match="không tồn tại vào ngày 01/07/2025") as refused:
        places.serve(cast["TB-YT-01"], [old], since=TODAY, by=SYSTEM)
    assert refused.value.field == "places"


def test_a_cluster_has_members_by_year_and_one_lead(cast):
    cluster = clusters.set_up(cast["TB-YT"], "Cụm Bệnh viện", by=SYSTEM)
    members = [cast["TB-YT-01"], cast["TB-YT-02"]]
    clusters.seat(cluster, 2022, members, lead=cast["TB-YT-01"], by=SYSTEM)
    clusters.seat(cluster, 2023, members, lead=cast["TB-YT-02"], deputy=cast["TB-YT-01"], by=SYSTEM)
    seats = {(s.year, s.unit.code): s.seat for s in ClusterSeat.objects.select_related("unit")}
    assert seats[2022, "TB-YT-01"] == seats[2023, "TB-YT-02"] == "lead"
    other = clusters.set_up(cast["TB-YT"], "Cụm Trung tâm", by=SYSTEM)
    with pytest.raises(Refused, match="Năm 2022, «CĐCS Bệnh viện Nhi» đã thuộc «Cụm Bệnh viện»"):
        clusters.seat(other, 2022, [cast["TB-YT-02"], cast["TB-YT-03"]], by=SYSTEM)
    with pytest.raises(Refused, match="không phải đơn vị cấp dưới"):
        clusters.seat(other, 2022, [cast["NT-KCN"]], by=SYSTEM)
    with pytest.raises(Refused, match="Đã có cụm, khối"):
        clusters.set_up(cast["TB-YT"], "cụm bệnh viện", by=SYSTEM)
