"""The door for reading posts."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post


def posts_below(unit: Unit, *, role: str = "", former: bool = False) -> QuerySet[Post]:
    """Posts at a unit and everything below it: running and coming, or those that have ended."""
    today = clock.today()
    found = Post.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    running = Q(valid__upper_inf=True) | Q(valid__endswith__gt=today)
    found = found.filter(valid__endswith__lte=today) if former else found.filter(running)
    if role:
        found = found.filter(role=role)
    return found.select_related("person", "unit", "stands_in__absent__person").order_by("unit__lft", "id")


def posts_of(person: Person) -> QuerySet[Post]:
    """All posts a person has, had or will have, the newest first."""
    return Post.objects.filter(person=person).select_related("unit", "stands_in__absent__person").order_by("-id")


def manageable_by(person: Person) -> QuerySet[Post]:
    """Posts this person may end or fill in for."""
    return grants.visible(person, Permission.POST_GRANT, Post.objects.select_related("person", "unit"))
