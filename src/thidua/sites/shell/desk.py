"""At which unit an officer works just now: one of the person's own posts, kept in the session."""

from __future__ import annotations

from django.http import HttpRequest

from thidua.access import grants
from thidua.orgs.models import Unit
from thidua.people.models import Person

KEY = "desk"


def person_of(request: HttpRequest) -> Person:
    return request.user.person  # type: ignore[union-attr]


def units(person: Person) -> list[Unit]:
    """Units of the person's posts (not of mere membership), highest first."""
    found = {g.unit.pk: g.unit for g in grants.grants_of(person) if g.role.name != "member"}
    return list(found.values())


def unit_of(request: HttpRequest) -> Unit:
    """The chosen unit, the highest post, or the person's home."""
    remembered = getattr(request, "_desk", None)
    if remembered is None:
        person = person_of(request)
        own = units(person)
        chosen = request.session.get(KEY)
        remembered = next((u for u in own if u.pk == chosen), own[0] if own else person.unit)
        request._desk = remembered  # type: ignore[attr-defined]
    return remembered


def is_officer(person: Person) -> bool:
    return bool(units(person))
