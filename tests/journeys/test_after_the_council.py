"""After the council: many decided by one paper, one taken back, one passed up to the end; lists with nothing in them."""

from __future__ import annotations

import re

import pytest

from tests.cast import SINCE, SYSTEM
from tests.initiatives.test_dossiers import REASON
from tests.initiatives.test_reception import received
from tests.journeys.test_office_to_the_end import refused_is_no_fault
from tests.journeys.test_record_to_the_end import both, look, someone  # noqa: F401 - a fixture
from tests.review.test_councils import cast_all, opened
from tests.tallies.test_sums import make_initiative, make_programme
from thidua.initiatives.domain import dossiers
from thidua.initiatives.models import Initiative, Recognition
from thidua.ledger import readers
from thidua.notify.models import Notice
from thidua.people.domain import rosters
from thidua.review.choices import Vote
from thidua.review.domain import sessions

pytestmark = pytest.mark.journey
TITLES = ("Giá treo bình ô-xy gấp gọn được", "Bảng phân ca trực trên điện thoại", "Hộp chia thuốc theo giờ uống")


@both
def test_what_the_council_proposed_is_decided_by_one_paper_and_one_taken_back(someone, world, screen):  # noqa: F811
    items = [received(world, title=title) for title in TITLES]
    session = opened(world, *items)
    for place, votes in ((1, Vote.YES), (2, Vote.YES), (3, Vote.NO)):
        cast_all(world, session, {"chi": votes, "binh": votes, "dung": votes}, place)
    sessions.close(session, by=world.binh)
    chi = someone("0900000004")
    chi.open(f"/van-phong/hoi-dong/phien/{session.code}/")
    assert "Quyết định cho" not in chi.text()  # nothing is decided before the minutes are signed
    chi.page.get_by_role("button", name="Ký biên bản").dblclick()
    chi.agree()
    look(chi, "k1-signed")
    chi.page.get_by_role("button", name="Quyết định cho 2 hồ sơ hội đồng đề nghị công nhận").click()
    chi.check()
    assert "Có tên trong quyết định (2)" in chi.text()
    assert chi.page.locator("#id_body").input_value() == "council"
    chi.page.fill("#id_decision_number", "15/QĐ-BV")
    look(chi, "k2-decision")
    chi.page.get_by_role("button", name="Ghi quyết định công nhận").dblclick()
    chi.agree()
    assert "Đã công nhận 2 sáng kiến." in chi.text()
    look(chi, "k3-outcome")
    assert {r.decision_number for r in Recognition.objects.all()} == {"15/QĐ-BV"}
    chi.open(f"/van-phong/hoi-dong/phien/{session.code}/")
    assert "Quyết định cho" not in chi.text()
    # One of the two was a slip: back to where it stood, the other and the decision stay.
    chi.open(f"/van-phong/sang-kien/{items[0].code}/")
    chi.page.get_by_role("button", name="Hoàn tác bước vừa làm").dblclick()
    chi.agree()
    assert "hồ sơ về lại «Đã tiếp nhận»" in chi.text()
    look(chi, "k4-undone")
    assert list(Recognition.objects.values_list("initiative", flat=True)) == [items[1].pk]
    an = someone("0900000001")
    an.open(f"/toi/sang-kien/{items[0].code}/")
    look(an, "k4-author")
    assert Notice.objects.filter(person=world.an, subject_code=items[0].code).count() >= 2
    # The one the council did not propose is refused from its own page, with the council's word beside it.
    chi.open(f"/van-phong/sang-kien/{items[2].code}/")
    chi.page.locator("details.reason-offer summary", has_text="Không công nhận").click()
    chi.page.fill("#reason-refuse", REASON)
    look(chi, "k5-refusing")
    chi.page.locator("details[open] form button.btn-danger").click()
    chi.check()
    assert Initiative.objects.get(pk=items[2].pk).state == "refused"


@both
def test_passed_up_is_decided_above_and_the_union_below_follows_it(someone, world, screen):  # noqa: F811
    item, other = received(world, title=TITLES[0]), received(world, title=TITLES[1])
    binh = someone("0900000003")
    for one in (item, other):
        binh.open(f"/van-phong/sang-kien/{one.code}/")
        step = binh.page.locator("details.reason-offer", has_text=re.compile("Chuyển lên"))
        step.locator("summary").click()
        step.locator("textarea").fill("ngắn")
        step.locator("form button:not([type=button])").click()
        refused_is_no_fault(binh)
        binh.settle()
        if step.get_attribute("open") is None:
            step.locator("summary").click()
        assert step.locator("textarea").input_value() == "ngắn"  # what is too short stays in its box
        step.locator("textarea").fill("Thủ trưởng đơn vị là đồng tác giả nên đề nghị cấp trên quyết định.")
        look(binh, "l1-passing")
        step.locator("form button:not([type=button])").dblclick()
        refused_is_no_fault(binh)
        binh.check()
        assert Initiative.objects.get(pk=one.pk).state == "passed_up"
    hanh = someone("0900000007")
    hanh.open("/van-phong/")
    look(hanh, "l2-desk-above")
    hanh.open("/van-phong/sang-kien/?state=chuyen-len")
    assert hanh.page.locator("tbody tr").count() == 2
    hanh.open(f"/van-phong/sang-kien/{item.code}/cong-nhan/")
    hanh.page.get_by_role("button", name="Ghi quyết định công nhận").dblclick()
    hanh.agree()
    refused_is_no_fault(hanh)
    assert Recognition.objects.get().unit == world["TB-YT"]
    hanh.open(f"/van-phong/sang-kien/{other.code}/")
    back = hanh.page.locator("details.reason-offer", has_text=re.compile("Trả về|Giao lại|cơ sở"))
    back.first.locator("summary").click()
    back.first.locator("textarea").fill("Thuộc thẩm quyền của cơ sở, đề nghị đơn vị tự quyết định.")
    look(hanh, "l3-handing-down")
    back.first.locator("form button:not([type=button])").click()
    hanh.check()
    assert Initiative.objects.get(pk=other.pk).state == "received"
    binh.open(f"/van-phong/sang-kien/{item.code}/")
    assert "Công đoàn ngành Y tế" in binh.text() or "CĐYT" in binh.text()
    look(binh, "l4-below")
    told = " ".join(Notice.objects.filter(person=world.an).values_list("headline", flat=True))
    assert "chuyển lên" in told.lower()


