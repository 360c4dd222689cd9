"""From what the reader understood to rows a person can confirm: programmes, phases, targets, duties."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, TextChoices

from thidua.kernel import codes, text
from thidua.orgs import queries as org_queries
from thidua.programmes import rules
from thidua.programmes.choices import (
    Amount,
    Audience,
    Comparator,
    DutyKind,
    PhaseKind,
    ProgrammeKind,
    Relation,
    Timing,
)
from thidua.programmes.models import Duty, Indicator, Phase, Plan, PlanReference, PlanTarget, Programme, Recipient
from thidua.programmes.queries import duties

MOST = Decimal(10) ** 15  # a larger number is a reading error
# What the counted programme is measured by; other numbers belong to the movement year.
COUNTED = frozenset({"initiatives", "participation_rate", "benefit"})


def fill(plan: Plan, reading: dict[str, Any]) -> None:
    """Create everything a reading orders below a draft plan."""
    _references(plan, reading)
    for position, item in enumerate(reading.get("recipients") or []):
        Recipient.objects.create(plan=plan, text=item["text"][:300], position=position, **_source(item))
    match_recipients(plan)
    homes = _programmes(plan, reading)
    phases = {phase.name: phase for programme in plan.programmes.all() for phase in programme.phases.all()}
    for item in reading.get("targets") or []:
        _target(plan, homes, phases, item)
    for position, item in enumerate(reading.get("duties") or []):
        _duty(plan, position, item)


def _duty(plan: Plan, position: int, item: dict[str, Any]) -> None:
    """A duty with whom it addresses and when it is due, as far as the words say."""
    recurring = (item.get("recurring") or "")[:120]
    timing, due_day = rules.timing_of(recurring)
    duty = Duty(
        plan=plan,
        who=item["who"][:300],
        kind=duty_kind(item["text"]),
        party=rules.party_of(item["who"]),
        text=item["text"],
        timing=timing,
        due_on=day(item.get("due_on")) if timing == Timing.ONCE else None,
        due_day=due_day,
        recurring=recurring,
        position=position,
        **_source(item),
    )
    duty.addressed = duties.addressed_by_words(duty)
    duty.save()


def match_recipients(plan: Plan) -> None:
    """Recipients that are units known here; "Các CĐCS trực thuộc" are the units below anyway."""
    names = {text.fold(r.text): r for r in plan.recipients.all()}
    for unit in org_queries.active().filter(Q(name__in=_spellings(plan)) | Q(short_name__in=_spellings(plan))):
        if row := names.get(text.fold(unit.name)) or names.get(text.fold(unit.short_name)):
            row.unit = unit
            row.save(update_fields=["unit"])


def _spellings(plan: Plan) -> list[str]:
    return [r.text for r in plan.recipients.all()]


def _source(item: dict[str, Any]) -> dict[str, Any]:
    source = item.get("source") or {}
    return {"source_line": source.get("line") or 0, "source_text": source.get("text") or ""}


def day(value: str | None) -> date | None:
    """A day as the reader writes it; what is no day is left open for the person who confirms."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def clean(value: Any) -> Any:
    """Without the NUL characters some files carry, which the database does not take."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [clean(item) for item in value]
    return {key: clean(item) for key, item in value.items()} if isinstance(value, dict) else value


def _one_of(values: type[TextChoices], wanted: Any, otherwise: str) -> str:
    return wanted if wanted in values.values else otherwise


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


def _programmes(plan: Plan, reading: dict[str, Any]) -> list[Programme]:
    """The counted programme with its phases, the movement year with its rounds, then what is named."""
    phases = [p for p in reading.get("phases") or [] if p["kind"] == PhaseKind.PHASE]
    rounds = [p for p in reading.get("phases") or [] if p["kind"] == PhaseKind.ROUND]
    ordered = {t["indicator"] for t in reading.get("targets") or []}
    named = list(reading.get("movements") or [])
    homes = []
    if phases or ordered & COUNTED:
        chosen = _main_of(named, plan.title)
        if chosen:
            named.remove(chosen)
        name = chosen["name"] if chosen else _subject(plan.title)
        main = _make(plan, 0, name, ProgrammeKind.PROGRAMME, "all", _source(chosen or {}))
        _count(main, phases)
        _make_phases(main, phases)
        homes.append(main)
    if rounds or (ordered and not homes):
        year = _make(plan, 1, _subject(plan.title), ProgrammeKind.MOVEMENT, "all", {})
        _make_phases(year, rounds)
        homes.append(year)
    for position, item in enumerate(named, start=2):
        _make(plan, position, item["name"], item["kind"], item.get("audience") or "all", _source(item))
    return homes


def _count(main: Programme, phases: list[dict[str, Any]]) -> None:
    """Eligible from the earliest day a phase names to the last day of the last phase."""
    main.counts_initiatives = True
    main.eligible_from = min((d for p in phases if (d := day(p.get("eligible_from")))), default=None)
    main.eligible_to = max((d for p in phases if (d := day(p.get("ends_on")))), default=None)
    if main.eligible_from and main.eligible_to and main.eligible_to < main.eligible_from:
        main.eligible_to = None  # a typing error in the paper: left open for the person who confirms
    main.save(update_fields=["counts_initiatives", "eligible_from", "eligible_to"])


def _main_of(named: list[dict[str, Any]], title: str) -> dict[str, Any] | None:
    """The programme the paper is about: of initiatives and in its title, else the first of initiatives."""
    folded = text.fold(title)
    speaking = [m for m in named if "sang kien" in text.fold(m["name"])]
    speaking.sort(key=lambda m: (text.fold(m["name"]) not in folded, m["kind"] != ProgrammeKind.PROGRAMME))
    return speaking[0] if speaking else None


_VERBS = re.compile(r"^(?:(?:về\s+việc|về|thực hiện|triển khai|tổ chức|phát động|hưởng ứng)\s+)+", re.IGNORECASE)


def _subject(title: str) -> str:
    """'Phát động phong trào thi đua …' → 'Phong trào thi đua …'."""
    bare = _VERBS.sub("", title).strip()
    return (bare[:1].upper() + bare[1:]) or title


def _make(plan: Plan, position: int, name: str, kind: str, audience: str, source: dict[str, Any]) -> Programme:
    return Programme.objects.create(
        code=codes.new_code("CT"),
        plan=plan,
        unit=plan.unit,
        kind=_one_of(ProgrammeKind, kind, ProgrammeKind.MOVEMENT),
        name=name[:400],
        short_name=short(name),
        audience=_one_of(Audience, audience, Audience.ALL),
        position=position,
        **source,
    )


def short(name: str) -> str:
    """A long name up to its first dash, so that a chip or menu can carry it."""
    head = re.split(r"\s[-–—]\s", name)[0].strip()
    return (head if len(name) > 60 and len(head) >= 12 else name)[:120]


def _make_phases(programme: Programme, items: list[dict[str, Any]]) -> None:
    for position, item in enumerate(items, 1):
        starts_on, ends_on = _forward(day(item.get("starts_on")), day(item.get("ends_on")))
        eligible_from, eligible_to = _forward(day(item.get("eligible_from")), day(item.get("eligible_to")))
        Phase.objects.create(
            programme=programme,
            kind=item["kind"],
            position=position,
            name=item["name"][:200],
            theme=item.get("theme") or "",
            starts_on=starts_on,
            ends_on=ends_on,
            eligible_from=eligible_from,
            eligible_to=eligible_to,
            **_source(item),
        )


def _forward(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """A last day before the first is a typing error of the paper: left open, so that issuing asks for it."""
    return (first, None) if first and last and last < first else (first, last)


def _target(plan: Plan, homes: list[Programme], phases: dict[str, Phase], item: dict[str, Any]) -> None:
    if item.get("unit_name"):
        return  # a line of an annex table: it is for the allocation, not for the issuing unit
    phase = phases.get(item.get("phase") or "")
    indicator = Indicator.objects.filter(code=item["indicator"]).first() or Indicator.objects.get(code="other")
    home = homes[0 if item["indicator"] in COUNTED else -1] if homes else None
    value = item["value"][0] if isinstance(item["value"], list) else item["value"]
    if not 0 <= Decimal(str(value)) < MOST:
        return
    PlanTarget.objects.create(
        plan=plan,
        programme=phase.programme if phase else home,
        phase=phase,
        indicator=indicator,
        comparator=_one_of(Comparator, item.get("comparator"), Comparator.AT_LEAST),
        value=Decimal(str(value)),
        amount=_one_of(Amount, item.get("unit"), Amount.COUNT),
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
