"""Filing on a slow phone: light pages, drafts that stay where they should, files that survive a cut line."""

import gzip
import io
import re

import pytest
from PIL import Image

from tests.documents import hostile
from tests.journeys.conftest import Visitor
from tests.journeys.test_member_and_officer import fill_idea, programme  # noqa: F401 - a fixture
from thidua.documents.models import Upload
from thidua.initiatives.models import Initiative

pytestmark = pytest.mark.journey
BUDGET = 100 * 1024
PAPER = hostile.pdf(b"%" + bytes(range(1, 256)) * 6000)  # 1.5 MB in six pieces


@pytest.fixture
def poster(world, programme):  # noqa: F811
    """Where the QR code on the wall leads."""
    unit = world["TB-YT-01"]
    unit.accepts_open_filing = True
    unit.save()
    return f"/gui/{programme.code}/TB-YT-01/"


def drafts(visitor: Visitor) -> list[str]:
    return visitor.page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('draft:'))")


def who(visitor: Visitor) -> None:
    visitor.page.fill("[name=name]", "Lý Thị Mới")
    visitor.page.fill("[name=phone]", "0912345678")


def press_send(visitor: Visitor) -> None:
    visitor.page.locator("main form button.btn-primary").last.click()


def choose(
    visitor: Visitor, box: str, content: bytes = PAPER, name: str = "ban-ve.pdf", kind="application/pdf"
) -> None:
    visitor.page.set_input_files(f"[name={box}]", {"name": name, "mimeType": kind, "buffer": content})


def said(visitor: Visitor) -> str:
    return visitor.page.locator("[data-files] [role=status]").inner_text()


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", ["poster", "/dang-nhap/", "/"])
def test_a_fresh_browser_loads_less_than_100_kb(browser, live_server, poster, path, width, height):
    visitor = Visitor(browser, live_server.url, width, height)
    loaded: dict[str, int] = {}

    def weigh(answer) -> None:
        if not answer.url.startswith("data:") and answer.status == 200:
            body = answer.body()
            is_text = re.search("text|javascript|svg|json", answer.headers.get("content-type", ""))
            # The server sends texts packed; a font or a photo is packed already.
            loaded[answer.url] = len(gzip.compress(body, 6) if is_text else body) + 400

    visitor.page.on("response", weigh)
    visitor.page.goto(live_server.url + (poster if path == "poster" else path))
    visitor.page.wait_for_load_state("networkidle")
    visitor.context.close()
    assert len(loaded) > 3
    assert sum(loaded.values()) < BUDGET, loaded


def test_a_360_phone_shows_the_form_without_stumbling_blocks(browser, live_server, poster):
    visitor = Visitor(browser, live_server.url, 360, 740)
    visitor.open(poster)
    visitor.context.close()


def test_a_cut_upload_goes_on_by_itself_and_sends_no_byte_in_vain(phone, poster):
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    fill_idea(phone)
    travelled, is_cut = [], {"now": False}

    def line(route) -> None:
        if is_cut["now"]:
            route.abort("connectionreset")
            return
        if route.request.method == "POST":
            travelled.append(int(route.request.headers["upload-offset"]))
            is_cut["now"] = len(travelled) == 2
        route.continue_()

    phone.page.route(re.compile(r"/tai-tep/[0-9a-f-]{36}/$"), line)
    choose(phone, "papers")
    phone.page.wait_for_selector("[data-files] li.is-cut")
    is_cut["now"] = False
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.page.wait_for_selector("[data-files] li.is-done", timeout=30000)
    assert travelled == sorted(set(travelled))  # every piece once, in its place
    phone.faults.clear()  # the cut line is on the console
    press_send(phone)
    phone.page.wait_for_url("**/da-gui/")
    attachment = Initiative.objects.get().attachments.get()
    assert attachment.file.size == len(PAPER)


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(phone, poster, tmp_path):
    drawing = tmp_path / "ban-ve.pdf"
    drawing.write_bytes(PAPER)
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    fill_idea(phone)
    phone.page.wait_for_timeout(1200)  # the draft is on the server
    arrived = []

    def line(route) -> None:
        if len(arrived) >= 2 and route.request.method == "POST":
            route.abort("connectionreset")
            return
        arrived.append(1)
        route.continue_()

    phone.page.route(re.compile(r"/tai-tep/[0-9a-f-]{36}/$"), line)
    phone.page.set_input_files("[name=papers]", drawing)
    phone.page.wait_for_selector("[data-files] li.is-cut")
    started = Upload.objects.get()
    assert 0 < started.received < started.size
    phone.page.unroute_all()
    phone.faults.clear()
    draft = Initiative.objects.get()
    phone.open(f"/toi/sang-kien/{draft.code}/viet/hieu-qua/")
    phone.page.evaluate(
        "key => { document.querySelector('form[enctype] [name=submission_key]').value = key; }", started.form_key
    )
    phone.page.select_option("[name=kind]", "description")
    phone.page.set_input_files("[name=file]", drawing)
    phone.page.wait_for_selector("[data-files] li.is-done", timeout=30000)
    assert Upload.objects.count() == 1


