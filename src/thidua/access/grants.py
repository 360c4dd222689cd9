"""One grant model, three questions: may I · what may I see · who may. Denied by default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thidua.access.permissions import Permission
from thidua.access.roles import ROLES, Role
from thidua.kernel import clock
from thidua.kernel.batches import in_batches
from thidua.kernel.prepared import composed_once, composed_only
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.ledger.acts import System
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post

Actor = Person | System
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Grant:
    """A role at a unit today, as an interval of the tree."""

    role: Role
    unit: Unit
    post_id: int | None = None  # none: membership of the roster
    title: str = ""

    def gives(self, permission: Permission, unit: Unit) -> bool:
        if permission in self.role.own and unit.pk == self.unit.pk:
            return True
        return permission in self.below and self.unit.covers(unit)

    @property
    def below(self) -> frozenset[Permission]:
        """What it gives at the unit and everything under it."""
        return self.role.below_at(self.unit)


def grants_of(person: Person) -> tuple[Grant, ...]:
    """Grants of today: of every post, or of the one the person has chosen to work at (work_at)."""
    found, chosen = grants_of_all_posts(person), getattr(person, "_works_at", None)
    return tuple(g for g in found if chosen is None or g.post_id in (chosen, None))


def work_at(person: Person, post_id: int | None) -> None:
    """Leave the rights of one's other posts aside (None: take them all up again); never adds a right."""
    own = {grant.post_id for grant in grants_of_all_posts(person)}
    person._works_at = post_id if post_id in own else None  # type: ignore[attr-defined]


def grants_of_all_posts(person: Person) -> tuple[Grant, ...]:
    """Remembered on the object for the rest of the request."""
    today = clock.today()
    remembered = getattr(person, "_grants", None)
    if remembered and remembered[0] == today:
        return remembered[1]
    posts = [post for post in _posts(person.pk, today) if post.role in ROLES]
    found = [Grant(ROLES[post.role], post.unit, post.pk, post.title) for post in posts]
    if person.left_on is None or person.left_on > today:
        # Everybody on a roster is a member there without a post being written.
        found.append(Grant(ROLES["member"], person.unit))
    person._grants = (today, tuple(found))  # type: ignore[attr-defined]
    return tuple(found)


@composed_once
def _posts(person: int, today: date) -> QuerySet[Post]:
    held = Post.objects.filter(person=person, valid__contains=today)
    return held.select_related("unit__kind").order_by("unit__lft", "pk")


def may(actor: Actor, permission: Permission, unit: Unit) -> Verdict:
    """May this person do this at this unit today? No comes with a sentence."""
    if isinstance(actor, System):
        return YES
    if any(grant.gives(permission, unit) for grant in grants_of(actor)):
        return YES
    return no(
        _("Bạn không có quyền «%(permission)s» tại %(unit)s.")
        % {"permission": permission.label, "unit": unit.short_name}
    )


def holds(actor: Person, permission: Permission) -> bool:
    """Does the person hold the permission anywhere? For menus and the coarse check of a page."""
    return any(permission in grant.role.permissions for grant in grants_of(actor))


def visible(actor: Actor, permission: Permission, queryset: QuerySet, path: str = "unit") -> QuerySet:
    """The rows whose unit (at `path`; "" for units themselves) lies within a grant; none by default."""
    if isinstance(actor, System):
        return queryset
    condition = within(actor, permission, path)
    return queryset.filter(condition) if condition != NOTHING else queryset.none()


def within(actor: Person, permission: Permission, path: str = "unit") -> Q:
    """The same as a condition: a list that joins several of them looks at each row's unit once."""
    return reach(actor, permission).condition(path)


def within_places(actor: Person, permission: Permission, path: str = "unit") -> Q:
    """`within`, single units said by their place, too: for lists that join spans with single units."""
    return places(actor, permission).condition(path)


def places(actor: Person, permission: Permission) -> Places:
    found = reach(actor, permission)
    return Places(found.spans, tuple(g.unit.lft for g in grants_of(actor) if g.unit.pk in found.units))


class Places(NamedTuple):
    """A reach by places alone: rows are then found by one index of them, which cannot serve a span *or* a key."""

    spans: tuple[tuple[int, int], ...] = ()
    single: tuple[int, ...] = ()

    def condition(self, path: str = "unit") -> Q:
        return Reach(self.spans).condition(path) | Q(**{f"{path}__lft__in": list(self.single)})


