"""Why may, or may not, a person do something at a unit? In sentences a user can act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES, Role
from thidua.kernel import clock, formats
from thidua.kernel.verdicts import Verdict
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post


@dataclass(frozen=True)
class Explanation:
    """The answer, and what each post of the person contributes to it."""

    verdict: Verdict
    grounds: list[tuple[bool, str]]  # does this post give it, and the sentence
    holders: list[Person]  # who may do it, to turn to


def explain(person: Person, permission: Permission, unit: Unit) -> Explanation:
    """Look at every post the person has, had or will have."""
    posts = Post.objects.filter(person=person).select_related("unit__kind").order_by("-id")
    grounds = [_of_post(post, permission, unit) for post in posts]
    grounds.append(_of_role(ROLES["member"], person.unit, permission, unit, _("là đoàn viên")))
    verdict = grants.may(person, permission, unit)
    others = [] if verdict else list(grants.holders(permission, unit)[:5])
    return Explanation(verdict, grounds, others)


def _of_post(post: Post, permission: Permission, unit: Unit) -> tuple[bool, str]:
    role = ROLES.get(post.role)
    name = post.title or (role.label if role else post.role)
    if role is None:
        return False, _("Chức danh «%(name)s» không còn dùng.") % {"name": name}
    today = clock.today()
    where = {"name": name, "unit": post.unit.short_name}
    if post.valid.upper and post.valid.upper <= today:
        ended = {"day": formats.day(_last(post.valid.upper))}
        return False, _("«%(name)s» tại %(unit)s đã kết thúc ngày %(day)s.") % {**where, **ended}
    if post.valid.lower and post.valid.lower > today:
        return False, _("«%(name)s» tại %(unit)s chỉ bắt đầu từ %(day)s.") % {
            **where,
            "day": formats.day(post.valid.lower),
        }
    return _of_role(role, post.unit, permission, unit, str(name))


def _of_role(role: Role, place: Unit, permission: Permission, unit: Unit, name: str) -> tuple[bool, str]:
    words = {"name": name, "unit": place.short_name, "asked": unit.short_name, "permission": permission.label}
    if permission not in role.permissions:
        return False, _("«%(name)s» tại %(unit)s không gồm quyền «%(permission)s».") % words
    if permission in role.below_at(place) and place.covers(unit):
        return True, _("«%(name)s» tại %(unit)s cho quyền này ở %(unit)s và mọi đơn vị cấp dưới.") % words
    if place.pk == unit.pk:
        return True, _("«%(name)s» tại %(unit)s cho quyền này ở chính đơn vị đó.") % words
    if permission in role.own and place.covers(unit):
        return False, _("«%(name)s» chỉ cho quyền này ở chính %(unit)s, không ở cấp dưới như %(asked)s.") % words
    return False, _("%(asked)s không thuộc phạm vi của «%(name)s» tại %(unit)s.") % words


def _last(upper: date) -> date:
    return upper - timedelta(days=1)
