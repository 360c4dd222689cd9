"""What people are told about their posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from thidua.access.roles import ROLES
from thidua.kernel import formats
from thidua.notify import outbox
from thidua.people.models import Person, Post


def granted(posts: Iterable[Post], by: Person) -> None:
    words = [
        outbox.Word(
            post.person,
            post,
            _("Bạn được giao «%(role)s» tại %(unit)s") % _named(post),
            _("Từ %(since)s%(until)s.") % _period(post),
        )
        for post in posts
    ]
    outbox.tell_many(words, "appointments.granted", but_not=by)


def _period(post: Post) -> dict[str, str]:
    until = post.valid.upper and _(" đến hết %(day)s") % {"day": formats.day(post.valid.upper - timedelta(days=1))}
    return {"since": formats.day(post.valid.lower), "until": until or ""}


def filled_in(stand_in: Post, post: Post, by: Person) -> None:
    """The absent holder learns who does the work."""
    outbox.tell(
        [post.person],
        "appointments.filled_in",
        about=stand_in,
        headline=_("%(name)s làm thay bạn «%(role)s» tại %(unit)s")
        % {"name": stand_in.person.full_name, **_named(post)},
        body=_("Từ %(since)s đến hết %(until)s.")
        % {
            "since": formats.day(stand_in.valid.lower),
            "until": formats.day(stand_in.valid.upper - timedelta(days=1)),
        },
        but_not=by,
    )


def ended(post: Post, by: Person) -> None:
    outbox.tell(
        [post.person],
        "appointments.ended",
        about=post,
        headline=_("Chức danh «%(role)s» tại %(unit)s của bạn đã kết thúc") % _named(post),
        but_not=by,
    )


def _named(post: Post) -> dict[str, str]:
    return {"role": post.title or str(ROLES[post.role].label), "unit": post.unit.short_name}
