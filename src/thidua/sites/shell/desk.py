"""At which post an officer works just now, kept in the session; nothing chosen: at all of them.

A chosen post is shown in the frame and leaves the rights of the others aside, in pages and verbs
alike: who wears two hats sees which one is on.
"""

from __future__ import annotations

from django.http import HttpRequest

from thidua.access import grants
from thidua.access.grants import Grant
from thidua.orgs.models import Unit
from thidua.people.models import Person

KEY = "post"


def person_of(request: HttpRequest) -> Person:
    return request.user.person  # type: ignore[union-attr]


def posts(person: Person) -> list[Grant]:
    """Every post held today, highest first (mere membership is none)."""
    return [grant for grant in grants.grants_of_all_posts(person) if grant.post_id is not None]


def units(person: Person) -> list[Unit]:
    """Units of the posts that count now, highest first."""
    found = {g.unit.pk: g.unit for g in grants.grants_of(person) if g.post_id is not None}
    return list(found.values())


def post_of(request: HttpRequest) -> Grant | None:
    """The chosen post; None while all count."""
    chosen = request.session.get(KEY)
    return next((grant for grant in posts(person_of(request)) if grant.post_id == chosen), None)


def unit_of(request: HttpRequest) -> Unit:
    """The unit of the chosen post, of the highest post, or the person's home."""
    person = person_of(request)
    own = units(person)
    return own[0] if own else person.unit


def is_officer(person: Person) -> bool:
    return bool(units(person))
