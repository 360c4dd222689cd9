"""A plan as an official paper, in the order and words unions use."""

from __future__ import annotations

import re

from django.utils import translation

from thidua.documents.choices import PaperKind
from thidua.documents.rendering.official import Block, Bullet, Heading, OfficialPaper, Paragraph
from thidua.kernel import formats, text
from thidua.programmes.choices import Amount, Comparator, ProgrammeKind, Relation
from thidua.programmes.models import Phase, Plan, PlanReference, PlanTarget

_PREFIX = {Comparator.AT_LEAST: "ít nhất ", Comparator.MORE_THAN: "trên ", Comparator.AT_MOST: "không quá "}


def official_paper(plan: Plan) -> OfficialPaper:
    """The plan with its present values; number and date are given at issue. Always Vietnamese."""
    with translation.override("vi"):
        return _compose(plan)


def _compose(plan: Plan) -> OfficialPaper:
    unit = plan.unit
    signed_for, position = _authority(plan)
    return OfficialPaper(
        superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        number=plan.number,
        symbol=plan.symbol,
        place=plan.place or unit.place,
        issued_on=plan.issued_on,
        year=plan.year,
        kind=PaperKind.PLAN.label.upper(),
        subject=plan.title,
        opening=_opening(plan),
        blocks=[*_aims(plan), *_numbers(plan), *_content(plan), *_organisation(plan)],
        recipients=[r.text for r in plan.recipients.all()],
        signed_for=signed_for,
        position=position,
        signer=plan.signer,
        draft=plan.issued_at is None,
    )


_POSITION = re.compile(r"\s*((?:KT\.\s*)?(?:PHÓ\s+)?(?:CHỦ TỊCH|TRƯỞNG BAN|CHÁNH VĂN PHÒNG)\b.*)$")


def _authority(plan: Plan) -> tuple[str, str]:
    """'TM. BAN THƯỜNG VỤ CHỦ TỊCH' → what is signed for, and the position of the signer."""
    usual = "TM. BAN CHẤP HÀNH" if plan.unit.kind.is_grassroots else "TM. BAN THƯỜNG VỤ"
    match = _POSITION.search(plan.signed_for)
    if not match:
        return plan.signed_for or usual, "CHỦ TỊCH"
    return plan.signed_for[: match.start()].strip() or usual, match[1].strip()


# What the first letters of a symbol stand for: 154/KH-LĐLĐ, 02/CT-UBND, 30/2020/NĐ-CP.
_PAPERS = {
    "KH": "Kế hoạch", "CT": "Chỉ thị", "NQ": "Nghị quyết", "QĐ": "Quyết định", "HD": "Hướng dẫn", "NĐ": "Nghị định",
    "CTR": "Chương trình", "TB": "Thông báo", "KL": "Kết luận", "TT": "Thông tư", "CV": "Công văn",
}  # fmt: skip
_VERBS = ("phat dong", "thuc hien", "to chuc", "trien khai", "ban hanh", "tang cuong", "day manh")


def _named(reference: PlanReference) -> str:
    """'Thực hiện Kế hoạch số 154/KH-LĐLĐ ngày 10/01/2022 về …'"""
    symbol = reference.number.rpartition("/")[2].partition("-")[0].upper()
    kind = _PAPERS.get(symbol, "văn bản")
    on = f" ngày {formats.day(reference.issued_on)}" if reference.issued_on else ""
    whose = f" của {reference.target.unit.name}" if reference.target else ""
    about = reference.title.strip().strip('“”"')
    if about and text.fold(about).startswith(_VERBS):
        about = f" về việc {about[0].lower()}{about[1:]}"
    elif about:
        about = f" về “{about}”"
    return f"{reference.get_relation_display()} {kind} số {reference.number}{on}{whose}{about}"


def _opening(plan: Plan) -> list[str]:
    if plan.opening:
        return [line for line in plan.opening.splitlines() if line.strip()]
    order = {Relation.BASIS: 0, Relation.IMPLEMENTS: 1}
    found = plan.references.exclude(relation=Relation.LINKED).exclude(number="").select_related("target__unit")
    named = [_named(r) for r in sorted(found, key=lambda r: (order.get(Relation(r.relation), 2), r.pk))]
    basis = "; ".join(named)
    return [f"{basis + ', ' if basis else ''}{plan.unit.name} xây dựng kế hoạch thực hiện như sau:"]


USUAL_AIMS = (
    "Tuyên truyền, vận động đoàn viên, người lao động hưởng ứng, phát huy sáng kiến, cải tiến kỹ thuật.",
    "Tổ chức thiết thực, phù hợp với đơn vị; khen thưởng kịp thời, quan tâm người lao động trực tiếp.",
)


