"""A plan as an official paper, in the order and words unions use."""

from __future__ import annotations

from django.utils import translation

from thidua.documents.choices import PaperKind
from thidua.documents.rendering.official import Block, Bullet, Heading, OfficialPaper, Paragraph
from thidua.kernel import formats
from thidua.programmes.choices import Amount, Comparator, ProgrammeKind, Relation
from thidua.programmes.models import Phase, Plan, PlanTarget

_PREFIX = {Comparator.AT_LEAST: "ít nhất ", Comparator.MORE_THAN: "trên ", Comparator.AT_MOST: "không quá "}


def official_paper(plan: Plan) -> OfficialPaper:
    """The plan with its present values; number and date are given at issue. Always Vietnamese."""
    with translation.override("vi"):
        return _compose(plan)


def _compose(plan: Plan) -> OfficialPaper:
    unit = plan.unit
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
        signed_for=plan.signed_for.replace("CHỦ TỊCH", "").strip() or "TM. BAN THƯỜNG VỤ",
        position="CHỦ TỊCH",
        signer=plan.signer,
        draft=plan.issued_at is None,
    )


def _opening(plan: Plan) -> list[str]:
    named = []
    for reference in plan.references.exclude(relation=Relation.LINKED):
        on = f" ngày {formats.day(reference.issued_on)}" if reference.issued_on else ""
        title = f" {reference.title}" if reference.title else ""
        named.append(f"{reference.get_relation_display()} số {reference.number}{on}{title}".replace(" số  ", " "))
    issuer = plan.unit.name
    if plan.opening:
        return [plan.opening]
    basis = "; ".join(named)
    return [f"{basis + '; ' if basis else ''}{issuer} xây dựng kế hoạch thực hiện như sau:"]


def _aims(plan: Plan) -> list[Block]:
    return [
        Heading(1, "I. MỤC ĐÍCH, YÊU CẦU"),
        Bullet("Tuyên truyền, vận động đoàn viên, người lao động hưởng ứng, phát huy sáng kiến, cải tiến kỹ thuật."),
        Bullet("Tổ chức thiết thực, phù hợp với đơn vị; khen thưởng kịp thời, quan tâm người lao động trực tiếp."),
    ]


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
    if target.amount == Amount.PERCENT:
        return f"{target.indicator.name}: {prefix}{formats.percent(target.value)}{period}."
    return f"{target.indicator.name}: {prefix}{formats.number(target.value)}{period}."


def _phase(phase: Phase, targets: list[PlanTarget]) -> str:
    start = f"từ ngày {formats.day(phase.starts_on)} " if phase.starts_on else "từ nay "
    end = f"đến ngày {formats.day(phase.ends_on)}" if phase.ends_on else ""
    wanted = "; ".join(f"{_PREFIX.get(t.comparator, '')}{formats.number(t.value)} sáng kiến" for t in targets)  # type: ignore[call-overload]
    aim = f", mục tiêu {wanted}" if wanted else ""
    theme = f": {phase.theme.rstrip('.')}" if phase.theme else ""
    window = ""
    if phase.eligible_from:
        until = f" đến {formats.day(phase.eligible_to)}" if phase.eligible_to else ""
        window = f" (các sáng kiến từ {formats.day(phase.eligible_from)}{until} được tính)"
    return f"{phase.name} ({start}{end}){theme}{aim}{window}."


def _content(plan: Plan) -> list[Block]:
    blocks: list[Block] = [Heading(1, "III. NỘI DUNG, BIỆN PHÁP")]
    words = {
        ProgrammeKind.PROGRAMME: "Chương trình",
        ProgrammeKind.MOVEMENT: "Phong trào thi đua",
        ProgrammeKind.DRIVE: "Cuộc vận động",
    }
    for programme in plan.programmes.all():
        audience = f" – {programme.get_audience_display()}" if programme.audience != "all" else ""
        blocks.append(Bullet(f"{words[ProgrammeKind(programme.kind)]} “{programme.name}”{audience}."))
    return blocks


def _organisation(plan: Plan) -> list[Block]:
    blocks: list[Block] = [Heading(1, "IV. TỔ CHỨC THỰC HIỆN")]
    heading, number = "", 0
    for duty in plan.duties.all():
        if duty.who != heading:
            heading, number = duty.who, number + 1
            blocks.append(Heading(2, f"{number}. {heading.rstrip(':')}:"))
        due = f" Thời hạn: {formats.day(duty.due_on)}." if duty.due_on else ""
        blocks.append(Bullet(f"{duty.text.rstrip(';. ')}.{due}"))
    blocks.append(
        Paragraph("Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, phản ánh về cấp trên để được hướng dẫn./.")
    )
    return blocks
