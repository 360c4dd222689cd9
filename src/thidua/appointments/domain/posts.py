"""Give a post and end it. Every right comes from here."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
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
    """Give a person a role at a unit; `until` is the last day (None: open). It ends by itself.

    Raises Forbidden above one's own rights, Refused naming the field.
    """
    if role not in ROLES or role == "member":
        raise Refused(_("Hãy chọn chức danh trong danh sách."), field="role")
    refuse_unless(rules.may_grant(by, ROLES[role], unit))
    return put_in(person, unit, role, by=by, since=since, until=until, title=title)


def put_in(person: Person, unit: Unit, role: str, *, by: Person, since: date, until: date | None, title: str) -> Post:
    """Write the post down and tell its holder; the caller has settled whether `by` may."""
    _refuse_impossible(person, unit, by, since, until)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                person=person, unit=unit, role=role, title=text.tidy(title)[:120], valid=_period(since, until)
            )
            write_down("appointments.post.granted", post, by)
            messages.granted(post, by)
    except IntegrityError as error:
        raise Refused(
            _("%(name)s đã giữ «%(role)s» tại đơn vị này trong thời gian đó.")
            % {"name": person.full_name, "role": ROLES[role].label},
            field="since",
        ) from error
    return post


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
        write_down("appointments.post.ended", post, by, reason=reason)
        messages.ended(post, by)


def close(post: Post, on: date) -> None:
    """`on` is the last day; a post that would never have begun goes."""
    start = post.valid.lower
    if start and start > on:
        post.delete()
        return
    post.valid = DateRange(start, on + timedelta(days=1))
    post.save(update_fields=["valid"])


def _period(since: date, until: date | None) -> DateRange:
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


def write_down(kind: str, post: Post, by: Person, reason: str = "") -> None:
    """Into the ledger, under the person whose post it is."""
    period = {"since": post.valid.lower, "until": post.valid.upper}
    noted = {"role": post.role, "unit": post.unit.code, "post": post.pk, **period}
    acts.record(kind, post.person, by=by, unit_id=post.unit_id, reason=reason, after=noted)
