"""The authors' word on their shares: given, refused, noted from a paper, asked for once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.access.grants import Actor
from thidua.initiatives import consents, messages, rules
from thidua.initiatives.choices import Consent, State
from thidua.initiatives.domain.deadlines import CLOCK
from thidua.initiatives.models import Authorship, DueNotice, Initiative
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Person
from thidua.workflow.engine import refuse_short, refuse_unless

ASKED_AGAIN = 3  # among the levels of reminders, beside those of `deadlines`


def confirm(authorship: Authorship, *, by: Person) -> None:
    """A co-author agrees with the share given."""
    _refuse_other(authorship, by)
    authorship.confirmed_at, authorship.objection = clock.now(), ""
    with transaction.atomic():
        authorship.save(update_fields=["confirmed_at", "objection"])
        acts.record("initiatives.share.confirmed", authorship.initiative, by=by, after={"share": str(authorship.share)})


def object_to(authorship: Authorship, *, by: Person, reason: str) -> None:
    """A co-author does not agree: whoever may write the dossier is told why, and mends it."""
    _refuse_other(authorship, by)
    refuse_short(reason, rules.TEXT_MIN)
    authorship.confirmed_at, authorship.noted_by = None, None
    authorship.objection = text.nfc(reason).strip()[:1000]
    with transaction.atomic():
        authorship.save(update_fields=["confirmed_at", "noted_by", "objection"])
        noted = {"share": str(authorship.share), "reason": authorship.objection}
        acts.record("initiatives.share.objected", authorship.initiative, by=by, after=noted)
        messages.objected(authorship, by)


def _refuse_other(authorship: Authorship, by: Person) -> None:
    if authorship.person_id != by.pk:
        raise Refused(_("Chỉ chính đồng tác giả mới xác nhận được tỷ lệ của mình."))
    _refuse_ended(authorship.initiative)


def _refuse_ended(initiative: Initiative) -> None:
    if initiative.state not in rules.OPEN_TO_CO_AUTHORS:
        raise Refused(_("Hồ sơ đã kết thúc nên không sửa được nữa."))


def note(authorship: Authorship, *, by: Actor) -> None:
    """The office has the co-author's consent on paper; noted twice it is noted once."""
    initiative = authorship.initiative
    refuse_unless(consents.may_note(by, initiative))
    _refuse_ended(initiative)
    with transaction.atomic():
        held = Authorship.objects.select_for_update(of=("self",)).select_related("person").get(pk=authorship.pk)
        if held.person is None:
            raise Refused(_("Hãy xác nhận %(name)s trong danh sách đơn vị trước.") % {"name": held.name})
        stands = consents.consent_of(held, initiative)
        if stands == Consent.OBJECTED:
            raise Refused(
                _("%(name)s đã báo chưa đồng ý: hãy sửa tỷ lệ, hoặc để chính người ấy xác nhận.") % {"name": held.name}
            )
        if stands in (Consent.CONFIRMED, Consent.NOTED):
            return
        held.noted_by = by if isinstance(by, Person) else None
        held.save(update_fields=["noted_by"])
        said = {"author": held.name, "share": str(held.share)}
        acts.record("initiatives.share.noted", initiative, by=by, after=said)
        messages.consent_noted(held, by)


def remind_all() -> int:
    """Whoever has not answered is told once more before silence counts; gives how many were told."""
    rule = consents.rule()
    if rule["silence_agrees_after_days"] is None or not rule["demanded_before_recognition"]:
        return 0
    told = 0
    for initiative, last_day, unanswered in _to_remind(rule["silence_agrees_after_days"], rule["remind_before_days"]):
        try:
            with transaction.atomic():
                DueNotice.objects.create(initiative=initiative, due_on=last_day, level=ASKED_AGAIN, at=clock.now())
                messages.share_unanswered(initiative, unanswered, last_day, CLOCK)
        except IntegrityError:  # told this morning
            continue
        told += len(unanswered)
    return told


def _to_remind(days: int, before: int) -> Iterator[tuple[Initiative, date, list[Authorship]]]:
    """Dossiers of which somebody's last day is near, a day at a time."""
    today = clock.today()
    for left in range(before + 1):
        last_day = today + timedelta(days=left)
        asked_on = last_day - timedelta(days=days)
        rows = Authorship.objects.filter(
            confirmed_at__isnull=True,
            noted_by__isnull=True,
            objection="",
            person__account__is_active=True,
            asked_at__gte=clock.first_moment(asked_on),
            asked_at__lt=clock.first_moment(asked_on + timedelta(days=1)),
            initiative__state__in=[s for s in rules.OPEN_TO_CO_AUTHORS if s != State.DRAFT],
        )
        found: dict[Initiative, list[Authorship]] = {}
        for row in rows.select_related("initiative", "person__account").order_by("pk").iterator(500):
            found.setdefault(row.initiative, []).append(row)
        for initiative, unanswered in found.items():
            waiting = [a for a in unanswered if consents.consent_of(a, initiative) == Consent.WAITING]
            if waiting:
                yield initiative, last_day, waiting
