"""Initiatives in every state, filed and handled on the days it would have happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from thidua.demo import days, narratives, pictures, texts
from thidua.demo.planning import Plans
from thidua.demo.world import World
from thidua.documents.choices import Purpose
from thidua.initiatives.choices import Channel, Disclosure
from thidua.initiatives.domain import attachments, dossiers, library, reception, recognitions
from thidua.initiatives.domain import shares as consents
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Programme

HOW_MANY = 400
FIRST_DAY, LAST_DAY = date(2022, 1, 17), date(2022, 6, 8)
# Where a dossier stands on the day the demonstration stands at, in percent.
FATES = (
    ("recognised", 60), ("received", 9), ("submitted", 10), ("returned", 7), ("refused", 5), ("draft", 5),
    ("withdrawn", 2), ("revoked", 2),
)  # fmt: skip
PHOTO_EVERY = 9


@dataclass
class Filer:
    world: World
    plans: Plans
    taken: set[str]
    filed: list[Initiative]


def build(world: World, plans: Plans) -> list[Initiative]:
    filer = Filer(world, plans, set(), [])
    units = world.grassroots()
    weights = [len(world.people[u.code]) for u in units]
    for index in range(HOW_MANY):
        unit = world.random.choices(units, weights)[0]
        _one(filer, unit, index)
    return filer.filed


def _one(filer: Filer, unit: Unit, index: int) -> None:
    random = filer.world.random
    day = FIRST_DAY + timedelta(days=int(random.betavariate(2.2, 1.4) * (LAST_DAY - FIRST_DAY).days))
    fate = random.choices([f for f, _w in FATES], [w for _f, w in FATES])[0]
    if fate in ("submitted", "draft"):
        day = max(day, LAST_DAY - timedelta(days=random.randint(0, 9)))
    people = [p for code, found in filer.world.people.items() if code.startswith(unit.code) for p in found]
    lead = random.choice(people[3:])
    initiative = _write(filer, unit, lead, day, fate, index)
    filer.filed.append(initiative)
    if fate == "draft":
        return
    with days.played(day):
        dossiers.submit(initiative, by=lead if initiative.entered_by_id is None else filer.world.officers[unit.code])
        if fate == "withdrawn":
            dossiers.withdraw(initiative, by=lead)
    if fate not in ("submitted", "withdrawn"):
        _handle(filer, unit, initiative, lead, day, fate)


def _write(filer: Filer, unit: Unit, lead: Person, day: date, fate: str, index: int) -> Initiative:
    world, random = filer.world, filer.world.random
    text = texts.write(random, world.places[unit.code].sector, filer.taken)
    on_behalf = random.random() < 0.2
    by = world.officers[unit.code] if on_behalf else lead
    with clock.at(day):
        initiative = dossiers.start(
            lead,
            lead.unit,
            by=by,
            programme=_nearest(filer, unit),
            channel=Channel.ON_BEHALF if on_behalf else Channel.OWN,
            consent_noted=on_behalf,
            title=text.title,
            kind=text.kind,
            field=text.field,
            problem_before=text.problem_before,
            solution=text.solution,
            steps=text.steps,
            novelty=text.novelty,
            conditions=text.conditions,
            applied_where=text.applied_where,
            effect=text.effect,
            benefit="money" if text.benefit else "not_quantifiable",
            benefit_stated=text.benefit,
            first_applied_on=None if fate == "returned" and random.random() < 0.5 else _applied(filer, day),
            is_ip_protected=random.random() < 0.01,
        )
        _share(filer, unit, initiative, lead, by)
        if index % PHOTO_EVERY == 0:
            for side, purpose in (("before", Purpose.PHOTO_BEFORE), ("after", Purpose.PHOTO_AFTER)):
                attachments.attach(initiative, pictures.photo(random, side), f"{side}.jpg", purpose, by=by)
    return initiative


def _applied(filer: Filer, day: date) -> date:
    """Mostly some weeks before filing; a few before the window of the programmes opens."""
    random = filer.world.random
    if random.random() < 0.06:
        return date(2021, 8, 31) - timedelta(days=random.randint(0, 120))
    earliest = date(2021, 9, 1)
    return earliest + timedelta(days=random.randint(0, max(0, (day - earliest).days)))


def _share(filer: Filer, unit: Unit, initiative: Initiative, lead: Person, by: Person) -> None:
    random = filer.world.random
    if random.random() > 0.28:
        return
    others = [p for p in filer.world.people[unit.code][3:] if p.pk != lead.pk]
    chosen = random.sample(others, min(len(others), random.choice((1, 1, 2))))
    part = Decimal(random.choice((20, 25, 30)))
    shares: list[tuple[Person | str, Decimal]] = [(lead, 100 - part * len(chosen)), *((p, part) for p in chosen)]
    dossiers.share_out(initiative, shares, by=by)
    for authorship in initiative.authorships.filter(confirmed_at__isnull=True):
        if authorship.person and random.random() < 0.8:
            consents.confirm(authorship, by=authorship.person)


def _nearest(filer: Filer, unit: Unit) -> Programme:
    plan = filer.plans.thai_binh if unit.code.startswith("TB") else filer.plans.ninh_thuan
    return Plans.counting(plan)


def _handle(filer: Filer, unit: Unit, initiative: Initiative, lead: Person, day: date, fate: str) -> None:
    world, random = filer.world, filer.world.random
    officer, chair = world.officers[unit.code], world.chairs[unit.code]
    last = date(2022, 6, 9)
    received = min(day + timedelta(days=random.randint(1, 6)), last)
    with days.played(received):
        if fate == "returned":
            reception.send_back(initiative, by=officer, reason=random.choice(narratives.RETURN_REASONS))
            return
        reception.receive(initiative, by=officer)
    if fate == "received":
        return
    decided = min(received + timedelta(days=random.randint(3, 20)), last)
    with days.played(decided):
        if fate == "refused":
            recognitions.refuse(initiative, by=chair, reason=random.choice(narratives.REFUSALS))
            return
        if initiative.benefit_stated and random.random() < 0.6:
            kept = initiative.benefit_stated * random.choice((100, 100, 90, 80)) // 100
            dossiers.confirm_benefit(initiative, kept, by=officer)
        for authorship in initiative.authorships.filter(confirmed_at=None, noted_by=None, position__gt=0):
            consents.note(authorship, by=officer)
        recognition = recognitions.recognise(
            initiative,
            by=chair,
            decision_number=f"{random.randint(5, 320):02d}/QĐ-{unit.symbol}",
            decided_on=decided,
            body=random.choice(("head", "council")),
        )
        if fate == "revoked":
            reason = "Xác minh lại: sáng kiến trùng với quy trình đã ban hành từ năm trước."
            recognitions.revoke(recognition, by=chair, reason=reason)
        elif random.random() < 0.62:
            library.set_disclosure(initiative, Disclosure.PUBLIC, by=lead)
