"""A plan as an official paper, in the order and words unions use; what is written reads back as the same plan."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Any

from django.utils import translation

from thidua.documents.choices import PaperKind
from thidua.documents.rendering.official import Block, Bullet, Heading, OfficialPaper, Paragraph
from thidua.kernel import text
from thidua.programmes.choices import Comparator, Relation
from thidua.programmes.models import Phase, Plan, PlanReference, PlanTarget
from thidua.programmes.papers import wordings
from thidua.programmes.reader import ReadPlan

Item = dict[str, Any]


def official_paper(plan: Plan) -> OfficialPaper:
    """The plan with its present values; number and date are given at issue. Always Vietnamese."""
    with translation.override("vi"):
        return paper_of(
            structure_of(plan),
            superior=plan.unit.parent.name if plan.unit.parent else "",
            opening=[line for line in plan.opening.splitlines() if line.strip()],
            is_grassroots=plan.unit.kind.is_grassroots,
            is_draft=plan.issued_at is None,
        )


def paper_of(
    plan: ReadPlan,
    *,
    superior: str = "",
    opening: list[str] | None = None,
    is_grassroots: bool = False,
    is_draft: bool = False,
) -> OfficialPaper:
    """The paper of a structure, as it was read or as the rows of a plan give it."""
    body = "Ban Chấp hành" if is_grassroots else "Ban Thường vụ"
    signed_for, position = _authority(plan.signed_for or "", f"TM. {body.upper()}")
    return OfficialPaper(
        superior=superior,
        issuer=plan.issuer or "",
        number=plan.number,
        symbol=plan.symbol or "",
        place=plan.place or "",
        issued_on=_day(plan.issued_on),
        year=plan.year,
        kind=PaperKind.PLAN.label.upper(),
        subject=plan.title or "",
        opening=opening or [_opening(plan, body)],
        blocks=[*_aims(plan.aims), *_numbers(plan), *_content(plan), *_organisation(plan)],
        recipients=[recipient["text"] for recipient in plan.recipients],
        signed_for=signed_for,
        position=position,
        signer=plan.signer or "",
        draft=is_draft,
    )


def structure_of(plan: Plan) -> ReadPlan:
    """The rows of a plan in the shape a paper is read in."""
    references = plan.references.exclude(number="").select_related("target__unit").order_by("pk")
    named = [_reference(r) for r in references]
    programmes = list(plan.programmes.prefetch_related("phases"))
    return ReadPlan(
        number=plan.number,
        symbol=plan.symbol,
        issued_on=_iso(plan.issued_on),
        place=plan.place or plan.unit.place,
        issuer=plan.unit.name,
        title=plan.title,
        year=plan.year,
        signer=plan.signer,
        signed_for=plan.signed_for,
        basis=[r for r in named if r["relation"] != Relation.IMPLEMENTS],
        implements=[r for r in named if r["relation"] == Relation.IMPLEMENTS],
        amends=_amended(plan),
        phases=[_phase(phase) for programme in programmes for phase in programme.phases.all()],
        targets=[_target(t) for t in plan.targets.select_related("indicator", "phase")],
        movements=[
            {"name": programme.name, "kind": programme.kind, "audience": programme.audience} for programme in programmes
        ],
        duties=[
            {"who": duty.who, "text": duty.text, "due_on": _iso(duty.due_on), "recurring": duty.recurring or None}
            for duty in plan.duties.all()
        ],
        recipients=[{"text": recipient.text} for recipient in plan.recipients.all()],
        aims=aims_of(plan),
    )


def _reference(reference: PlanReference) -> Item:
    symbol = re.split(r"[-/]", reference.number.partition("/")[2] or reference.number.partition("-")[2])[0].upper()
    return {
        "kind": _PAPERS.get(symbol, "Văn bản"),
        "number": reference.number,
        "issued_on": _iso(reference.issued_on),
        "issuer": reference.target.unit.name if reference.target else None,
        "title": reference.title.strip() or None,
        "relation": reference.relation,
    }


def _amended(plan: Plan) -> list[Item]:
    """The plan this one changes, or the papers its source names as changed."""
    if plan.amends is None:
        return list((plan.reading or {}).get("amends") or [])
    changed = {
        "kind": PaperKind.PLAN.label,
        "number": plan.amends.full_number,
        "issued_on": _iso(plan.amends.issued_on),
        "issuer": None,
        "title": None,
        "relation": "amends",
    }
    return [changed] if plan.amends.number else []


def _phase(phase: Phase) -> Item:
    days = ("starts_on", "ends_on", "eligible_from", "eligible_to")
    return {
        "name": phase.name,
        "theme": phase.theme or None,
        "kind": phase.kind,
        **{name: _iso(getattr(phase, name)) for name in days},
    }


def _target(target: PlanTarget) -> Item:
    whole = target.value == target.value.to_integral()
    return {
        "indicator": target.indicator_id,
        "name": target.indicator.name,
        "comparator": str(Comparator(target.comparator)),
        "value": int(target.value) if whole else float(target.value),
        "unit": target.amount,
        "phase": target.phase.name if target.phase else None,
        "period": target.period or None,
        "phrase": target.phrase,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


_POSITION = re.compile(r"\s*((?:KT\.\s*)?(?:Q\.\s*)?(?:PHÓ\s+)?(?:CHỦ TỊCH|TRƯỞNG BAN|CHÁNH VĂN PHÒNG)\b.*)$")


def _authority(signed_for: str, usual: str) -> tuple[str, str]:
    """'TM. BAN THƯỜNG VỤ CHỦ TỊCH' → what is signed for, and the position of the signer."""
    match = _POSITION.search(signed_for)
    if not match:
        is_named = re.search(r"chu tich|truong ban|chanh van phong|giam doc|chair", text.fold(signed_for))
        return signed_for or usual, "" if is_named else "CHỦ TỊCH"
    return signed_for[: match.start()].strip() or usual, match[1].strip()


# What the first letters of a symbol stand for: 154/KH-LĐLĐ, 02/CT-UBND, 30/2020/NĐ-CP.
_PAPERS = {
    "KH": "Kế hoạch", "CT": "Chỉ thị", "NQ": "Nghị quyết", "QĐ": "Quyết định", "HD": "Hướng dẫn", "NĐ": "Nghị định",
    "CTR": "Chương trình", "TB": "Thông báo", "KL": "Kết luận", "TT": "Thông tư", "CV": "Công văn",
}  # fmt: skip
_VERBS = ("phat dong", "thuc hien", "to chuc", "trien khai", "ban hanh", "tang cuong", "day manh", "huong ung")
_LEADS = {"basis": "Căn cứ", "implements": "Thực hiện"}


def _named(reference: Item, quoted: str = "") -> str:
    """'Kế hoạch số 154/KH-LĐLĐ ngày 10/01/2022 của … về …'; a programme's name stands in quotation marks."""
    on = f" ngày {wordings.day(reference['issued_on'])}" if reference["issued_on"] else ""
    whose = f" của {reference['issuer']}" if reference["issuer"] else ""
    about = (reference["title"] or "").strip()
    if about and text.fold(about).startswith(_VERBS):
        about = f" về việc {about[0].lower()}{about[1:]}"
    elif about:
        about = f" về “{about}”" if text.fold(about) in quoted and not re.search(r"[“”\"]", about) else f" về {about}"
    return f"{reference['kind']} số {reference['number']}{on}{whose}{about}"


