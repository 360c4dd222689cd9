"""Set a council up, give and take its seats."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, codes, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review import messages, rules
from thidua.review.choices import RANKS, Chair
from thidua.review.models import Council, Seat
from thidua.workflow.engine import refuse_unless


def set_up(
    unit: Unit,
    *,
    by: acts.Actor,
    name: str,
    decision_number: str,
    decided_on: date,
    term_from: date,
    term_to: date | None = None,
    ruleset: str = "majority",
    is_secret: bool = True,
) -> Council:
    """By a decision of the unit, for a term."""
    refuse_unless(grants.may(by, Permission.COUNCIL_MANAGE, unit))  # type: ignore[arg-type]
    council = Council(
        code=codes.new_code("HD"),
        unit=unit,
        name=text.tidy(name),
        decision_number=text.tidy(decision_number),
        decided_on=decided_on,
        term_from=term_from,
        term_to=term_to,
        ruleset=ruleset,
        is_secret=is_secret,
    )
    _check(council)
    with transaction.atomic():
        council.save(force_insert=True)
        acts.record("review.council.set_up", council, by=by, after={"decision": council.decision_number})
    return council


def change(council: Council, *, by: acts.Actor, **fields: object) -> None:
    """Its name, decision, term or rules; sessions already counted keep theirs."""
    refuse_unless(grants.may(by, Permission.COUNCIL_MANAGE, council.unit))  # type: ignore[arg-type]
    before = {name: getattr(council, name) for name in fields}
    for name, value in fields.items():
        setattr(council, name, text.tidy(value) if isinstance(value, str) else value)
    _check(council)
    with transaction.atomic():
        council.save(update_fields=list(fields))
        acts.record("review.council.changed", council, by=by, before=before, after=dict(fields))


def _check(council: Council) -> None:
    if len(council.name) < 5:
        raise Refused(_("Hãy đặt tên hội đồng."), field="name")
    if not council.decision_number:
        raise Refused(_("Hãy ghi số quyết định thành lập."), field="decision_number")
    if council.term_to and council.term_to < council.term_from:
        raise Refused(_("Nhiệm kỳ kết thúc trước khi bắt đầu."), field="term_to")
    if council.ruleset not in rules.rulesets(clock.today()):
        raise Refused(_("Hãy chọn cách biểu quyết."), field="ruleset")


def seat(council: Council, person: Person, *, by: acts.Actor, role: str = Chair.MEMBER, title: str = "") -> Seat:
    """A place in the council: nothing but its cases becomes visible by it."""
    refuse_unless(grants.may(by, Permission.COUNCIL_MANAGE, council.unit))  # type: ignore[arg-type]
    role = Chair(role)
    try:
        with transaction.atomic():
            made = Seat.objects.create(
                council=council, person=person, role=role, title=text.tidy(title)[:120], rank=RANKS[role]
            )
            acts.record("review.council.seated", council, by=by, after={"person": person.full_name, "role": role})
            messages.seated(made, by)
    except IntegrityError as error:
        if Seat.objects.filter(council=council, person=person, left_on__isnull=True).exists():
            raise Refused(_("%(name)s đã ở trong hội đồng.") % {"name": person.full_name}, field="person") from error
        raise Refused(_("Hội đồng đã có người giữ vai «%(role)s».") % {"role": role.label}, field="role") from error
    _forget(council)
    return made


def unseat(place: Seat, *, by: acts.Actor) -> None:
    """The ballots cast so far stay."""
    council = place.council
    refuse_unless(grants.may(by, Permission.COUNCIL_MANAGE, council.unit))  # type: ignore[arg-type]
    if place.left_on is not None:
        raise Refused(_("Người này đã thôi tham gia hội đồng."))
    with transaction.atomic():
        place.left_on = clock.today()
        place.save(update_fields=["left_on"])
        acts.record("review.council.unseated", council, by=by, before={"person": place.person.full_name})
    _forget(council)


def _forget(council: Council) -> None:
    getattr(council, "_prefetched_objects_cache", {}).pop("seats", None)
