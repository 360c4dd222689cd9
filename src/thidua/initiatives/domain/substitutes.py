"""Substitutes: while an officer is away another holds the same post, with its rights and its notices."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.appointments import rules as appointment_rules
from thidua.initiatives import messages
from thidua.initiatives.models import Substitution
from thidua.kernel import clock, formats, text
from thidua.kernel.verdicts import Refused, no
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.domain import rosters
from thidua.people.models import Person, Post
from thidua.workflow.engine import refuse_unless


def _may(by: Person, post: Post) -> None:
    """The holder of the post, or whoever may give this very post: nobody hands on more than he may give."""
    if by.pk == post.person_id:
        return
    granted = grants.may(by, Permission.POST_GRANT, post.unit)
    refuse_unless(granted or no(_("Chỉ người giữ chức danh hoặc quản trị đơn vị giao được người làm thay.")))
    refuse_unless(appointment_rules.may_grant(by, ROLES[post.role], post.unit))


def make(post: Post, substitute: Person, *, since: date, until: date, by: Person, reason: str = "") -> Substitution:
    """`until` is the last day. The substitute is told, and holds the post from `since` on."""
    _may(by, post)
    if substitute.pk in (post.person_id, by.pk):
        raise Refused(_("Hãy chọn một người khác làm thay."), field="substitute")
    if until < since or until < clock.today():
        raise Refused(_("Ngày cuối phải từ ngày đầu trở đi và chưa qua."), field="until")
    if not post.unit.covers(substitute.unit):
        raise Refused(_("Người làm thay phải thuộc đơn vị hoặc bộ phận của đơn vị."), field="substitute")
    try:
        with transaction.atomic():
            held = rosters.appoint(
                substitute,
                post.unit,
                post.role,
                by=by,
                since=since,
                until=until + timedelta(days=1),
                title=post.title,
            )
            made = Substitution.objects.create(
                absent=post.person, post=held, reason=text.tidy(reason)[:200], made_by=by, made_at=clock.now()
            )
            noted = {"substitute": substitute.full_name, "since": since, "until": until}
            acts.record("initiatives.substitution.made", made, by=by, unit_id=post.unit_id, after=noted)
            messages.substituted(made, formats.day(since), formats.day(until), by)
    except IntegrityError as error:
        raise Refused(_("Người này đã giữ chức danh đó trong thời gian trên."), field="substitute") from error
    return made


def end(substitution: Substitution, *, by: Person) -> None:
    """The officer is back: the substitute's post ends today."""
    post = substitution.post
    original = Post(person=substitution.absent, unit=post.unit, role=post.role)
    _may(by, original)
    if substitution.ended_at is not None:
        raise Refused(_("Việc làm thay này đã kết thúc."))
    today = clock.today()
    with transaction.atomic():
        start = post.valid.lower
        post.valid = DateRange(start, max(start, today), "[)") if start < today else DateRange(start, start, "[)")
        post.save(update_fields=["valid"])
        substitution.ended_at = clock.now()
        substitution.save(update_fields=["ended_at"])
        acts.record("initiatives.substitution.ended", substitution, by=by, unit_id=post.unit_id)


def current(unit: Unit) -> QuerySet[Substitution]:
    """At a unit, running or to come."""
    rows = Substitution.objects.filter(post__unit=unit, ended_at__isnull=True, post__valid__endswith__gt=clock.today())
    return rows.select_related("absent", "post__person", "post__unit", "made_by")
