"""Papers an author signs: the statutory application, and the sheet of what is owed. Vietnamese in every language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from thidua.documents.rendering.blocks import Column, Heading, Paragraph, Run, Table
from thidua.documents.rendering.statements import Signature, Statement
from thidua.initiatives.choices import Benefit
from thidua.initiatives.domain.remuneration import Sheet
from thidua.initiatives.models import Authorship, FirstUse, Initiative, Participant
from thidua.kernel import clock, formats, installation

BLANK = "…………………………………………………………"
PEOPLE = (
    Column("STT", 9, "center"),
    Column("Họ và tên", 34),
    Column("Ngày tháng năm sinh", 22, "center"),
    Column("Nơi công tác (hoặc nơi thường trú)", 36),
    Column("Chức danh", 24),
    Column("Trình độ chuyên môn", 22),
)
AUTHORS = (*PEOPLE, Column("Tỷ lệ (%) đóng góp", 18, "center"))
HELPED = (*PEOPLE, Column("Nội dung công việc hỗ trợ", 36))


def application(initiative: Initiative) -> Statement:
    """«Đơn yêu cầu công nhận sáng kiến», row by row of the form of Thông tư 18/2013, Phụ lục I."""
    authors = list(initiative.authorships.order_by("position"))
    lead = authors[0].name if authors else ""
    return Statement(
        title="ĐƠN YÊU CẦU CÔNG NHẬN SÁNG KIẾN",
        addressee=initiative.handler.name,
        blocks=[
            Paragraph("Tôi (chúng tôi) ghi tên dưới đây:"),
            Table(AUTHORS, [_person(n, a, formats_share(a)) for n, a in enumerate(authors, 1)]),
            _row("Là tác giả (nhóm tác giả) đề nghị xét công nhận sáng kiến", initiative.title),
            _row("Chủ đầu tư tạo ra sáng kiến", initiative.sponsor or "là tác giả"),
            _row("Lĩnh vực áp dụng sáng kiến", initiative.field),
            _row("Ngày sáng kiến được áp dụng lần đầu hoặc áp dụng thử", formats.day(initiative.first_applied_on)),
            *_essence(initiative),
            *_long("Những thông tin cần được bảo mật (nếu có)", _kept(initiative)),
            *_long("Các điều kiện cần thiết để áp dụng sáng kiến", initiative.conditions),
            *_long(
                "Đánh giá lợi ích thu được hoặc dự kiến có thể thu được do áp dụng sáng kiến theo ý kiến của tác giả",
                "\n".join(filter(None, (initiative.effect, _money(initiative)))),
            ),
            *_long(
                "Đánh giá lợi ích thu được hoặc dự kiến có thể thu được do áp dụng sáng kiến theo ý kiến của tổ chức, cá nhân đã tham gia áp dụng sáng kiến lần đầu, kể cả áp dụng thử (nếu có)",
                _first_use(initiative),
            ),
            *_helped(list(initiative.participants.all())),
            Paragraph(
                "Tôi (chúng tôi) xin cam đoan mọi thông tin nêu trong đơn là trung thực, đúng sự thật và "
                "hoàn toàn chịu trách nhiệm trước pháp luật."
            ),
        ],
        place=initiative.handler.place,
        on=initiative.filed_on,
        signatures=[Signature("NGƯỜI NỘP ĐƠN", name=lead)],
        demonstration=installation.current().is_demonstration,
    )


def _row(label: str, said: str) -> Paragraph:
    return Paragraph(runs=(Run(f"- {label}: ", bold=True), Run(said if said and said != "–" else BLANK)))


def _long(label: str, said: str) -> list[Paragraph]:
    return [Paragraph(runs=(Run(f"- {label}:", bold=True),)), Paragraph(said or BLANK)]


def _essence(initiative: Initiative) -> list[Paragraph]:
    parts = (
        ("Thực trạng trước khi có sáng kiến", initiative.problem_before),
        ("Nội dung giải pháp", initiative.solution),
        ("Các bước thực hiện", initiative.steps),
        ("Điểm mới", initiative.novelty),
        ("Nơi áp dụng", initiative.applied_where),
    )
    said = [Paragraph(runs=(Run(f"{label}: ", italic=True), Run(words))) for label, words in parts if words]
    return [Paragraph(runs=(Run("- Mô tả bản chất của sáng kiến:", bold=True),)), *(said or [Paragraph(BLANK)])]


def _kept(initiative: Initiative) -> str:
    sealed = f"Các mục: {initiative.sealed_words}." if initiative.sealed else ""
    return "\n".join(filter(None, (initiative.confidential, sealed))) or "Không."


def _money(initiative: Initiative) -> str:
    if initiative.benefit == Benefit.NOT_QUANTIFIABLE:
        return "Không tính được bằng tiền."
    if initiative.benefit != Benefit.MONEY or initiative.benefit_stated is None:
        return ""
    said = f"Số tiền làm lợi: {formats.vnd(initiative.benefit_stated)} một năm"
    before, after, volume = initiative.benefit_before, initiative.benefit_after, initiative.benefit_volume
    if before is None or after is None or not volume:
        return f"{said}."
    cost = f" – {formats.number(initiative.benefit_cost)}" if initiative.benefit_cost else ""
    months = f" × 12/{initiative.benefit_months}" if initiative.benefit_months not in (None, 12) else ""
    worked_out = f"({formats.number(before)} – {formats.number(after)}) × {formats.number(volume)}{months}{cost}"
    return f"{said} = {worked_out}."


def _first_use(initiative: Initiative) -> str:
    found = FirstUse.objects.filter(initiative=initiative, stated_at__isnull=False).first()
    if found is None:
        return ""
    who = ", ".join(filter(None, (found.name, found.position)))
    money = f" Số tiền làm lợi: {formats.vnd(found.amount)} một năm." if found.benefit == Benefit.MONEY else ""
    return f"{who}: {found.opinion}{money}"


def _helped(participants: Sequence[Participant]) -> list[Heading | Paragraph | Table]:
    label = Paragraph(
        runs=(
            Run("- Danh sách những người đã tham gia áp dụng thử hoặc áp dụng sáng kiến lần đầu (nếu có):", bold=True),
        )
    )
    if not participants:
        return [label, Paragraph("Không.")]
    return [label, Table(HELPED, [_person(n, p, p.work) for n, p in enumerate(participants, 1)])]


def _person(place: int, who: Authorship | Participant, last: str) -> list[str]:
    born = formats.day(who.born_on) if who.born_on else ""
    return [str(place), who.name, born, who.workplace, who.job_title, who.qualification, last]


def formats_share(authorship: Authorship) -> str:
    """'33,5'"""
    return f"{authorship.share.normalize():f}".replace(".", ",")


def remuneration(initiative: Initiative, sheet: Sheet, on: date | None = None) -> Statement:
    """What is owed for one year of application, and why; nothing is paid by this software."""
    rows = [[str(n), p.name, p.role, p.share, formats.number(p.amount), ""] for n, p in enumerate(sheet.payees, 1)]
    total = sum(p.amount for p in sheet.payees)
    return Statement(
        issuer=initiative.handler.name,
        title="BẢNG TÍNH THÙ LAO SÁNG KIẾN",
        subtitle=f"Năm áp dụng thứ {sheet.year}" if sheet.year else "Trả một lần",
        blocks=[
            _row("Sáng kiến", f"{initiative.title} ({initiative.code})"),
            _row("Áp dụng lần đầu", formats.day(initiative.first_applied_on)),
            *(Paragraph(line) for line in sheet.explanation),
            Table(
                (
                    Column("STT", 9, "center"),
                    Column("Họ và tên", 44),
                    Column("Tư cách", 34),
                    Column("Tỷ lệ", 18, "center"),
                    Column("Số tiền (đồng)", 32, "right"),
                    Column("Ký nhận", 28),
                ),
                rows,
                total_row=["", "Cộng", "", "", formats.number(total), ""],
            ),
            Paragraph(
                runs=(Run("Số tiền bằng chữ: "), Run(f"{formats.in_words(total).capitalize()} đồng.", italic=True))
            ),
            Paragraph(runs=(Run(f"Căn cứ: {sheet.legal_basis}.", italic=True),)),
            *(Paragraph(runs=(Run(note, italic=True),)) for note in sheet.notes),
        ],
        place=initiative.handler.place,
        on=on or clock.today(),
        signatures=[
            Signature("NGƯỜI LẬP"),
            Signature("KẾ TOÁN TRƯỞNG"),
            Signature("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, đóng dấu)"),
        ],
        demonstration=installation.current().is_demonstration,
    )
