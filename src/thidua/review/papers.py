"""The minutes of a session, written by the system from what happened. Papers are Vietnamese in every language."""

from __future__ import annotations

from collections.abc import Sequence

from thidua.documents.rendering.official import Block, Bullet, Column, Heading, OfficialPaper, Paragraph, Table
from thidua.kernel import formats
from thidua.review.choices import Chair, Outcome
from thidua.review.models import Case, Recusal, Seat, Session
from thidua.review.rules import RuleSet

ROLES = {
    Chair.CHAIR: "Chủ tịch hội đồng",
    Chair.DEPUTY: "Phó chủ tịch hội đồng",
    Chair.SECRETARY: "Thư ký",
    Chair.MEMBER: "Uỷ viên",
}
NAMED = 4  # authors of a case the minutes name; the decision names them all
RESULTS = {
    Outcome.PASSED: "Đề nghị công nhận",
    Outcome.MORE: "Đề nghị bổ sung",
    Outcome.FAILED: "Đề nghị không công nhận",
}
BASES = {"members": "tổng số thành viên được biểu quyết", "present": "số thành viên dự họp", "votes": "số phiếu"}
COLUMNS = (
    Column("TT", 8, "center"),
    Column("Mã hồ sơ, tên sáng kiến", 54),
    Column("Tác giả", 34),
    Column("Điểm TB", 14, "center"),
    Column("Đồng ý", 13, "center"),
    Column("Bổ sung", 13, "center"),
    Column("Không", 16, "center"),
    Column("Kết quả", 26),
)


def minutes(
    session: Session,
    rule: RuleSet,
    seats: Sequence[Seat],
    present: set[int],
    cases: Sequence[Case],
    recusals: Sequence[Recusal],
    *,
    signer: Seat | None,
) -> OfficialPaper:
    """`signer` has signed as the head of the session; the secretary signs on the left."""
    council, unit = session.council, session.council.unit
    here = [s for s in seats if s.pk in present]
    secretary = next((s for s in seats if s.role == Chair.SECRETARY), None)
    return OfficialPaper(
        superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        symbol=unit.symbol,
        place=unit.place,
        kind="BIÊN BẢN",
        subject=f"Họp {council.name}",
        year=session.held_on.year,
        opening=[_opening(session, len(cases))],
        blocks=[
            Heading(1, "THÀNH PHẦN"),
            Paragraph(f"Có mặt {len(here)}/{len(seats)} thành viên:"),
            *(Bullet(_member(s)) for s in here),
            *_away([s for s in seats if s.pk not in present]),
            Heading(1, "CÁCH BIỂU QUYẾT"),
            Paragraph(_how(session, rule, len(seats), len(here))),
            *_interests(recusals),
            Heading(1, "NỘI DUNG"),
            *(Paragraph(line) for line in session.discussion.splitlines() if line.strip()),
            Heading(1, "KẾT QUẢ"),
            Table(COLUMNS, [_row(place, case) for place, case in enumerate(cases, 1)]),
            Paragraph(_sum(cases)),
            Paragraph("Biên bản được lập từ kết quả chấm và biểu quyết trên hệ thống, các thành viên thống nhất."),
        ],
        recipients=["Thành viên hội đồng", "Lưu: VT"],
        position=ROLES[Chair(signer.role)].upper() if signer else "CHỦ TỊCH HỘI ĐỒNG",
        signer=signer.person.full_name if signer else "",
        left_position="THƯ KÝ",
        left_signer=secretary.person.full_name if secretary else "",
    )


def _opening(session: Session, how_many: int) -> str:
    council = session.council
    place = f", tại {session.place}" if session.place else ""
    founded = f"thành lập theo Quyết định số {council.decision_number} ngày {formats.day(council.decided_on)}"
    return (
        f"Hôm nay, ngày {formats.day(session.held_on)}{place}, {council.name} ({founded}) họp xét {how_many:02d} hồ sơ."
    )


def _member(seat: Seat) -> str:
    title = f", {seat.title}" if seat.title else ""
    return f"{seat.person.full_name}{title} – {ROLES[Chair(seat.role)]}"


def _away(seats: Sequence[Seat]) -> list[Block]:
    return [Paragraph("Vắng mặt:"), *(Bullet(_member(s)) for s in seats)] if seats else []


def _how(session: Session, rule: RuleSet, seats: int, present: int) -> str:
    manner = "Bỏ phiếu kín" if session.council.is_secret else "Biểu quyết công khai"
    share = "quá" if rule.is_strict else "từ"
    bound = f"{share} {rule.threshold.numerator}/{rule.threshold.denominator} {BASES[rule.base]}"
    return (
        f"{manner} trên hệ thống. Phiên họp hợp lệ khi có ít nhất {rule.needed(seats)}/{seats} thành viên (có mặt "
        f"{present}); hồ sơ được đề nghị công nhận khi {bound} đồng ý."
    )


def _interests(recusals: Sequence[Recusal]) -> list[Block]:
    if not recusals:
        return []
    lines = [f"{r.seat.person.full_name}: hồ sơ {r.case.subject_code} ({r.reason})" for r in recusals]
    return [Paragraph("Không tham gia chấm, biểu quyết do xung đột lợi ích:"), *(Bullet(line) for line in lines)]


def _row(place: int, case: Case) -> list[str]:
    average = formats.number(case.average, 1) if case.average is not None else "–"
    names = [p.name for p in case.parties.all()]
    authors = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        authors += f" và {len(names) - NAMED} đồng tác giả khác"
    votes = [str(case.yes), str(case.more), str(case.no)]
    result = RESULTS.get(Outcome(case.outcome), "")
    return [
        str(place),
        f"{case.subject_code} {case.title}",
        authors,
        average,
        *votes,
        f"{result} ({case.yes}/{case.base})",
    ]


def _sum(cases: Sequence[Case]) -> str:
    counts = {o: sum(c.outcome == o for c in cases) for o in RESULTS}
    return "Tổng hợp: " + "; ".join(f"{words.lower()} {counts[o]} hồ sơ" for o, words in RESULTS.items()) + "."
