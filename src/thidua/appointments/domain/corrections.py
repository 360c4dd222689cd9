"""Titles and periods of posts put right, and posts given by mistake taken away, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from thidua.appointments.domain import posts
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Person, Post


@dataclass
class Correction:
    """How a post is to read; `refusal` says why it was not put right, `before` what it was."""

    post: Post
    title: str
    since: date
    until: date | None
    refusal: Refused | None = None
    before: dict[str, Any] | None = None


def reading(post: Post) -> dict[str, Any]:
    """Title, first and last day. Periods end on the day after the last."""
    until = date.fromordinal(post.valid.upper.toordinal() - 1) if post.valid.upper else None
    return {"title": post.title, "since": post.valid.lower, "until": until}


@transaction.atomic
def correct_many(wanted: Sequence[Correction], *, by: Person) -> None:
    """Write what can be written; each that cannot says why."""
    taken = posts.periods_of((one.post.person, one.post.unit) for one in wanted)
    possible, told, seen = [], [], set()
    for one in wanted:
        post, valid = one.post, posts.period(one.since, one.until)
        held = taken[post.person_id, post.unit_id, post.role]
        try:
            if post.pk in seen:
                raise Refused(_("Một dòng khác đã sửa chức danh này."))
            posts.refuse_overlap(post.person, post.role, valid, [v for pk, v in held.items() if pk != post.pk])
        except Refused as refused:
            one.refusal = refused
            continue
        seen.add(post.pk)
        one.before = reading(post)
        post.title, post.valid = one.title, valid
        held[post.pk] = valid
        possible.append(post)
        told.append(acts.Told(post.person, post.unit_id, before=one.before, after=reading(post)))
    _write(possible)
    acts.record_many("people.post.changed", told, by=by)


def _write(changed: Sequence[Post]) -> None:
    if not changed:
        return
    rows = [(post.pk, post.title, post.valid.lower, post.valid.upper) for post in changed]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_post p SET title = x.title, valid = daterange(x.since, x.until) "
            "FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::date[]) AS x(id, title, since, until) "
            "WHERE p.id = x.id",
            [list(column) for column in zip(*rows, strict=True)],
        )


@transaction.atomic
def remove_many(mistaken: Sequence[Post], *, by: Person) -> None:
    """Posts that were given by mistake go. Raises Refused when something stands on one."""
    told = [
        acts.Told(post.person, post.unit_id, after={"role": post.role, "unit": post.unit.code}) for post in mistaken
    ]
    acts.record_many("people.post.ended", told, by=by)
    try:
        with transaction.atomic():
            Post.objects.filter(pk__in=[post.pk for post in mistaken]).delete()
    except ProtectedError:
        raise Refused(
            _("Chức danh của %(name)s đã có dữ liệu gắn với nó: hãy kết thúc ở trang chức danh.")
            % {"name": next(post.person.full_name for post in mistaken if _is_needed(post))}
        ) from None


def _is_needed(post: Post) -> bool:
    try:
        with transaction.atomic():
            Post.objects.filter(pk=post.pk).delete()
    except ProtectedError:
        return True
    return False
