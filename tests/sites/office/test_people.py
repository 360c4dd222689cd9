"""The roster and the page of a person, as officers of different units meet them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import SYSTEM
from tests.exchange.sheets import cells, give, xlsx
from thidua.kernel import installation
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.people import queries
from thidua.people.domain import rosters
from thidua.people.models import Merger, Namesakes, Person


def test_the_roster_costs_the_same_for_one_page_of_many(cast, sign_in, django_assert_num_queries):
    client, url = sign_in(cast.binh), reverse("office:people", args=["TB-YT-01"])
    for n in range(40):
        rosters.enter(f"Người {n}", cast["TB-YT-01"], by=SYSTEM)
    installation.current()  # remembered for some seconds
    with django_assert_num_queries(8):
        page = client.get(url)
    assert page.status_code == 200
    assert f"{queries.roster(cast['TB-YT-01']).count()} người" in page.content.decode()


def test_filters_and_near_misses(cast, sign_in):
    client, url = sign_in(cast.binh), reverse("office:people", args=["TB-YT-01"])
    assert "Trần Văn Dũng" in client.get(url, {"q": "dung tran"}).content.decode()
    near = client.get(url, {"q": "tran van dugn"}).content.decode()
    assert "Gần giống nhất" in near
    assert "Trần Văn Dũng" in near
    assert "Không thấy ai với bộ lọc này" in client.get(url, {"tinh-trang": "da-thoi"}).content.decode()
    assert "Không thấy ai với bộ lọc này" in client.get(url, {"tai-khoan": "chua"}).content.decode()


def test_somebody_who_looks_known_is_asked_about_before_being_entered_twice(cast, sign_in):
    client, url = sign_in(cast.binh), reverse("office:person-new", args=["TB-YT-01"])
    typed = {"full_name": "Tran Van Dung", "is_member": "on"}
    page = client.post(url, typed)
    assert page.status_code == 422
    assert "Có thể người này đã có" in page.content.decode()
    assert 'value="Tran Van Dung"' in page.content.decode()
    assert client.post(url, {**typed, "sure": "1"}).status_code == 302
    assert Person.objects.filter(name_key="tran van dung").count() == 2


def test_a_person_is_corrected_moved_paused_and_leaves(cast, sign_in):
    client = sign_in(cast.quy)
    assert client.get(reverse("office:person", args=["DV002"])).status_code == 200

    def send(name, **typed):
        return client.post(reverse(f"office:person-{name}", args=["DV002"]), typed)

    refused = send("edit", full_name="Trần Văn Dũng", phone="0900000003")
    assert refused.status_code == 422
    assert "đã có trong danh sách" in refused.content.decode()
    assert send("edit", full_name="Trần Dũng", birth_year="1980", phone="0900000002", gender="man").status_code == 302
    dung = Person.objects.get(code="DV002")
    assert (dung.full_name, dung.birth_year, dung.is_woman) == ("Trần Dũng", 1980, False)
    assert "không có đơn vị này" in send("transfer", unit="NT-KCN-01", on="2022-05-01").content.decode().lower()
    assert send("transfer", unit="CĐCS Bệnh viện Nhi", on="2022-05-01", ends_posts="on").status_code == 302
    assert send("pause", kind="military", since="2022-05-02").status_code == 302
    assert send("resume", on="2022-05-10").status_code == 302
    assert send("leave", on="2022-05-15", reason="Nghỉ việc").status_code == 302
    assert send("return", unit="TB-YT-02", on="2022-05-18").status_code == 302
    shown = client.get(reverse("office:person", args=["DV002"])).content.decode()
    assert "đã ghi nhận trở lại" in shown
    assert shown.count("CĐCS Bệnh viện Nhi") >= 3


def test_the_new_unit_is_picked_from_those_whose_roster_one_keeps(cast, sign_in):
    client, address = sign_in(cast.quy), reverse("office:person-transfer", args=["DV002"])
    options = reverse("office:roster-options")
    page = client.get(address).content.decode()
    assert f'hx-get="{options}"' in page
    assert '<datalist id="roster-options">' in page
    offered = client.get(options, {"unit": "benh vien nhi"}).content.decode()
    assert "TB-YT-02 – CĐCS Bệnh viện Nhi" in offered
    assert client.get(options, {"unit": "TB-YT-02 – CĐCS Bệnh viện Nhi"}).content.decode().count("<option") == 1
    assert "May Tân Ninh" not in client.get(options, {"unit": "may tan ninh"}).content.decode()
    chi = sign_in(cast.chi)  # keeps the roster of her union and its sections, though she sees no more than these
    assert "TB-YT-01-N" in chi.get(options, {"unit": "khoa noi"}).content.decode()
    assert "<option" not in chi.get(options, {"unit": "benh vien nhi"}).content.decode()
    assert sign_in(cast.minh).get(options, {"unit": "benh vien"}).status_code == 403  # reads, keeps no roster
    picked = {"unit": "TB-YT-02 – CĐCS Bệnh viện Nhi", "on": "2022-05-01"}
    assert client.post(address, {**picked, "on": ""}).content.decode().count("TB-YT-02 – CĐCS Bệnh viện Nhi") == 1
    assert client.post(address, picked).status_code == 302
    assert Person.objects.get(code="DV002").unit == cast["TB-YT-02"]


def test_a_name_with_a_dash_is_a_name(cast, sign_in):
    name = "CĐCS Bệnh viện Nhi – Cơ sở 2"
    changes.rename(cast["TB-YT-03"], name, decision=Decision(date(2022, 3, 1)), by=SYSTEM)
    client = sign_in(cast.quy)
    typed = {"unit": name, "on": "2022-05-01"}
    assert client.post(reverse("office:person-transfer", args=["DV002"]), typed).status_code == 302
    assert Person.objects.get(code="DV002").unit.code == "TB-YT-03"


def test_a_neighbour_does_not_learn_that_a_person_exists(cast, sign_in):
    client = sign_in(cast.lan)
    for name in ("person", "person-edit", "person-transfer", "person-leave", "person-pause"):
        unknown = client.get(reverse(f"office:{name}", args=["KHONG-CO"]))
        there = client.get(reverse(f"office:{name}", args=["DV002"]))
        assert there.status_code == unknown.status_code == 404, name
    assert client.get(reverse("office:people", args=["TB-YT-01"])).status_code == 404
    assert client.get(reverse("office:duplicate", args=["DV002", "DV003"])).status_code == 404


def test_an_auditor_reads_without_phone_numbers_and_changes_nothing(cast, sign_in):
    client = sign_in(cast.minh)
    page = client.get(reverse("office:person", args=["DV002"])).content.decode()
    assert "0900000002" not in page
    assert client.get(reverse("office:person-edit", args=["DV002"])).status_code == 403
    assert client.get(reverse("office:export", args=["people", "TB-YT-01"])).status_code == 403


def test_two_records_are_compared_merged_and_parted_on_the_page(cast, sign_in):
    twin = rosters.enter("Trần Văn Dũng", cast["TB-YT-01"], by=SYSTEM)
    client = sign_in(cast.binh)
    assert twin.code in client.get(reverse("office:duplicates", args=["TB-YT-01"])).content.decode()
    url = reverse("office:duplicate", args=["DV002", twin.code])
    page = client.get(url).content.decode()
    assert 'value="DV002" checked' in page
    assert client.post(url, {"merge": "1"}).status_code == 422
    assert client.post(url, {"merge": "1", "keep": "DV002"}).status_code == 302
    merger = Merger.objects.get()
    assert "Tách lại" in client.get(reverse("office:person", args=["DV002"])).content.decode()
    assert client.post(reverse("office:duplicate-undo", args=[merger.pk])).status_code == 302
    assert client.post(url, {"apart": "1"}).status_code == 302
    assert Namesakes.objects.count() == 1


def test_the_roster_goes_out_in_the_form_of_the_template(cast, sign_in):
    answer = sign_in(cast.binh).get(reverse("office:export", args=["people", "TB-YT-01"]))
    rows = cells(answer.getvalue() if hasattr(answer, "getvalue") else answer.content)
    assert rows[0][:3] == ["Mã đoàn viên", "Họ và tên *", "Đơn vị"]
    assert "DV002" in [row[0] for row in rows]


def test_a_big_export_is_made_in_the_background_for_whoever_asked(cast, sign_in, monkeypatch):
    from thidua.exchange.domain import exports
    from thidua.exchange.models import OutgoingFile

    monkeypatch.setattr(exports, "AT_ONCE", 1)
    client = sign_in(cast.binh)
    for _click in range(2):
        assert client.get(reverse("office:export", args=["people", "TB-YT-01"])).status_code == 302
    made = OutgoingFile.objects.get()
    url = reverse("office:outgoing-file", args=[made.code])
    assert client.get(url).status_code == 404
    exports.make(made.pk)
    assert client.get(url).status_code == 200
    assert sign_in(cast.chi).get(url).status_code == 404
    assert made.name in client.get(reverse("office:imports")).content.decode()


def test_the_way_of_a_file_on_its_pages(cast, sign_in):
    client = sign_in(cast.binh)
    assert client.get(reverse("office:import-template", args=["people"])).status_code == 200
    assert client.get(reverse("office:import-template", args=["units"])).status_code == 404
    assert client.post(reverse("office:import-give", args=["people"])).status_code == 422
    upload = give(
        "people", xlsx(["Họ và tên", "SĐT"], ["Lê Một", ""], ["Lê Hai", "12"]), unit=cast["TB-YT-01"], by=cast.binh
    )
    url = reverse("office:import", args=[upload.code])
    page = client.get(url).content.decode()
    assert "Số điện thoại «12» không đúng." in page
    assert "Lê Một" not in page
    assert "Lê Một" in client.get(url, {"xem": "tat-ca"}).content.decode()
    for what in ("ket-qua", "dong-loi"):
        assert client.get(reverse("office:import-report", args=[upload.code, what])).status_code == 200
    assert sign_in(cast.lan).get(url).status_code == 404
    assert sign_in(cast.chi).get(url).status_code == 200
    step = reverse("office:import-step", args=[upload.code])
    assert client.post(step, {"step": "discard"}).status_code == 302
    assert client.post(step, {"step": "apply"}).status_code == 422
    assert upload.lines.count() == 0


@pytest.mark.parametrize("asked", [{"xem": "x"}, {"cursor": "x"}, {"xem": "bad", "cursor": "WyJhIiwieCJd"}])
def test_addresses_typed_by_hand_do_no_harm(cast, sign_in, asked):
    upload = give("people", xlsx(["Họ và tên"], ["Lê Một"]), unit=cast["TB-YT-01"], by=cast.binh)
    assert sign_in(cast.binh).get(reverse("office:import", args=[upload.code]), asked).status_code == 200