def _opening(plan: ReadPlan, body: str) -> str:
    names = text.fold(" ".join([plan.title or "", *(movement["name"] for movement in plan.movements)]))
    named = [f"Căn cứ {_named(r, names)}" for r in plan.basis if r["relation"] == "basis"]
    named += [f"Thực hiện {_named(r, names)}" for r in plan.implements]
    basis = "; ".join(named)
    issuer = plan.issuer or ""
    who = body if issuer.isupper() else f"{body} {issuer}".strip()  # a letterhead in capitals is not repeated
    return f"{basis + ', ' if basis else ''}{who} xây dựng kế hoạch thực hiện như sau:"


USUAL_AIMS = (
    "Tuyên truyền, vận động đoàn viên, người lao động hưởng ứng, phát huy sáng kiến, cải tiến kỹ thuật.",
    "Tổ chức thiết thực, phù hợp với đơn vị; khen thưởng kịp thời, quan tâm người lao động trực tiếp.",
)


def aims_of(plan: Plan) -> list[str]:
    """What the unit wrote as aims, or the usual words to start from."""
    return list((plan.reading or {}).get("aims") or USUAL_AIMS)


_SUBHEADING = re.compile(r"^\d{1,2}\.\s+\S.{0,60}[^.;:]$")


def _aims(aims: list[str]) -> list[Block]:
    """Purpose and requirements; under `1. Mục đích` a single paragraph stands without a dash."""
    blocks: list[Block] = [Heading(1, "I. MỤC ĐÍCH, YÊU CẦU")]
    for at, line in enumerate(aims):
        before, after = aims[at - 1] if at else "", aims[at + 1] if at + 1 < len(aims) else "1. Yêu cầu"
        if _SUBHEADING.match(line):
            blocks.append(Heading(2, line))
        elif _SUBHEADING.match(before) and _SUBHEADING.match(after):
            blocks.append(Paragraph(line))
        else:
            blocks.append(Bullet(line))
    return blocks


