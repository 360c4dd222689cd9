"""The application and the sheet of what is owed: complete, exact, the same in Word and PDF."""

import io
from datetime import date
from decimal import Decimal

import pytest
from docx import Document
from pypdf import PdfReader

from tests.initiatives.test_dossiers import filed, recognised
from thidua.documents.rendering import statements
from thidua.initiatives.domain import applications, benefits, dossiers, participants, remuneration
from thidua.initiatives.domain.participants import Helped, Particulars
from thidua.kernel import clock, rulepacks
from thidua.kernel.verdicts import Refused

WHOLE = {
    "field": "Y tế",
    "sponsor": "Bệnh viện Đa khoa tỉnh",
    "steps": "1. Đo khung\n2. Hàn khay",
    "novelty": "Khay phân liều theo giường.",
    "conditions": "Có xe đẩy cũ và thợ hàn.",
    "confidential": "Bản vẽ khay.",
    "sealed": ["steps"],
    "benefit_before": 50_000,
    "benefit_after": 20_000,
    "benefit_volume": 1_000,
    "benefit_cost": 6_000_000,
}


@pytest.fixture
def whole(cast):
    initiative = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**filed_fields(), **WHOLE})
    dossiers.share_out(initiative, [(cast.an, Decimal("66.5")), (cast.dung, Decimal("33.5"))], by=cast.an)
    lead = initiative.authorships.first()
    participants.describe_authors(
        initiative, {lead.pk: Particulars(date(1990, 3, 5), "Khoa Nội", "Điều dưỡng trưởng", "Đại học")}, by=cast.an
    )
    participants.replace(initiative, [Helped("Lê Văn Hàn", "Hàn khung xe", Particulars(date(1985, 1, 2)))], by=cast.an)
    asked = benefits.ask_first_user(initiative, cast.chi, by=cast.an)
    benefits.answer_first_use(asked, by=cast.chi, benefit="money", amount=20_000_000, opinion="Đỡ đi lại một nửa.")
    dossiers.submit(initiative, by=cast.an)
    return initiative


def filed_fields():
    from tests.initiatives import test_dossiers as basic

    return {**basic.IDEA, **basic.WHOLE}