def aims_of(plan: Plan) -> list[str]:
    """What the unit wrote as aims, or the usual words to start from."""
    return list((plan.reading or {}).get("aims") or USUAL_AIMS)


def _aims(plan: Plan) -> list[Block]:
    return [Heading(1, "I. MỤC ĐÍCH, YÊU CẦU"), *[Bullet(line) for line in aims_of(plan)]]


def _numbers(plan: Plan) -> list[Block]:
    blocks: list[Block] = [Heading(1, "II. MỤC TIÊU")]
    targets = list(plan.targets.select_related("indicator", "phase"))
    blocks += [Bullet(_sentence(t)) for t in targets if t.phase_id is None]
    for programme in plan.programmes.prefetch_related("phases"):
        for phase in programme.phases.all():
            mine = [t for t in targets if t.phase_id == phase.pk]
            blocks.append(Bullet(_phase(phase, mine)))
    return blocks if len(blocks) > 1 else [*blocks, Paragraph("Theo chỉ tiêu cấp trên giao.")]


def _sentence(target: PlanTarget) -> str:
    prefix = _PREFIX.get(target.comparator, "")  # type: ignore[call-overload]
    period = f" ({target.period})" if target.period else ""
    if target.indicator_id == "participation_rate":
        return f"Phấn đấu {prefix}{formats.percent(target.value)} đoàn viên có sáng kiến tham gia{period}."
    if target.amount == Amount.PERCENT:
        return f"{target.indicator.name}: {prefix}{formats.percent(target.value)}{period}."
    if target.indicator_id == "initiatives":
        return f"Phấn đấu {prefix}{formats.number(target.value)} sáng kiến{period}."
    return f"{target.indicator.name}: {prefix}{formats.number(target.value)}{period}."


def _phase(phase: Phase, targets: list[PlanTarget]) -> str:
    start = f"từ ngày {formats.day(phase.starts_on)} " if phase.starts_on else "từ nay "
    end = f"đến ngày {formats.day(phase.ends_on)}" if phase.ends_on else ""
    aim = f", với mục tiêu {'; '.join(_aim(t) for t in targets)}" if targets else ""
    theme = f": {phase.theme.rstrip('.')}" if phase.theme else ""
    window = ""
    if phase.eligible_from:
        until = f" đến {formats.day(phase.eligible_to)}" if phase.eligible_to else ""
        window = f" (các sáng kiến từ {formats.day(phase.eligible_from)}{until} được tính)"
    return f"{phase.name} ({start}{end}){theme}{aim}{window}."


def _aim(target: PlanTarget) -> str:
    """'phấn đấu đạt 100 sáng kiến'; another indicator by its name."""
    if target.indicator_id != "initiatives":
        return _sentence(target).rstrip(".")
    words = {Comparator.AT_LEAST: "ít nhất", Comparator.MORE_THAN: "trên", Comparator.AT_MOST: "không quá"}
    return (
        f"phấn đấu đạt {words.get(Comparator(target.comparator), '')} {formats.number(target.value)} sáng kiến".replace(
            "  ", " "
        )
    )


def _content(plan: Plan) -> list[Block]:
    blocks: list[Block] = [Heading(1, "III. NỘI DUNG, BIỆN PHÁP")]
    words = {
        ProgrammeKind.PROGRAMME: "Chương trình",
        ProgrammeKind.MOVEMENT: "Phong trào thi đua",
        ProgrammeKind.DRIVE: "Cuộc vận động",
    }
    for programme in plan.programmes.all():
        whom = programme.get_audience_display()
        audience = f" đối với {whom[0].lower()}{whom[1:]}" if programme.audience != "all" else ""
        blocks.append(Bullet(f"{words[ProgrammeKind(programme.kind)]} “{programme.name}”{audience}."))
    return blocks


def _organisation(plan: Plan) -> list[Block]:
    blocks: list[Block] = [Heading(1, "IV. TỔ CHỨC THỰC HIỆN")]
    heading, number = "", 0
    for duty in plan.duties.all():
        if duty.who != heading:
            heading, number = duty.who, number + 1
            blocks.append(Heading(2, f"{number}. {heading[:1].upper()}{heading[1:].rstrip(':')}:"))
        due = f" Thời hạn: {formats.day(duty.due_on)}." if duty.due_on else ""
        blocks.append(Bullet(f"{duty.text.rstrip(';. ')}.{due}"))
    blocks.append(
        Paragraph("Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, phản ánh về cấp trên để được hướng dẫn./.")
    )
    return blocks
