"""Who may give which role where: within one's own subtree, and never above one's own rights; who may fill in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES, Role
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post


def may_grant(actor: Person | System, role: Role, unit: Unit) -> Verdict:
    """At units below the place of one's own post any role; at that place itself no more than one holds there."""
    allowed = grants.may(actor, Permission.POST_GRANT, unit)
    if not allowed or isinstance(actor, System):
        return allowed
    held: set[Permission] = set()
    for grant in grants.grants_of(actor):
        if not grant.unit.covers(unit):
            continue
        if Permission.POST_GRANT in grant.below and grant.unit.pk != unit.pk:
            return YES
        held |= grant.below | (grant.role.own if grant.unit.pk == unit.pk else frozenset())
    above = role.permissions - held
    if not above:
        return YES
    if unit.parent_id is None:
        return no(
            _("«%(role)s» ở đơn vị cao nhất do người vận hành máy chủ giao (lệnh script/thidua appoint).")
            % {"role": role.label}
        )
    return no(
        _("«%(role)s» có quyền «%(permission)s» mà bạn không có tại %(unit)s: đề nghị cấp trên giao.")
        % {
            "role": role.label,
            "permission": Permission(min(above)).label,
            "unit": unit.short_name,
        }
    )


def may_fill_in(actor: Person, post: Post) -> Verdict:
    """Its holder (not somebody who stands in there already), or whoever may give this very post."""
    if post.role not in ROLES:
        return no(_("Chức danh này không còn dùng."))
    if actor.pk == post.person_id and not hasattr(post, "stands_in"):
        return YES
    return may_grant(actor, ROLES[post.role], post.unit)


def roles_for(actor: Person, unit: Unit) -> list[tuple[Role, Verdict]]:
    """Every role one gives by a post, with whether this person may give it here."""
    return [(role, may_grant(actor, role, unit)) for role in ROLES.values() if role.name != "member"]
