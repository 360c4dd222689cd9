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
    found = found.filter(valid__endswith__lte=today) if former else found.filter(_still_open())
    if role:
        found = found.filter(role=role)
    return found.select_related("person", "unit", "stands_in__absent__person").order_by("unit__lft", "id")


def posts_of(person: Person) -> QuerySet[Post]:
    """All posts a person has, had or will have, the newest first."""
    return Post.objects.filter(person=person).select_related("unit", "stands_in__absent__person").order_by("-id")


def manageable_by(person: Person) -> QuerySet[Post]:
    """Posts this person may end."""
    return grants.visible(person, Permission.POST_GRANT, _posts())


def fillable_by(person: Person) -> QuerySet[Post]:
    """Posts this person may send a substitute to: the own ones, and those the person manages."""
    return _posts().filter(_still_open(), Q(person=person) | Q(pk__in=manageable_by(person).values("pk")))


def stand_ins_for(person: Person) -> QuerySet[Post]:
    """Who fills in, now or later, at the person's own posts."""
    return _posts().filter(_still_open(), stands_in__absent__person=person).order_by("valid", "pk")


def _still_open() -> Q:
    return Q(valid__upper_inf=True) | Q(valid__endswith__gt=clock.today())


def _posts() -> QuerySet[Post]:
    return Post.objects.select_related("person", "unit", "stands_in__absent__person")