def _numbers(plan: ReadPlan) -> list[Block]:
    blocks: list[Block] = [Heading(1, "II. MỤC TIÊU")]
    known = {phase["name"] for phase in plan.phases}
    own = [t for t in plan.targets if not t.get("unit_name")]
    blocks += [Bullet(wordings.sentence(t)) for t in own if t["phase"] not in known]
    for phase in plan.phases:
        blocks.append(Bullet(wordings.phase(phase, [t for t in own if t["phase"] == phase["name"]])))
    return blocks if len(blocks) > 1 else [*blocks, Paragraph("Theo chỉ tiêu cấp trên giao.")]


def _content(plan: ReadPlan) -> list[Block]:
    blocks: list[Block] = [Heading(1, "III. NỘI DUNG, BIỆN PHÁP")]
    blocks += [Bullet(line) for line in wordings.movements(plan.movements)]
    blocks += [Bullet(f"Gắn với việc thực hiện {_named(r)}.") for r in plan.basis if r["relation"] == Relation.LINKED]
    return blocks if len(blocks) > 1 else [*blocks, Paragraph("Theo hướng dẫn của công đoàn cấp trên.")]


def _organisation(plan: ReadPlan) -> list[Block]:
    """Duties under the body they address; what every unit is to do stands at the end."""
    blocks: list[Block] = [Heading(1, "IV. TỔ CHỨC THỰC HIỆN")]
    number = 0
    for who, group in itertools.groupby(plan.duties, key=lambda duty: duty["who"]):
        ordered = [duty for duty in group if not wordings.is_for_all(duty)]
        number += bool(ordered)
        if len(ordered) == 1 and (order := wordings.order(ordered[0])):
            blocks.append(Paragraph(f"{number}. {order}"))
        elif ordered:
            blocks.append(Heading(2, f"{number}. {wordings.capital(who).rstrip(':')}:"))
            blocks += [Bullet(wordings.duty(duty)) for duty in ordered]
    last: list[Block] = [Paragraph(wordings.duty(duty)) for duty in plan.duties if wordings.is_for_all(duty)]
    for changed in plan.amends:
        verb = "thay thế" if changed["relation"] == "replaces" else "sửa đổi, bổ sung"
        last.insert(0, Paragraph(f"Kế hoạch này {verb} {_named(changed)}."))
    if not any(isinstance(block, Paragraph) and "vướng mắc" in block.text for block in last):
        last.append(Paragraph(f"Trên đây là Kế hoạch {wordings.small(plan.title or 'của đơn vị')}."))
    return [*blocks, *last]