def test_sending_waits_for_the_files_and_sends_once(phone, poster):
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    fill_idea(phone)
    phone.page.route(
        re.compile(r"/tai-tep/[0-9a-f-]{36}/$"), lambda route: (phone.page.wait_for_timeout(150), route.continue_())
    )
    choose(phone, "papers")
    press_send(phone)
    press_send(phone)
    phone.page.wait_for_url("**/da-gui/", timeout=30000)
    assert Initiative.objects.get().attachments.count() == 1
    phone.check()


def test_a_refused_file_says_why_and_does_not_hold_up_the_rest(phone, poster):
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    fill_idea(phone)
    choose(phone, "papers", b"<html><script>alert(1)</script>")
    phone.page.wait_for_selector("[data-files] li.is-failed")
    assert "không thuộc loại được nhận" in phone.text()
    phone.faults.clear()  # the refused request is on the console
    press_send(phone)
    phone.page.wait_for_url("**/da-gui/")
    phone.check()


def test_the_same_file_chosen_twice_is_listed_once_and_said_so(phone, poster, tmp_path):
    drawing = tmp_path / "ban-ve.pdf"
    drawing.write_bytes(PAPER)
    phone.open(poster)
    assert phone.page.get_by_text("Chọn ảnh").count() == 2  # not the browser's "no file chosen"
    for _time in range(2):
        phone.page.set_input_files("[name=papers]", drawing)
    phone.page.wait_for_selector("[data-files] li.is-done")
    assert phone.page.locator("[data-files] li").count() == 1
    assert "đã chọn rồi" in phone.text()
    phone.check()


def test_a_photo_lying_on_its_side_arrives_upright_and_small(phone, poster):
    picture = Image.new("RGB", (3200, 2400), "red")
    picture.paste("blue", (0, 0, 3200, 300))  # the top as the sensor saw it
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, exif=exif)
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    fill_idea(phone)
    choose(phone, "after", out.getvalue(), "anh.jpg", "image/jpeg")
    phone.page.wait_for_selector("[data-files] li.is-done")
    assert Upload.objects.get().size < len(out.getvalue())
    press_send(phone)
    phone.page.wait_for_url("**/da-gui/")
    with Initiative.objects.get().attachments.get().file.stored.open("rb") as opened, Image.open(opened) as image:
        assert image.size == (1200, 1600)
        red, _green, blue = image.convert("RGB").getpixel((1150, 800))
        assert blue > red  # the top is now on the right


def test_a_visitors_draft_comes_back_and_goes_once_filed(phone, poster):
    phone.open(poster)
    phone.context.set_offline(True)
    fill_idea(phone)
    who(phone)
    phone.page.wait_for_timeout(1500)
    assert drafts(phone) == [f"draft:visitor:visitor-{poster.split('/')[2]}-TB-YT-01"]
    phone.context.set_offline(False)
    phone.faults.clear()
    phone.open(poster)
    assert phone.page.input_value("[name=name]") == "Lý Thị Mới"
    assert "lấy lại chữ" in phone.text()
    press_send(phone)
    phone.page.wait_for_url("**/gui/xong/")
    phone.check()
    assert drafts(phone) == []
    phone.open(poster)
    assert phone.page.input_value("[name=name]") == ""


