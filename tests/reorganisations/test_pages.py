"""The screens of an order, of the organisation on a day, of clusters and places."""

from datetime import date

import pytest

from tests.cast import SYSTEM
from thidua.orgs.domain import changes, places
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Cluster, ClusterSeat, Coverage, Unit
from thidua.reorganisations.models import Order


@pytest.fixture
def quy(cast, sign_in):
    return sign_in(cast.quy)


def test_an_order_from_the_form_to_the_undo(cast, quy, django_assert_max_num_queries):
    head = {
        "title": "Sáp nhập bệnh viện",
        "decision_number": "45/QĐ-LĐLĐ",
        "effective_on": "2022-05-20",
        "keeps_posts": "on",
    }
    answer = quy.post("/van-phong/sap-xep/moi/", head)
    order = Order.objects.get()
    assert answer.url == f"/van-phong/sap-xep/{order.code}/"
    wrong = quy.post(f"{answer.url}them/merge/", {"unit_code": "TB-YT-01", "to_code": "KHONG-CO"})
    assert wrong.status_code == 422
    assert "Không có đơn vị mang mã «KHONG-CO»" in wrong.content.decode()
    line = {"unit_code": "TB-YT-01\nTB-YT-03", "to_code": "TB-YT-02 – CĐCS Bệnh viện Nhi"}
    assert quy.post(f"{answer.url}them/merge/", line).status_code == 302
    assert order.lines.count() == 2
    page = quy.get(f"{answer.url}?xem-truoc=1").content.decode()
    assert "Đoàn viên chuyển sang đơn vị mới" in page
    assert "Xác nhận và thực hiện" in page
    preview = page.partition("Hệ quả khi thực hiện")[2].partition("</section>")[0]
    assert preview.count("CĐCS Bệnh viện Nhi") == 2  # each line says where its unit goes, by name
    assert quy.post(f"{answer.url}buoc/", {"step": "confirm"}).status_code == 302
    order.refresh_from_db()
    assert order.state == "applied"
    assert "đã thực hiện quyết định" in quy.get(answer.url).content.decode()
    unit = quy.get("/van-phong/don-vi/TB-YT-01/").content.decode()
    assert "Đơn vị đã kết thúc từ 20/05/2022" in unit
    assert "CĐCS Bệnh viện Nhi" in unit
    assert "Đơn vị tiền thân" in quy.get("/van-phong/don-vi/TB-YT-02/").content.decode()
    assert "Sáp nhập vào đơn vị khác" in quy.get("/van-phong/sap-xep/so-bien-dong/").content.decode()
    assert quy.post(f"{answer.url}buoc/", {"step": "undo", "reason": "Quyết định bị thu hồi"}).status_code == 302
    assert Unit.objects.get(code="TB-YT-01").ended_on is None


@pytest.mark.parametrize("kind", ["establish", "rename", "reclassify", "move", "merge", "split", "dissolve"])
def test_every_kind_of_line_has_its_form(cast, quy, kind):
    quy.post("/van-phong/sap-xep/moi/", {"title": "Sắp xếp", "effective_on": "2022-05-20"})
    order = Order.objects.get()
    assert "Thêm vào quyết định" in quy.get(f"/van-phong/sap-xep/{order.code}/?loai={kind}").content.decode()


def test_strangers_see_no_order(cast, quy, sign_in):
    quy.post("/van-phong/sap-xep/moi/", {"title": "Sắp xếp", "effective_on": "2022-05-20"})
    order = Order.objects.get()
    assert sign_in(cast.khoa).get(f"/van-phong/sap-xep/{order.code}/").status_code == 404
    assert sign_in(cast.minh).get(f"/van-phong/sap-xep/{order.code}/").status_code == 200
    assert sign_in(cast.minh).post(f"/van-phong/sap-xep/{order.code}/buoc/", {"step": "confirm"}).status_code == 403


def test_a_unit_page_on_a_day_shows_the_tree_of_that_day(cast, quy):
    changes.rename(cast["TB-YT"], "Công đoàn Y tế mới", decision=Decision(date(2022, 3, 1)), by=SYSTEM)
    changes.move(cast["TB-YT-02"], cast["TB"], decision=Decision(date(2022, 3, 1)), by=SYSTEM)
    today = quy.get("/van-phong/don-vi/TB-YT/").content.decode()
    then = quy.get("/van-phong/don-vi/TB-YT/?ngay=2022-02-28").content.decode()
    assert "Công đoàn Y tế mới" in today
    assert "CĐCS Bệnh viện Nhi" not in today.partition("Sổ biến động")[0].partition("<table")[2]
    assert "Công đoàn ngành Y tế Thái Bình" in then
    assert "CĐCS Bệnh viện Nhi" in then


def test_a_unit_page_costs_the_same_for_many_children(cast, quy, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert quy.get("/van-phong/don-vi/TB-YT/").status_code == 200
        return len(seen)

    cost()  # what a session remembers from now on
    costs = []
    for number in range(70):
        if number in (55, 69):
            costs.append(cost())
        changes.establish(
            code=f"X{number}", name=f"CĐCS {number}", kind=cast["TB-YT-01"].kind, parent=cast["TB-YT"],
            decision=Decision(date(2020, 1, 1)), by=SYSTEM,
        )  # fmt: skip
    assert costs[0] == costs[1] < 20


def test_clusters_by_year(cast, quy):
    page = "/van-phong/don-vi/TB-YT/cum-khoi/"
    assert quy.post(page, {"kind": "cluster", "name": "Cụm bệnh viện"}).status_code == 302
    cluster = Cluster.objects.get()
    one, other = cast["TB-YT-01"].pk, cast["TB-YT-02"].pk
    sent = {"year": "2022", "members": [one, other], "lead": one, "deputy": ""}
    assert quy.post(f"{page}{cluster.pk}/", sent).status_code == 302
    assert {(s.unit_id, s.seat) for s in ClusterSeat.objects.all()} == {(one, "lead"), (other, "member")}
    assert "lấy sẵn từ năm 2022" in quy.get(f"{page}{cluster.pk}/?nam=2023").content.decode()
    shown = quy.get(f"{page}?nam=2022").content.decode()
    assert "Trưởng cụm, khối" in shown
    assert "CĐCS Trung tâm Y tế huyện Vũ Thư" in shown.partition("Chưa thuộc cụm")[2]
    both = {**sent, "deputy": one}
    assert quy.post(f"{page}{cluster.pk}/", both).status_code == 422


def test_places_a_unit_serves(cast, quy):
    places.load()
    page = "/van-phong/don-vi/TB-YT-01/dia-ban/"
    found = quy.get(page, {"q": "vu thu"}).content.decode()
    assert "Huyện Vũ Thư" not in found  # districts are not served
    from thidua.orgs import queries

    place = queries.places_on().filter(kind="commune", search__contains="vu thu").first()
    assert quy.post(page, {"add": place.pk}).status_code == 302
    assert Coverage.objects.get().place == place
    assert place.name in quy.get(page).content.decode()
    quy.post(page, {"remove": place.pk})
    assert not Coverage.objects.filter(valid__upper_inf=True).exists()


def test_the_unit_picker_suggests_only_what_one_sees(cast, quy, sign_in):
    assert "TB-YT-02" in quy.get("/van-phong/don-vi-goi-y/", {"to_code": "benh vien nhi"}).content.decode()
    assert (
        "TB-YT-02"
        not in sign_in(cast.khoa).get("/van-phong/don-vi-goi-y/", {"to_code": "benh vien nhi"}).content.decode()
    )
