"""What people are told about their posts."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from thidua.access.roles import ROLES
from thidua.kernel import formats
from thidua.notify import outbox
from thidua.people.models import Person, Post


def granted(post: Post, by: Person) -> None:
    outbox.tell(
        [post.person],
        "appointments.granted",
        about=post,
        headline=_("Bạn được giao «%(role)s» tại %(unit)s") % _named(post),
        body=_("Từ %(since)s%(until)s.")
        % {
            "since": formats.day(post.valid.lower),
            "until": _(" đến hết %(day)s") % {"day": formats.day(post.valid.upper - timedelta(days=1))}
            if post.valid.upper
            else "",
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
