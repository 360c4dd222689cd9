"""Somebody fills in for an absent holder of a post: sent for some days, called back early, ends by itself."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.appointments import messages, rules
from thidua.appointments.domain import posts
from thidua.appointments.models import Substitution
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.people.models import Person, Post
from thidua.workflow.engine import refuse_unless


def send(post: Post, person: Person, *, by: Person, since: date, until: date, reason: str) -> Post:
    """`person` holds the post too from `since` to the last day `until`; its holder or whoever may give it sends.

    Raises Forbidden above one's own rights, Refused naming the field.
    """
    refuse_unless(rules.may_fill_in(by, post))
    if len(text.tidy(reason)) < 5:
        raise Refused(_("Hãy ghi lý do vắng mặt."), field="reason")
    if person.pk == post.person_id:
        raise Refused(_("Người thay phải là người khác."), field="person")
    if by.pk == post.person_id and not post.unit.covers(person.unit):
        raise Refused(_("Người thay phải thuộc đơn vị hoặc bộ phận của đơn vị."), field="person")
    start, end_of_post = post.valid.lower, post.valid.upper
    if (start and since < start) or (end_of_post and until >= end_of_post):
        raise Refused(_("Thời gian thay phải nằm trong thời gian giữ chức danh."), field="since")
    title = _("Thay %(name)s") % {"name": post.person.full_name}
    with transaction.atomic():
        made = posts.put_in(person, post.unit, post.role, by=by, since=since, until=until, title=title)
        Substitution.objects.create(absent=post, post=made, reason=text.tidy(reason)[:200])
        posts.write_down("appointments.post.substituted", [post], by, reason=reason)
        messages.filled_in(made, post, by)
    return made


def call_back(stand_in: Post, *, by: Person) -> None:
    """The holder is back: the substitute's rights end now."""
    absent = stand_in.stands_in.absent
    refuse_unless(rules.may_fill_in(by, absent))
    with transaction.atomic():
        held = Post.objects.select_for_update().get(pk=stand_in.pk)
        if held.valid.upper and held.valid.upper <= clock.today():
            raise Refused(_("Việc làm thay này đã kết thúc."))
        posts.write_down("appointments.post.returned", [absent], by)
        messages.ended(held, by)
        posts.close(held, clock.today() - timedelta(days=1))
