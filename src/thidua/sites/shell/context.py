"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from thidua.kernel import clock, installation
from thidua.notify import outbox
from thidua.sites.shell import desk, navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """Demonstration flag, menus and, for the signed-in, person, desk and unread notices (lazily)."""
    standing = installation.current()
    person = getattr(request.user, "person", None) if hasattr(request, "user") else None
    context: dict[str, Any] = {
        "demonstration": standing.is_demonstration,
        "clock_on": standing.clock_on if standing.is_demonstration else None,
        "today": clock.today(),
        "person": person,
        "portal_menu": SimpleLazyObject(lambda: navigation.links(request, navigation.PORTAL)),
    }
    if person:
        context |= {
            "office_menu": SimpleLazyObject(lambda: navigation.links(request, navigation.OFFICE)),
            "member_menu": SimpleLazyObject(lambda: navigation.links(request, navigation.MEMBER)),
            "desk_unit": SimpleLazyObject(lambda: desk.unit_of(request)),
            "desk_post": SimpleLazyObject(lambda: desk.post_of(request)),
            "desk_posts": SimpleLazyObject(lambda: desk.posts(person)),
            "is_officer": SimpleLazyObject(lambda: desk.is_officer(person)),
            "unread": SimpleLazyObject(lambda: outbox.unread_count(person)),
        }
    return context
