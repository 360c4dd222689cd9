"""Notices of results reported by hand, and of a count that other rules have turned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import formats
from thidua.ledger.acts import System
from thidua.notify import outbox
from thidua.notify.models import Notice
from thidua.people.models import Person
from thidua.tallies import queries
from thidua.tallies.choices import Reason
from thidua.tallies.models import Declaration, Entry
from thidua.tallies.rules import confirming_unit

Actor = Person | System
RECOUNTED = "tallies.recounted"


def declared(item: Declaration, by: Actor) -> None:
    headline = _("%(unit)s kê khai kết quả: %(name)s %(value)s, chờ xác nhận") % _words(item)
    people = grants.holders(Permission.TARGET_ALLOCATE, confirming_unit(item.programme, item.unit))
    outbox.tell(
        people,
        "tallies.declared",
        about=item.programme,
        headline=headline,
        body=item.content,
        needs_action=True,
        but_not=by if isinstance(by, Person) else None,
    )


def returned(item: Declaration, by: Actor, reason: str) -> None:
    headline = _("Kết quả kê khai được trả lại để sửa: %(name)s %(value)s") % _words(item)
    outbox.tell(
        grants.holders(Permission.TARGET_ACCEPT, item.unit),
        "tallies.returned",
        about=item.programme,
        headline=headline,
        body=reason,
        needs_action=True,
        but_not=by if isinstance(by, Person) else None,
    )


def confirmed(item: Declaration, by: Actor) -> None:
    headline = _("Kết quả kê khai đã được xác nhận: %(name)s %(value)s") % _words(item)
    outbox.tell(
        [item.declared_by] if item.declared_by else [],
        "tallies.confirmed",
        about=item.programme,
        headline=headline,
        but_not=by if isinstance(by, Person) else None,
    )


def recounted(entries: Sequence[Entry], since: datetime) -> None:
    """Rules changed at `since`: each author is told of each own initiative, each office once, however many it has."""
    originals = queries.originals_of((e.initiative for e in entries), None)
    people = Person.objects.in_bulk({pk for e in entries for pk in e.people})
    told = []
    for entry in entries:
        said = {"programme": entry.programme, "title": entry.initiative.title}
        if entry.is_counted:
            headline, body = _("Quy tắc của «%(programme)s» đã đổi, sáng kiến nay được tính: %(title)s") % said, ""
        else:
            headline = _("Quy tắc của «%(programme)s» đã đổi, sáng kiến không còn được tính: %(title)s") % said
            case = queries.Case(entry.programme, entry.initiative, entry.phase_id, originals)
            body = " ".join(f"{s.words}. {s.mend}".strip() for s in queries.explain(case, map(Reason, entry.reasons)))
        told += [outbox.Word(people[pk], entry.initiative, headline, body) for pk in entry.people]
    outbox.tell_many(told, "tallies.recounted.author")
    _tell_offices(entries, since)


def _tell_offices(entries: Sequence[Entry], since: datetime) -> None:
    for entry in {(e.initiative.handler_id, e.programme_id): e for e in entries}.values():
        programme, holders = entry.programme, grants.holders(Permission.INITIATIVE_RECEIVE, entry.initiative.handler)
        known = Notice.objects.filter(
            kind=RECOUNTED, subject_code=programme.code, created_at__gte=since, person__in=holders
        ).values_list("person", flat=True)
        headline = _("Quy tắc của «%(programme)s» đã đổi: có sáng kiến của đơn vị bạn đổi kết quả tính")
        already = set(known)
        outbox.tell(
            [person for person in holders if person.pk not in already],
            RECOUNTED,
            about=programme,
            headline=headline % {"programme": programme},
            body=_("Xem danh sách ở trang tiến độ của chương trình; tác giả từng hồ sơ đã được báo."),
        )


def _words(item: Declaration) -> dict[str, str]:
    name = item.label or item.indicator.name
    return {"unit": item.unit.short_name, "name": name, "value": formats.number(item.value)}
