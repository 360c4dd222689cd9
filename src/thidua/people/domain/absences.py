"""Pauses: maternity, military service, study. The person stays on the roster."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Absence, Person


def pause(
    person: Person, kind: str, *, since: date, by: acts.Actor, until: date | None = None, note: str = ""
) -> Absence:
    """Away from a day on; `until` is the day of return, open when nobody knows yet."""
    if person.left_on is not None:
        raise Refused(_("%(name)s đã thôi: hãy ghi nhận trở lại trước.") % {"name": person.full_name})
    if until is not None and until <= since:
        raise Refused(_("Ngày đi làm lại phải sau ngày bắt đầu nghỉ."), field="until")
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                person=person, kind=kind, valid=DateRange(since, until), note=text.tidy(note)[:200]
            )
            acts.record("people.person.paused", person, by=by, after={"kind": kind, "since": since, "until": until})
    except IntegrityError as error:
        raise Refused(_("Thời gian này trùng với một lần nghỉ đã ghi."), field="since") from error
    return absence


def resume(absence: Absence, *, on: date, by: acts.Actor) -> None:
    """Back at work on a day; a pause that has not begun by then never was."""
    with transaction.atomic():
        if on <= absence.valid.lower:
            absence.delete()
        else:
            absence.valid = DateRange(absence.valid.lower, on)
            absence.save(update_fields=["valid"])
        acts.record("people.person.resumed", absence.person, by=by, after={"on": on})
