"""From what the reader understood to rows a person can confirm: programmes, phases, targets, duties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from thidua.kernel import codes, text
from thidua.programmes.choices import (
    Amount,
    Audience,
    Comparator,
    DutyKind,
    PhaseKind,
    ProgrammeKind,
    Relation,
)
from thidua.programmes.models import Duty, Indicator, Phase, Plan, PlanReference, PlanTarget, Programme, Recipient

INITIATIVE_WORDS = ("sang kien",)


def fill(plan: Plan, reading: dict[str, Any]) -> None:
    """Create everything a reading orders below a draft plan."""
    _references(plan, reading)
    for position, item in enumerate(reading.get("recipients") or []):
        Recipient.objects.create(plan=plan, text=item["text"][:300], position=position, **_source(item))
    main = _programmes(plan, reading)
    phases = {phase.name: phase for programme in plan.programmes.all() for phase in programme.phases.all()}
    for item in reading.get("targets") or []:
        _target(plan, main, phases, item)
    for position, item in enumerate(reading.get("duties") or []):
        Duty.objects.create(
            plan=plan,
            who=item["who"][:300],
            kind=duty_kind(item["text"]),
            text=item["text"],
            due_on=day(item.get("due_on")),
            recurring=(item.get("recurring") or "")[:120],
            position=position,
            **_source(item),
        )


def _source(item: dict[str, Any]) -> dict[str, Any]:
    source = item.get("source") or {}
    return {"source_line": source.get("line") or 0, "source_text": source.get("text") or ""}


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _references(plan: Plan, reading: dict[str, Any]) -> None:
    for key, relation in (("implements", Relation.IMPLEMENTS), ("basis", Relation.BASIS)):
        for item in reading.get(key) or []:
            PlanReference.objects.create(
                plan=plan,
                relation=item.get("relation") or relation,
                number=(item.get("number") or "")[:60],
                issued_on=day(item.get("issued_on")),
                title=item.get("title") or "",
                **_source(item),
            )


def _programmes(plan: Plan, reading: dict[str, Any]) -> Programme | None:
    """The counted programme with its phases, the movement year with its rounds, then what is named."""
    phases = [p for p in reading.get("phases") or [] if p["kind"] == PhaseKind.PHASE]
    rounds = [p for p in reading.get("phases") or [] if p["kind"] == PhaseKind.ROUND]
    named = list(reading.get("movements") or [])
    counts = bool(phases) or any(t["indicator"] == "initiatives" for t in reading.get("targets") or [])
    main = None
    if counts:
        chosen = next((m for m in named if _speaks_of_initiatives(m["name"])), None)
        if chosen:
            named.remove(chosen)
        name = chosen["name"] if chosen else plan.title
        main = _make(plan, 0, name, ProgrammeKind.PROGRAMME, "all", _source(chosen or {}))
        main.counts_initiatives = True
        starts = [day(p["eligible_from"]) for p in phases if p.get("eligible_from")]
        main.eligible_from = min((d for d in starts if d), default=None)
        main.eligible_to = max((d for d in (day(p["ends_on"]) for p in phases) if d), default=None)
        main.save()
        _make_phases(main, phases)
    if rounds:
        year = _make(plan, 1, plan.title, ProgrammeKind.MOVEMENT, "all", {})
        _make_phases(year, rounds)
    for position, item in enumerate(named, start=2):
        _make(plan, position, item["name"], item["kind"], item.get("audience") or "all", _source(item))
    return main


def _speaks_of_initiatives(name: str) -> bool:
    return any(words in text.fold(name) for words in INITIATIVE_WORDS)


def _make(plan: Plan, position: int, name: str, kind: str, audience: str, source: dict[str, Any]) -> Programme:
    return Programme.objects.create(
        code=codes.new_code("CT", 5),
        plan=plan,
        unit=plan.unit,
        kind=ProgrammeKind(kind),
        name=name[:400],
        short_name=_short(name),
        audience=Audience(audience),
        position=position,
        **source,
    )


def _short(name: str) -> str:
    """Up to the first dash or comma, so that a chip or menu can carry it."""
    head = name.replace("–", "-").split(" - ")[0].split(",")[0].strip()
    return (head if len(head) >= 12 else name)[:120]


def _make_phases(programme: Programme, items: list[dict[str, Any]]) -> None:
    for position, item in enumerate(items, 1):
        Phase.objects.create(
            programme=programme,
            kind=item["kind"],
            position=position,
            name=item["name"][:200],
            theme=item.get("theme") or "",
            starts_on=day(item.get("starts_on")),
            ends_on=day(item.get("ends_on")),
            eligible_from=day(item.get("eligible_from")),
            eligible_to=day(item.get("eligible_to")),
            **_source(item),
        )


def _target(plan: Plan, main: Programme | None, phases: dict[str, Phase], item: dict[str, Any]) -> None:
    if item.get("unit_name"):
        return  # a line of an annex table: it is for the allocation, not for the issuing unit
    phase = phases.get(item.get("phase") or "")
    indicator = Indicator.objects.filter(code=item["indicator"]).first() or Indicator.objects.get(code="other")
    value = item["value"][0] if isinstance(item["value"], list) else item["value"]
    PlanTarget.objects.create(
        plan=plan,
        programme=phase.programme if phase else main,
        phase=phase,
        indicator=indicator,
        comparator=Comparator(item.get("comparator") or "at_least"),
        value=Decimal(str(value)),
        amount=Amount(item.get("unit") or "count"),
        period=str(item.get("period") or "")[:120],
        phrase=(item.get("phrase") or "")[:300],
        **_source(item),
    )


def duty_kind(words: str) -> str:
    """By the verbs offices use."""
    folded = text.fold(words)
    for kind, marks in (
        (DutyKind.FEEDBACK, ("vuong mac",)),
        (DutyKind.REPORT, ("dinh ky bao cao", "bao cao tinh hinh", "bao cao ket qua")),
        (DutyKind.REVIEW, ("so ket", "tong ket")),
        (DutyKind.COMMEND, ("khen thuong", "bieu duong")),
        (DutyKind.ISSUE_PLAN, ("xay dung ke hoach", "xay dung, trien khai ke hoach", "chu dong xay dung")),
        (DutyKind.COMMUNICATE, ("tuyen truyen",)),
    ):
        if any(mark in folded for mark in marks):
            return kind
    return DutyKind.OTHER