def test_two_tabs_with_the_same_draft_file_once(phone, poster):
    phone.open(poster)
    phone.context.set_offline(True)
    fill_idea(phone)
    who(phone)
    phone.page.wait_for_timeout(1200)
    phone.context.set_offline(False)
    other = phone.context.new_page()
    other.goto(phone.address + poster)
    for page in (phone.page, other):
        page.locator("main form button.btn-primary").last.click()
        page.wait_for_url("**/gui/xong/")
    assert Initiative.objects.count() == 1


def test_a_device_said_to_be_shared_keeps_no_draft(phone, poster):
    phone.open(poster)
    fill_idea(phone)
    phone.page.wait_for_timeout(1200)
    phone.page.check("#shared")
    who(phone)
    phone.page.wait_for_timeout(1200)
    assert drafts(phone) == []
    phone.open(poster)
    assert phone.page.input_value("[name=title]") == ""
    assert phone.page.input_value("[name=name]") == ""


def test_a_draft_past_its_end_is_not_shown(phone, poster):
    phone.open(poster)
    key = f"draft:visitor:visitor-{poster.split('/')[2]}-TB-YT-01"
    old = "{at: Date.now() - 25 * 3600000, key: 'k', typed: {name: ['Người trước']}}"
    phone.page.evaluate(f"localStorage.setItem('{key}', JSON.stringify({old}))")
    phone.open(poster)
    assert phone.page.input_value("[name=name]") == ""
    assert drafts(phone) == []


def test_signing_out_takes_the_persons_drafts_along(phone, poster):
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    phone.context.set_offline(True)
    fill_idea(phone)
    phone.page.wait_for_timeout(1500)
    assert len(drafts(phone)) == 1
    phone.context.set_offline(False)
    phone.faults.clear()
    phone.page.locator("details.account-menu summary").click()
    phone.page.get_by_role("button", name="Đăng xuất").click()
    phone.settle()
    assert drafts(phone) == []


def test_a_kiosk_left_alone_starts_anew(browser, live_server, world, poster, phone):
    phone.sign_in("0900000003")
    phone.open(poster.replace("/gui/", "/may-chung/"))
    phone.click("Đồng ý, dùng máy này")
    phone.page.wait_for_url(f"**{poster}")
    phone.page.clock.install()
    phone.page.goto(phone.address + poster)
    fill_idea(phone)
    who(phone)
    phone.page.clock.run_for(75_000)
    assert "bắt đầu lại sau" in phone.text()
    phone.page.clock.run_for(20_000)
    phone.page.wait_for_timeout(1000)
    assert phone.page.input_value("[name=name]") == ""
    assert drafts(phone) == []
    phone.check()


def test_a_stale_tab_overwrites_nothing_and_loses_nothing(phone, poster):
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    fill_idea(phone)
    phone.page.get_by_role("button", name="Viết đầy đủ").click()
    phone.page.wait_for_url("**/viet/noi-dung/")
    address = phone.page.url
    other = phone.context.new_page()
    other.goto(address)
    other.fill("[name=applied_where]", "Khoa Nội")
    other.wait_for_timeout(1500)
    phone.page.fill("[name=applied_where]", "Khoa Ngoại")
    phone.page.wait_for_timeout(1500)
    assert "sửa ở nơi khác" in phone.page.inner_text("[data-saved]")
    assert Initiative.objects.get().applied_where == "Khoa Nội"
    phone.page.get_by_role("button", name="Lưu và tiếp").click()
    phone.settle()
    assert "Bản đã lưu ở nơi khác" in phone.text()
    assert "Khoa Nội" in phone.text()
    assert phone.page.input_value("[name=applied_where]") == "Khoa Ngoại"
