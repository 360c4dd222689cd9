"""Give a post and end it. Every right comes from here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.appointments import messages, rules
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post
from thidua.workflow.engine import refuse_unless


@dataclass
class Grant:
    """A role for somebody at a unit; `until` is the last day (None: open). `refusal` says why it was not given."""

    person: Person
    unit: Unit
    role: str
    since: date
    until: date | None = None
    title: str = ""
    refusal: Refused | None = None
    post: Post | None = None

    @property
    def valid(self) -> DateRange:
        return period(self.since, self.until)


def grant(
    person: Person,
    unit: Unit,
    role: str,
    *,
    by: Person,
    since: date,
    until: date | None = None,
    title: str = "",
) -> Post:
    """Give a person a role at a unit; it ends by itself.

    Raises Forbidden above one's own rights, Refused naming the field.
    """
    wanted = Grant(person, unit, role, since, until, title)
    grant_many([wanted], by=by)
    return _given(wanted)


def put_in(person: Person, unit: Unit, role: str, *, by: Person, since: date, until: date | None, title: str) -> Post:
    """Write the post down and tell its holder; the caller has settled whether `by` may."""
    wanted = Grant(person, unit, role, since, until, title)
    _put_in_many([wanted], by)
    return _given(wanted)


def _given(wanted: Grant) -> Post:
    if wanted.post is None:
        raise wanted.refusal or ValueError(wanted.role)
    return wanted.post


def grant_many(wanted: Sequence[Grant], *, by: Person) -> None:
    """Give what can be given; each that cannot says why. The statements of one, however many they are."""
    for one in wanted:
        try:
            if one.role not in ROLES or one.role == "member":
                raise Refused(_("Hãy chọn chức danh trong danh sách."), field="role")
            refuse_unless(rules.may_grant(by, ROLES[one.role], one.unit))
        except Refused as refused:
            one.refusal = refused
    _put_in_many([one for one in wanted if not one.refusal], by)


@transaction.atomic
def _put_in_many(wanted: Sequence[Grant], by: Person) -> None:
    taken = periods_of((one.person, one.unit) for one in wanted)
    for one in wanted:
        others = taken[one.person.pk, one.unit.pk, one.role]
        try:
            _refuse_impossible(one.person, one.unit, by, one.since, one.until)
            refuse_overlap(one.person, one.role, one.valid, others.values())
        except Refused as refused:
            one.refusal = refused
        else:
            others[-len(others) - 1] = one.valid  # not written yet: no id
    possible = [one for one in wanted if not one.refusal]
    for one in possible:
        one.post = Post(
            person=one.person, unit=one.unit, role=one.role, title=text.tidy(one.title)[:120], valid=one.valid
        )
    made = [one.post for one in possible if one.post]
    Post.objects.bulk_create(made)
    write_down("appointments.post.granted", made, by)
    messages.granted(made, by)


def periods_of(places: Iterable[tuple[Person, Unit]]) -> defaultdict[tuple[int, int, str], dict[int, DateRange]]:
    """(person, unit, role) -> the periods of the posts held, by their ids.

    The people are locked, so that nobody gives one of them a post meanwhile.
    """
    pairs = list(places)
    people, units = {person.pk for person, _unit in pairs}, {unit.pk for _person, unit in pairs}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    found: defaultdict[tuple[int, int, str], dict[int, DateRange]] = defaultdict(dict)
    for post in Post.objects.filter(person__in=people, unit__in=units):
        found[post.person_id, post.unit_id, post.role][post.pk] = post.valid
    return found


def refuse_overlap(person: Person, role: str, valid: DateRange, others: Iterable[DateRange]) -> None:
    """A person holds a role at a unit once on any day."""
    for other in others:
        begins_before_end = valid.upper is None or other.lower is None or other.lower < valid.upper
        ends_after_start = valid.lower is None or other.upper is None or valid.lower < other.upper
        if begins_before_end and ends_after_start and not other.isempty:
            raise Refused(
                _("%(name)s đã giữ «%(role)s» tại đơn vị này trong thời gian đó.")
                % {"name": person.full_name, "role": ROLES[role].label},
                field="since",
            )


def end(post: Post, *, by: Person, on: date, reason: str) -> None:
    """The last day of a post; rights end with it. Substitutes of the post end no later."""
    refuse_unless(grants.may(by, Permission.POST_GRANT, post.unit))
    refuse_unless(rules.may_grant(by, ROLES[post.role], post.unit))
    if post.person_id == by.pk:
        raise Refused(_("Bạn không tự kết thúc chức danh của mình: đề nghị cấp trên."))
    if len(reason.strip()) < 5:
        raise Refused(_("Hãy ghi lý do kết thúc."), field="reason")
    with transaction.atomic():
        held = Post.objects.select_for_update().get(pk=post.pk)
        start, until = held.valid.lower, held.valid.upper
        if until and until <= on + timedelta(days=1):
            raise Refused(_("Chức danh này đã kết thúc trước ngày đó."), field="on")
        if start and on < start:
            raise Refused(
                _("Chức danh bắt đầu ngày %(day)s: ngày kết thúc không thể sớm hơn.")
                % {"day": start.strftime("%d/%m/%Y")},
                field="on",
            )
        close(held, on)
        for stand_in in Post.objects.filter(stands_in__absent=held):
            if stand_in.valid.upper is None or stand_in.valid.upper > on + timedelta(days=1):
                close(stand_in, on)
        post.valid = held.valid
        write_down("appointments.post.ended", [post], by, reason=reason)
        messages.ended(post, by)


def close(post: Post, on: date) -> None:
    """`on` is the last day; a post that would never have begun goes."""
    start = post.valid.lower
    if start and start > on:
        post.delete()
        return
    post.valid = DateRange(start, on + timedelta(days=1))
    post.save(update_fields=["valid"])


def period(since: date, until: date | None) -> DateRange:
    return DateRange(since, until + timedelta(days=1) if until else None)


def _refuse_impossible(person: Person, unit: Unit, by: Person, since: date, until: date | None) -> None:
    if person.pk == by.pk:
        raise Refused(_("Bạn không tự giao chức danh cho mình: đề nghị cấp trên."), field="person")
    if person.left_on and person.left_on <= since:
        raise Refused(_("%(name)s đã thôi sinh hoạt.") % {"name": person.full_name}, field="person")
    if until and until < since:
        raise Refused(_("Ngày kết thúc phải sau ngày bắt đầu."), field="until")
    if until and until < clock.today():
        raise Refused(_("Thời gian này đã qua: quyền không được giao lùi về trước."), field="until")
    if unit.ended_on and unit.ended_on <= since:
        raise Refused(_("«%(unit)s» đã kết thúc: hãy chọn đơn vị đang hoạt động.") % {"unit": unit.name}, field="unit")


def write_down(kind: str, posts: Iterable[Post], by: Person, reason: str = "") -> None:
    """Into the ledger, under the people whose posts these are."""
    told = []
    for post in posts:
        noted = {"role": post.role, "unit": post.unit.code, "post": post.pk}
        noted |= {"since": post.valid.lower, "until": post.valid.upper}
        told.append(acts.Told(post.person, post.unit_id, after=noted))
    acts.record_many(kind, told, by=by, reason=reason)
