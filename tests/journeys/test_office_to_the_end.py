"""The office's side played to the end on both screens: one decision for many, scopes, second tries, deadlines,
the benefit, other rules, likeness, two at once."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from docx import Document

from tests.cast import SINCE, SYSTEM
from tests.initiatives.test_dossiers import REASON, filed
from tests.initiatives.test_reception import GROUNDS, received
from tests.journeys.test_record_to_the_end import both, look, someone  # noqa: F401 - a fixture
from tests.similarity.test_comparisons import neighbours
from tests.similarity.test_measures import SOURCE, replaced
from tests.tallies.test_sums import make_programme
from thidua.awards.models import Certificate
from thidua.documents.choices import Purpose
from thidua.initiatives.domain import attachments, benefits, deadlines, dossiers, reception, recognitions, scopes
from thidua.initiatives.models import Initiative, Recognition
from thidua.kernel import clock, installation
from thidua.ledger import readers
from thidua.notify.models import Notice
from thidua.people.domain import rosters
from thidua.programmes.choices import PlanState
from thidua.programmes.models import Plan
from thidua.similarity.domain import reading
from thidua.similarity.models import Judgement

pytestmark = pytest.mark.journey
LATER = date(2022, 9, 20)
WHY = "Giải pháp đã có trong quy trình bắt buộc của ngành từ trước."


def written(words: str) -> bytes:
    """A report in Word that says this."""
    report, made = Document(), io.BytesIO()
    report.add_paragraph(words)
    report.save(made)
    return made.getvalue()


def refused_is_no_fault(visitor) -> None:
    """The browser notes the status of a page that says no."""
    visitor.faults = [f for f in visitor.faults if "422" not in f and "409" not in f]


@both
def test_many_are_recognised_by_one_decision_and_certified(someone, world, screen):  # noqa: F811
    items = [received(world, title=f"Giá treo bình ô-xy số {n} gấp gọn được") for n in range(1, 7)]
    for item, gap in ((items[2], {"kind": ""}), (items[5], {"first_applied_on": None})):
        dossiers.write(item, by=world.binh, revision=item.revision, **gap)
    chi = someone("0900000004")
    chi.open("/van-phong/sang-kien/?state=received&size=50")
    first = chi.page.locator("input.choice").first
    first.check()
    chi.page.locator({"phone": ".bulk-bar", "desktop": "thead"}[screen] + " [data-check-all]").check()
    look(chi, "a1-ticked")
    chi.page.get_by_role("button", name="Công nhận…").click()
    chi.check()
    assert "Chưa đủ điều kiện (2)" in chi.text()
    assert "Chưa chọn loại giải pháp." in chi.text()
    assert "Có tên trong quyết định (4)" in chi.text()
    form, listed = chi.page.locator("#id_decided_by").bounding_box(), chi.page.locator(".rows").last.bounding_box()
    assert screen == "desktop" or form["y"] < listed["y"]  # never below a long list
    chi.page.fill("#id_decided_by", "Phạm Thị Chi")
    look(chi, "a2-decision")
    chi.page.get_by_role("button", name="Ghi quyết định công nhận").dblclick()
    chi.agree()
    assert "Đã công nhận 4 sáng kiến." in chi.text()
    assert {r.decision_number for r in Recognition.objects.all()} == {"01/QĐ-CĐCS"}
    look(chi, "a3-outcome")
    with chi.page.expect_download() as coming:
        chi.page.get_by_role("button", name="In giấy chứng nhận cả quyết định").click()
    assert coming.value.suggested_filename.endswith(".pdf")
    paper = chi.page.get_by_role("link", name="Quyết định 01/QĐ-CĐCS", exact=True).get_attribute("href")
    assert chi.context.request.get(chi.address + paper).body().startswith(b"%PDF")
    chi.open(f"/xac-minh/{Certificate.objects.earliest('pk').code}/")
    assert "Giấy này đã bị thu hồi." not in chi.text()
    chi.open(f"/van-phong/sang-kien/{items[2].code}/")
    assert chi.page.locator("button:disabled", has_text="Công nhận").count() == 1


@both
def test_a_scope_is_recognised_by_the_province_then_by_the_nation(someone, world, screen):  # noqa: F811
    item = received(world)
    recognitions.recognise(item, by=world.chi, decision_number="12/QĐ-BV", decided_on=date(2022, 5, 18))
    top = rosters.enter("Lưu Công Thịnh", world["TLD"], phone="0900000099", code="DV099", since=SINCE, by=SYSTEM)
    rosters.open_account(top, "matkhau-thu-2022", by=SYSTEM)
    rosters.appoint(top, world["TLD"], "chair", title="Chủ tịch", since=SINCE, by=SYSTEM)
    scopes.propose(item, world["TB"], by=world.chi, grounds=GROUNDS)
    decide(someone("0900000012"))
    chi = someone("0900000004")
    chi.open(f"/van-phong/sang-kien/{item.code}/")
    chi.page.locator("summary", has_text="Đề nghị công nhận phạm vi rộng hơn").click()
    assert chi.page.locator("#scope-unit option").count() == 1  # what was recognised is not asked again
    chi.page.fill("#grounds", GROUNDS)
    chi.page.get_by_role("button", name="Gửi đề nghị").click()
    chi.check()
    decide(someone("0900000099"))
    chi.open(f"/van-phong/sang-kien/{item.code}/")
    look(chi, "b1-three-decisions")
    assert sorted(item.recognitions.values_list("scope", flat=True)) == ["grassroots", "nation", "province"]
    assert "Huỷ bỏ công nhận phạm vi này" not in chi.text()
    told = " ".join(Notice.objects.filter(person=world.an).values_list("headline", flat=True))
    for step in ("tiếp nhận", "Đã công nhận:", "(Cấp tỉnh, ngành)", "(Toàn quốc)"):
        assert step in told


def decide(visitor) -> None:
    visitor.open("/van-phong/")
    visitor.click("sáng kiến chờ xét phạm vi")
    visitor.page.locator("main .rows a").first.click()
    visitor.check()
    visitor.page.get_by_role("button", name="Công nhận phạm vi", exact=True).click()
    visitor.agree()
    assert "Đã ghi quyết định công nhận phạm vi." in visitor.text()
    assert visitor.page.get_by_role("link", name="PDF", exact=True).count() >= 1


@both
def test_refused_with_a_canned_reason_and_tried_again(someone, world, screen):  # noqa: F811
    item = received(world)
    chi = someone("0900000004")
    chi.open(f"/van-phong/sang-kien/{item.code}/")
    chi.page.locator("details.reason-offer summary", has_text="Không công nhận").click()
    chi.page.locator("details[open] .canned button").first.click()
    reason = chi.page.locator("#reason-refuse").input_value()
    chi.page.locator("details[open] form button.btn-danger").click()
    chi.check()
    an = someone("0900000001")
    an.open(f"/toi/sang-kien/{item.code}/")
    assert reason in an.text()
    look(an, "c1-refused")
    an.page.get_by_role("button", name="Viết lại để gửi lần nữa").click()
    an.page.wait_for_url("**/viet/y-tuong/")
    an.check()
    assert an.page.locator("[name=solution]").input_value() == item.solution
    look(an, "c2-again")
    again = Initiative.objects.exclude(pk=item.pk).get()
    an.open(f"/toi/sang-kien/{again.code}/")
    an.page.get_by_role("button", name="Gửi", exact=True).first.click()
    an.page.wait_for_url("**/da-gui/")
    chi.open(f"/van-phong/sang-kien/{again.code}/")
    assert f"đã viết lại từ hồ sơ {item.code}" in chi.text()


@both
def test_what_is_overdue_reaches_the_desk_above_and_a_substitute_takes_over(someone, world, screen):  # noqa: F811
    make_programme(world, "TB-YT")
    lying, returned = filed(world), filed(world, title="Hộp chia thuốc theo giờ uống")
    reception.send_back(returned, by=world.binh, reason=REASON)
    installation.set_demonstration(is_demonstration=True, clock_on=LATER)
    with clock.at(LATER):
        deadlines.remind_all()
        readers.drain_all()
        giang = someone("0900000006")
        giang.open("/van-phong/")
        look(giang, "d1-above")
        giang.click("hồ sơ cần đôn đốc")
        assert lying.title in giang.text()
        assert giang.page.locator("main tbody tr").count() == 1
        an = someone("0900000001")
        an.open(f"/toi/sang-kien/{returned.code}/")
        assert "quá hạn bổ sung mà chưa gửi lại" in an.text()
        look(an, "d2-late-supplement")
        binh = someone("0900000003")
        binh.open("/van-phong/")
        binh.click("1 quá hạn")
        assert binh.page.locator("main tbody tr").count() == 1  # the number is that of the list
        binh.open("/van-phong/chuc-danh/lam-thay/")
        binh.click("Cử người thay")
        binh.page.fill("[name=person]", "0900000002")
        binh.page.fill("[name=until]", "2022-09-30")
        binh.page.fill("[name=reason]", "Nghỉ phép năm")
        look(binh, "d3-substitute")
        binh.page.locator("main form button.btn-primary").click()
        binh.check()
        dung = someone("0900000002")
        dung.open(f"/van-phong/sang-kien/{lying.code}/")
        dung.click("Tiếp nhận")
        assert "Đã tiếp nhận hồ sơ." in dung.text()


@both
def test_the_benefit_is_stated_heard_and_confirmed_by_somebody_else(someone, world, screen):  # noqa: F811
    item = received(world)
    asked = benefits.ask_first_user(item, world.dung, by=world.binh)
    benefits.answer_first_use(asked, by=world.dung, benefit="money", amount=20_000_000, opinion="Đỡ đi lại nhiều.")
    own = dossiers.start(world.binh, world["TB-YT-01"], by=world.binh, title="Bảng kiểm của cán bộ tiếp nhận", **said())
    dossiers.submit(own, by=world.binh)
    reception.receive(own, by=world.chi)
    binh = someone("0900000003")
    binh.open(f"/van-phong/sang-kien/{own.code}/")
    confirm(binh, "1.000.000")
    assert "Giá trị làm lợi do người khác tác giả xác nhận." in binh.text()
    binh.open(f"/van-phong/sang-kien/{item.code}/")
    confirm(binh, "hai chục triệu")
    assert binh.page.locator("#amount").input_value() == "hai chục triệu"
    assert "người áp dụng lần đầu: 20.000.000 đồng" in binh.text()
    look(binh, "e1-wrong")
    confirm(binh, "22.000.000")
    assert "Đã xác nhận giá trị làm lợi." in binh.text()
    assert "đã xác nhận giá trị làm lợi: 22.000.000 đồng" in binh.text()
    item.refresh_from_db()
    recognitions.recognise(item, by=world.chi, decision_number="12/QĐ-BV", decided_on=date(2022, 5, 18))
    an = someone("0900000001")
    an.open(f"/toi/sang-kien/{item.code}/")
    sheet = an.page.locator("a[href*='thu-lao']").first.get_attribute("href")
    assert an.context.request.get(an.address + sheet).ok
    look(an, "e2-author")


def said() -> dict[str, str]:
    return {"problem_before": "Trước đây ghi tay nên hay sót.", "solution": "Lập bảng kiểm in sẵn theo từng bước."}


def confirm(visitor, amount: str) -> None:
    box = visitor.page.locator("details#lam-loi")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    visitor.page.fill("#amount", amount)
    box.get_by_role("button", name="Xác nhận").click()
    visitor.settle()
    refused_is_no_fault(visitor)
    visitor.check()


@both
def test_other_rules_show_their_difference_and_exclusions_their_words(someone, world, screen):  # noqa: F811
    programme = make_programme(world, "TB-YT")
    Plan.objects.filter(pk=programme.plan_id).update(state=PlanState.ISSUED, issued_at=clock.now())
    item = received(world)
    recognitions.recognise(item, by=world.chi, decision_number="12/QĐ-BV", decided_on=date(2022, 5, 18))
    readers.drain_all()
    giang = someone("0900000006")
    giang.open(f"/van-phong/chuong-trinh/{programme.code}/thu-quy-tac/")
    giang.page.fill("[name=eligible_from]", "2022-03-01")
    giang.page.get_by_role("button", name="Xem thay đổi").click()
    giang.check()
    assert "Không còn được tính (1)" in giang.text()
    assert "áp dụng trước thời gian chương trình quy định" in giang.text()
    look(giang, "f1-difference")
    assert "chương trình tính từ 01/03/2022" in giang.text()
    with giang.page.expect_download() as coming:
        giang.page.get_by_role("link", name="Tải thay đổi từng hồ sơ, từng đơn vị").click()
    assert coming.value.suggested_filename.endswith(".xlsx")
    assert item.entries.get(programme=programme).is_counted  # nothing was applied
    binh = someone("0900000003")
    for mark, words in (
        ("#ip", "đang được bảo hộ quyền sở hữu trí tuệ"),
        ("#order", "trái trật tự công cộng hoặc đạo đức xã hội"),
    ):
        binh.open(f"/van-phong/sang-kien/{item.code}/")
        box = binh.page.locator("details#khong-tinh")
        if box.get_attribute("open") is None:
            box.locator("summary").click()
        binh.page.check(mark)
        box.get_by_role("button", name="Lưu").click()
        binh.check()
        assert words in binh.text()
    look(binh, "f2-excluded")


@both
@pytest.mark.parametrize(  # the fourth, an adoption, has a journey of its own
    ("word", "label"),
    [("new", "Là sáng kiến mới"), ("improvement", "Cải tiến từ sáng kiến đã có"), ("copy", "Sao chép")],
)
def test_likeness_in_an_attachment_is_weighed(someone, world, screen, word, label):  # noqa: F811
    original = neighbours(world)
    readers.drain_all()
    item = dossiers.start(world.an, world["TB-YT-01-N"], by=world.an, title="Cách phát thuốc buổi sáng", **said())
    attachments.attach(item, written(replaced(SOURCE, 0.1, 1)), "thuyet-minh.docx", Purpose.EVIDENCE, by=world.an)
    dossiers.submit(item, by=world.an)
    reception.receive(item, by=world.binh)
    reading.with_files(item.pk)
    binh = someone("0900000003")
    binh.open(f"/van-phong/sang-kien/{item.code}/")
    binh.click(original.title)
    assert "thuyet-minh.docx" in binh.text()
    assert binh.page.locator("mark").count() > 5
    binh.page.get_by_label(label).check()
    binh.page.fill("[name=reason]", "Đã so từng đoạn, khác ở cách chia khay theo giường.")
    look(binh, f"g1-{word}")
    binh.page.get_by_role("button", name="Ghi kết luận").click()
    if binh.page.locator("#ask[open]").count():
        binh.agree()
    binh.check()
    assert Judgement.objects.get().finding == word
    assert label in binh.text()


@both
def test_by_keyboard_and_with_twelve_authors_and_twenty_files(someone, world, screen):  # noqa: F811
    item = dossiers.start(world.an, world["TB-YT-01-N"], by=world.an, title="Quy trình một cửa", **said())
    others = [
        rosters.enter(f"Đồng Tác Giả {n}", world["TB-YT-01"], code=f"DT{n:03d}", since=SINCE, by=SYSTEM)
        for n in range(11)
    ]
    dossiers.share_out(item, [(world.an, Decimal(34)), *((p, Decimal(6)) for p in others)], by=world.an)
    for n in range(20):
        attachments.attach(
            item, written(f"Biểu mẫu {n}."), f"bieu-mau-{n} ap dung tai khoa.docx", Purpose.EVIDENCE, by=world.an
        )
    dossiers.submit(item, by=world.an)
    binh = someone("0900000003")
    binh.open("/van-phong/sang-kien/?state=submitted")
    assert re.search(r"Nguyễn Thị An, Đồng Tác Giả \d+ và 10 người nữa", binh.text())
    binh.open(f"/van-phong/sang-kien/{item.code}/")
    assert "đã thêm tệp vào hồ sơ (20 lần)" in binh.text()
    assert binh.page.locator("main a", has_text="bieu-mau-").count() == 20
    look(binh, "i1-big")
    for _press in range(120):  # with nothing but the keyboard, in the order of the page
        binh.page.keyboard.press("Tab")
        if binh.page.evaluate("document.activeElement.textContent.trim()") == "Tiếp nhận":
            break
    binh.page.keyboard.press("Enter")
    binh.settle()
    binh.check()
    assert "Đã tiếp nhận hồ sơ." in binh.text()
    assert Initiative.objects.get(pk=item.pk).state == "received"