@both
def test_whether_it_would_count_is_told_from_the_first_word_to_the_verdict(someone, world, screen):  # noqa: F811
    make_programme(world, "TB-YT")
    an = someone("0900000001")
    an.open("/toi/gui/")
    an.page.locator("summary", has_text="Có được tính vào chương trình không?").click()
    an.page.get_by_text("chương trình tính từ 01/09/2021 đến hết 30/09/2023").wait_for()
    look(an, "p1-quick")
    an.page.fill("[name=title]", "Giá treo bình ô-xy gấp gọn được")
    an.page.fill("[name=problem_before]", "Bình ô-xy dựng tạm ở góc phòng, dễ đổ khi đẩy giường.")
    an.page.fill("[name=solution]", "Hàn giá treo gấp gọn vào thành giường, khoá bằng chốt xoay.")
    an.page.locator("button[value=more]").click()
    an.page.wait_for_url("**/noi-dung/")
    an.page.fill("#id_first_applied_on", "2021-08-31")
    an.page.get_by_text("lần đầu ngày 31/08/2021").wait_for()
    look(an, "p2-too-early")
    an.page.fill("#id_first_applied_on", "2022-02-01")
    an.page.locator(".chip", has_text="Sẽ được tính").wait_for()
    look(an, "p3-would-count")
    an.page.locator("button[value=stop]").click()
    an.settle()
    item = Initiative.objects.get()
    an.open(f"/toi/sang-kien/{item.code}/viet/xem-lai/")
    assert "Sẽ được tính" in an.text()
    an.open(f"/toi/sang-kien/{item.code}/")
    an.page.get_by_role("button", name="Gửi", exact=True).first.click()
    an.page.wait_for_url("**/da-gui/")
    an.check()
    assert "Nếu được công nhận sẽ được tính vào" in an.text()
    look(an, "p4-sent")
    # A twin nobody of hers may open, found by the office: she is told its code and whom to ask.
    hidden = make_initiative(world, "NT-KCN-01", world.khoa, title="Giá treo khuôn")
    dossiers.mark_duplicate(item, hidden, by=SYSTEM)
    readers.drain_all()
    for visitor, path in (
        (an, f"/toi/sang-kien/{item.code}/"),
        (someone("0900000003"), f"/van-phong/sang-kien/{item.code}/"),
    ):
        visitor.open(path)
        assert f"hồ sơ {hidden.code}, xin hỏi {hidden.handler.short_name}" in visitor.text()
        assert hidden.title not in visitor.text()
        look(visitor, "p5-duplicate-" + path.split("/")[1])


NOWHERE = (  # pages of lists: with a filter that matches nothing, and far beyond the end
    "/van-phong/sang-kien/?state=submitted&q=khongcogi",
    "/van-phong/sang-kien/?state=received&kind=technical",
    "/van-phong/sang-kien/?q=khongcogi&cursor=400",
    "/thu-vien/?q=khongcogi",
    "/thu-vien/?kind=technical&year=2019",
    "/toi/sang-kien/?q=khongcogi",
)


@both
def test_somebody_of_a_unit_with_nothing_meets_no_dead_end(someone, world, screen):  # noqa: F811
    clean = rosters.enter("Hà Văn Mới", world["TB-YT-03"], phone="0900000077", code="DV077", since=SINCE, by=SYSTEM)
    rosters.open_account(clean, "matkhau-thu-2022", by=SYSTEM)
    rosters.appoint(clean, world["TB-YT-03"], "chair", title="Chủ tịch", since=SINCE, by=SYSTEM)
    moi = someone("0900000077")
    for path in (
        *("/van-phong/", "/van-phong/sang-kien/", "/van-phong/pham-vi/", "/van-phong/hoi-dong/"),
        *("/van-phong/nhan-rong/", "/van-phong/sang-kien/goi-tep/"),
        *("/van-phong/sang-kien/ly-do-mau/", "/van-phong/chuc-danh/lam-thay/", "/van-phong/hoi-dong/moi/"),
        *("/toi/", "/toi/sang-kien/", "/toi/gui/", "/toi/ca-nhan/", "/thu-vien/"),
    ):
        moi.page.goto(moi.address + path)
        assert "404" not in moi.page.title(), path
        look(moi, "m-" + path.strip("/").replace("/", "-"))
    for path in NOWHERE:
        moi.open(path)
        assert moi.page.get_by_role("link", name="Bỏ lọc").count() >= 1, path
        look(moi, "n-" + re.sub(r"\W+", "-", path))
        moi.page.get_by_role("link", name="Bỏ lọc").first.click()
        moi.check()
        assert "khongcogi" not in moi.page.url
