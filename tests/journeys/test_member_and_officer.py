"""A worker files on a phone and follows it; the officer returns, receives; the chair recognises."""

import re
from pathlib import Path

import pytest

from tests.journeys.conftest import Visitor
from thidua.initiatives.models import Initiative
from thidua.ledger import readers
from thidua.programmes.domain import plans
from thidua.programmes.models import Programme
from thidua.programmes.reader import read_file

pytestmark = pytest.mark.journey
PLAN = Path(__file__).parents[1] / "programmes" / "reader" / "plans" / "17-KH-CDYT-thai-binh-2022.txt"
REASON = "Đề nghị ghi ngày áp dụng lần đầu và hiệu quả cụ thể."


@pytest.fixture
def programme(world) -> Programme:
    """17/KH-CĐYT, issued by the sector."""
    draft = plans.draft_from_reading(world["TB-YT"], read_file(PLAN).to_json(), by=world.giang)
    plans.confirm(draft, by=world.giang)
    plans.issue(draft, by=world.hanh, number=17)
    readers.drain_all()
    return draft.programmes.get(counts_initiatives=True)


def fill_idea(visitor: Visitor) -> None:
    visitor.page.fill("[name=title]", "Xe đẩy thuốc ba tầng có khay phân liều")
    visitor.page.fill("[name=problem_before]", "Điều dưỡng phải đi lại nhiều lần giữa tủ thuốc và buồng bệnh.")
    visitor.page.fill("[name=solution]", "Hàn lại khung xe cũ, chia khay theo số giường, dán nhãn màu.")


def test_from_a_phone_to_a_recognised_and_counted_initiative(browser, phone, live_server, world, programme):
    # The QR of the unit and programme leads to the quick form; signing in keeps the way.
    phone.sign_in("0900000001")
    phone.open(f"/gui/{programme.code}/TB-YT-01/")
    fill_idea(phone)
    phone.page.set_input_files("[name=after]", {"name": "sau.png", "mimeType": "image/png", "buffer": picture()})
    phone.page.locator("main form button.btn-primary").last.click()
    phone.settle()
    phone.check()
    code = re.search(r"SK-[0-9A-Z]+", phone.text()).group()
    initiative = Initiative.objects.get(code=code)
    assert (initiative.state, initiative.attachments.count()) == ("submitted", 1)

    # The officer returns it with a reason, the first thing the author sees.
    officer = Visitor(browser, live_server.url, 1280, 900)
    officer.sign_in("0900000003")
    officer.open(f"/van-phong/sang-kien/{code}/")
    officer.page.locator("details.reason-offer summary").first.click()
    officer.page.locator("details[open] textarea[name=reason]").fill(REASON)
    officer.page.locator("details[open] form button:not([type=button])").click()
    officer.settle()
    officer.check()
    phone.open(f"/toi/sang-kien/{code}/")
    assert REASON in phone.text()

    # What is missing is completed; the office then sees a whole dossier.
    initiative.refresh_from_db()
    from datetime import date

    from thidua.initiatives.domain import dossiers

    dossiers.write(
        initiative,
        by=world.an,
        revision=initiative.revision,
        kind="technical",
        first_applied_on=date(2021, 9, 1),
        effect="Bớt đi lại, không còn nhầm giường.",
        benefit="not_quantifiable",
    )
    phone.open(f"/toi/sang-kien/{code}/")
    phone.page.get_by_role("button", name=re.compile("Gửi")).first.click()
    if phone.page.locator("#ask[open]").count():
        phone.agree()
    phone.settle()
    initiative.refresh_from_db()
    assert initiative.state == "submitted"

    officer.open(f"/van-phong/sang-kien/{code}/")
    officer.page.get_by_role("button", name="Tiếp nhận").first.click()
    officer.settle()
    officer.check()

    chair = Visitor(browser, live_server.url, 1280, 900)
    chair.sign_in("0900000004")
    chair.open(f"/van-phong/sang-kien/{code}/cong-nhan/")
    chair.page.fill("[name=decision_number]", "12/QĐ-BV")
    chair.page.fill("[name=decided_on]", "2022-05-18")
    chair.page.get_by_role("button", name="Ghi quyết định công nhận").click()
    chair.agree()
    phone.open(f"/toi/sang-kien/{code}/")
    assert "Giai đoạn 1" in phone.text()
    initiative.refresh_from_db()
    assert initiative.state == "recognised"
    assert initiative.entries.get(programme=programme).is_counted
    for visitor in (officer, chair):
        visitor.context.close()


def test_a_double_click_files_once(phone, world, programme):
    phone.sign_in("0900000001")
    phone.open(f"/gui/{programme.code}/TB-YT-01/")
    fill_idea(phone)
    phone.page.locator("main form button.btn-primary").last.dblclick()
    phone.page.wait_for_url("**/da-gui/")
    phone.settle()
    assert Initiative.objects.count() == 1


def picture() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (320, 240), (180, 200, 190)).save(out, "PNG")
    return out.getvalue()