def words_of(content: bytes) -> str:
    """The text of a .docx, tables too."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(p.text for p in document.paragraphs), *cells]).split())


def pdf_words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


STATED = [
    "ĐƠN YÊU CẦU CÔNG NHẬN SÁNG KIẾN",
    "Kính gửi: CĐCS Bệnh viện Đa khoa tỉnh",
    "Tỷ lệ (%) đóng góp",
    "Nguyễn Thị An",
    "05/03/1990",
    "Điều dưỡng trưởng",
    "66,5",
    "33,5",
    "Xe đẩy thuốc ba tầng",
    "Chủ đầu tư tạo ra sáng kiến: Bệnh viện Đa khoa tỉnh",
    "01/02/2022",
    "Khay phân liều theo giường.",
    "Bản vẽ khay.",
    "Các mục: Các bước thực hiện.",
    "Có xe đẩy cũ và thợ hàn.",
    "(50.000 – 20.000) × 1.000 – 6.000.000",
    "Đỡ đi lại một nửa.",
    "20.000.000",
    "Lê Văn Hàn",
    "Hàn khung xe",
    "NGƯỜI NỘP ĐƠN",
]


def test_the_application_says_all_the_form_asks_in_word_and_pdf(whole):
    statement = applications.application(whole)
    word, pdf = words_of(statements.to_docx(statement)), pdf_words(statements.to_pdf(statement))
    for said in STATED:
        assert said in word, said
        if len(said) < 24:  # a narrow column of a PDF breaks longer words over lines
            assert said in pdf, said


def test_an_empty_application_leaves_lines_to_write_on(cast):
    statement = applications.application(dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an))
    assert "……" in words_of(statements.to_docx(statement))
    assert statements.to_pdf(statement).startswith(b"%PDF")


def test_what_is_owed_for_a_year(cast):
    initiative = recognised(cast)
    dossiers_confirmed(initiative, cast, 100_000_001)
    initiative.participants.create(position=0, name="Lê Hàn", work="Hàn")
    initiative.participants.create(position=1, name="Vũ Dán", work="Dán")
    sheet = remuneration.sheet(initiative, 1)
    amounts = {p.name: p.amount for p in sheet.payees}
    assert amounts == {"Nguyễn Thị An": 7_000_000, "Lê Hàn": 700_000, "Vũ Dán": 700_000}
    assert "chưa được đối chiếu" in sheet.notes[-1]
    assert "Năm áp dụng thứ 1 kết thúc ngày 01/02/2023; trả trước ngày 01/03/2023." in sheet.notes
    words = words_of(statements.to_docx(applications.remuneration(initiative, sheet)))
    assert "8.400.000" in words
    assert "Nghị định 13/2012/NĐ-CP" in words


def dossiers_confirmed(initiative, cast, amount):
    from thidua.initiatives.models import Initiative

    Initiative.objects.filter(pk=initiative.pk).update(benefit_confirmed=amount, benefit_confirmed_by=cast.binh)
    initiative.refresh_from_db()


@pytest.mark.parametrize(
    ("on", "salary"), [(date(2022, 5, 20), 1_490_000), (date(2023, 7, 1), 1_800_000), (date(2025, 1, 1), 2_340_000)]
)
def test_what_cannot_be_counted_is_owed_by_the_salary_of_the_day(cast, on, salary):
    initiative = recognised(cast, benefit="not_quantifiable", benefit_stated=None)
    with clock.at(on):
        assert remuneration.years(initiative) == [0]
        assert remuneration.sheet(initiative, 0).payees[0].amount == 5 * salary
        assert rulepacks.in_force("base-salary", on).verified is False


def test_a_sheet_is_refused_while_it_cannot_be_said(cast):
    with pytest.raises(Refused, match="đã được công nhận"):
        remuneration.sheet(filed(cast), 1)
    initiative = recognised(cast, title="Giá để bình ô-xy không lăn")
    with pytest.raises(Refused, match="chưa được xác nhận"):
        remuneration.sheet(initiative, 1)
    with pytest.raises(Refused, match="cho năm này"):
        remuneration.sheet(initiative, 4)
    assert remuneration.sheet(initiative, 1, transferred_for=10_000_000).payees[0].amount == 1_500_000


@pytest.mark.parametrize("shares", [["33.33", "33.33", "33.34"], ["50", "50"], ["0", "100"], ["12.5"] * 8])
def test_parts_add_up_to_the_last_dong(shares):
    assert sum(remuneration.split(1_000_003, [Decimal(s) for s in shares])) == 1_000_003


def test_papers_to_sign_keep_together_what_belongs_together(whole):
    """A label never ends a page, the places to sign never stand alone on one: tried over a whole page of lengths."""
    for lines_more in range(0, 34, 3):
        whole.conditions = "Một dòng nữa.\n" * lines_more + "Hết."
        pages = [page.extract_text() for page in PdfReader(_pdf(applications.application(whole))).pages]
        last = next(page for page in pages if "NGƯỜI NỘP ĐƠN" in page)
        assert "xin cam đoan" in last, lines_more
        helped = next(page for page in pages if "Danh sách những người" in page)
        table = helped.partition("Danh sách những người")[2]
        assert "STT" in table, lines_more
        assert "Hàn" in table, lines_more


def _pdf(statement):
    return io.BytesIO(statements.to_pdf(statement))


def test_the_sheet_of_what_is_owed_says_the_sum_in_words_under_its_title(cast):
    initiative = recognised(cast)
    dossiers_confirmed(initiative, cast, 100_000_000)
    statement = applications.remuneration(initiative, remuneration.sheet(initiative, 1))
    words = words_of(statements.to_docx(statement))
    assert "Số tiền bằng chữ: Bảy triệu đồng." in words
    assert initiative.handler.name.upper() in words
    lines = PdfReader(_pdf(statement)).pages[0].extract_text().splitlines()
    assert [line for line in lines if "BẢNG TÍNH THÙ LAO SÁNG KIẾN" in line] == ["BẢNG TÍNH THÙ LAO SÁNG KIẾN"]