class Reach(NamedTuple):
    """Where a permission holds, in plain values: spans of the tree, none inside another, and single units."""

    spans: tuple[tuple[int, int], ...] = ()
    units: tuple[int, ...] = ()

    def condition(self, path: str = "unit") -> Q:
        prefix = f"{path}__" if path else ""
        within = (Q(**{f"{prefix}lft__gte": lft, f"{prefix}lft__lte": rgt}) for lft, rgt in self.spans)
        return self._any(within, path or "pk")

    def noted(self, path: str = "unit") -> Q:
        """The same for a list that walks past rows of others: see `orgs.queries.noted`."""
        return self._any((org_queries.noted(path, *span) for span in self.spans), path)

    def _any(self, within: Iterable[Q], path: str) -> Q:
        condition = NOTHING
        for span in within:
            condition |= span
        for unit in self.units:
            condition |= Q(**{path: unit})
        return condition

    @property
    def is_noted(self) -> bool:
        """Are all spans of the size for it?"""
        return bool(self.spans) and all(org_queries.is_noted(*span) for span in self.spans)

    @property
    def is_vast(self) -> bool:
        """Is noting all units of it dearer than looking up those of the few rows at one desk?"""
        return any(org_queries.is_vast(*span) for span in self.spans)


def reach(actor: Person, permission: Permission, home: org_queries.Span | None = None) -> Reach:
    """Posts below another one of the same person add nothing, and cost the database as much as the first.

    With a `home`: what of it lies there and below, so that a list of a unit has one span and not two.
    """
    held = grants_of(actor)
    first, last = (home.lft, home.rgt) if home else (0, max((g.unit.rgt for g in held), default=0))
    spans: list[tuple[int, int]] = []
    for lft, rgt in sorted((g.unit.lft, g.unit.rgt) for g in held if permission in g.below):
        low, high = max(lft, first), min(rgt, last)
        if low <= high and (not spans or high > spans[-1][1]):
            spans.append((low, high))
    single = {g.unit.pk: g.unit.lft for g in held if permission in g.role.own and first <= g.unit.lft <= last}
    outside = (pk for pk, lft in single.items() if not any(low <= lft <= high for low, high in spans))
    return Reach(tuple(spans), tuple(outside))


def units_where(actor: Person, permission: Permission) -> list[Unit]:
    """The units of the person's own posts that carry the permission, highest first."""
    found: dict[int, Unit] = {}
    for grant in grants_of(actor):
        if permission in grant.role.permissions:
            found.setdefault(grant.unit.pk, grant.unit)
    return list(found.values())


def holders(permission: Permission, unit: Unit) -> list[Person]:
    """Who may do this at this unit today, the first entered first."""
    return _holding(permission, unit.pk, clock.today())


# Not left prepared: of a typed number the database takes the index that keeps posts apart, by person first, and
# reads two thousand of its pages for a unit.
@composed_only
def _holding(permission: Permission, unit: int, day: date) -> QuerySet[Person]:
    own = [role.name for role in ROLES.values() if permission in role.own]
    below = [role.name for role in ROLES.values() if permission in role.below]
    sections = [role.name for role in ROLES.values() if permission in role.sections]
    reaching = Q(role__in=below) | Q(role__in=sections, unit__kind__is_grassroots=True)
    at_or_above = Q(role__in=own, unit=unit) | reaching & Q(unit__in=org_queries.over_one(unit))
    posts = Post.objects.filter(at_or_above, valid__contains=day)
    condition: Any = Q(pk__in=posts.values("person"))
    if permission in ROLES["member"].own:
        condition |= Q(unit=unit)
    return Person.objects.filter(condition, left_on__isnull=True).order_by("pk")


UNITS_AT_ONCE = 2000


def desks(permission: Permission, units: Iterable[int]) -> Iterator[tuple[int, Person]]:
    """(unit, person) for everybody who holds it by a post at one of many units, a query for each two thousand.

    The same as `holders` of each, for what only posts at the unit itself give; the people have their key only,
    which is what a notice needs: they may be a hundred thousand.
    """
    own = [role.name for role in ROLES.values() if permission in role.own]
    for keys in in_batches(units, UNITS_AT_ONCE):
        posts = Post.objects.filter(role__in=own, unit__in=keys, valid__contains=clock.today())
        here = posts.filter(person__left_on__isnull=True).order_by("unit", "person").distinct()
        for unit, person in here.values_list("unit_id", "person_id"):
            yield unit, Person(pk=person)
