"""Transfers and leavings of a thousand people at a time: the rules and the acts of `moves`, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.domain import moves
from thidua.people.models import Membership, Person, Post


@dataclass
class Relocation:
    """One person to another unit from a day on, or, without a unit, off the roster."""

    person: Person
    on: date
    unit: Unit | None = None
    refusal: str = ""  # set when this one cannot be done
    step: dict[str, Any] | None = None  # set when it was: what `take_back_many` needs


@transaction.atomic
def relocate_many(wanted: Sequence[Relocation], *, by: acts.Actor) -> None:
    """Do what can be done; each one that cannot says why in `refusal`. People are locked by the caller."""
    homes = _open_memberships(one.person.pk for one in wanted)
    possible = []
    for one in wanted:
        try:
            moves.refuse_relocation(one.person, homes.get(one.person.pk), one.on, one.unit)
        except Refused as refused:
            one.refusal = refused.sentence
        else:
            possible.append(one)
    _close(possible, homes)
    going = [one for one in possible if one.unit]
    leaving = [one for one in possible if not one.unit]
    _transfer(going, homes, by)
    _leave(leaving, homes, by)


def _transfer(going: Sequence[Relocation], homes: dict[int, Membership], by: acts.Actor) -> None:
    new = [Membership(person=one.person, unit=one.unit, valid=DateRange(one.on, None)) for one in going]  # type: ignore[misc]
    Membership.objects.bulk_create(new)
    today, told = clock.today(), []
    begun: list[tuple[int, int]] = []
    for one, made in zip(going, new, strict=True):
        assert one.unit
        former = homes[one.person.pk]
        one.step = {"kind": "transfer", "membership": made.pk, "former": former.pk, "posts": []}
        if one.on <= today:
            begun.append((one.person.pk, one.unit.pk))
            one.person.unit = one.unit
        told.append(
            acts.Told(
                one.person,
                one.unit.pk,
                before={"unit": former.unit.code},
                after={"unit": one.unit.code, "on": one.on},
            )
        )
    _each("UPDATE people_person p SET unit_id = x.b FROM unnest(%s::bigint[], %s::bigint[]) AS x(a, b)", begun)
    acts.record_many("people.person.transferred", told, by=by)


def _leave(leaving: Sequence[Relocation], homes: dict[int, Membership], by: acts.Actor) -> None:
    ended = _end_posts(leaving, by)
    for one in leaving:
        one.person.left_on = one.on
        one.step = {"kind": "leave", "former": homes[one.person.pk].pk, "posts": ended.get(one.person.pk, [])}
    left = [(one.person.pk, one.on) for one in leaving]
    _each("UPDATE people_person p SET left_on = x.b FROM unnest(%s::bigint[], %s::date[]) AS x(a, b)", left)
    acts.record_many("people.person.left", [acts.Told(one.person, after={"on": one.on}) for one in leaving], by=by)


def _close(wanted: Sequence[Relocation], homes: dict[int, Membership]) -> None:
    """End the present memberships on the day of the change."""
    rows = [(homes[one.person.pk].pk, one.on) for one in wanted]
    _each(
        "UPDATE people_membership p SET valid = daterange(lower(p.valid), x.b) "
        "FROM unnest(%s::bigint[], %s::date[]) AS x(a, b)",
        rows,
    )


def _end_posts(leaving: Sequence[Relocation], by: acts.Actor) -> dict[int, list[list[Any]]]:
    """Person -> [post, its former end] of each post that ran past the day; later ones never begin."""
    days = {one.person.pk: one.on for one in leaving}
    people = {one.person.pk: one.person for one in leaving}
    ended: dict[int, list[list[Any]]] = {}
    never, told, cut = [], [], []
    for post in Post.objects.filter(person__in=people).select_related("unit").order_by("pk"):
        on = days[post.person_id]
        if post.valid.upper is not None and post.valid.upper <= on:
            continue
        if post.valid.lower >= on:
            never.append(post.pk)
        else:
            ended.setdefault(post.person_id, []).append([post.pk, post.valid.upper])
            cut.append((post.pk, on))
        noted = {"role": post.role, "unit": post.unit.code, "on": on}
        told.append(acts.Told(people[post.person_id], post.unit_id, after=noted))
    if never:
        Post.objects.filter(pk__in=never).delete()
    _each(
        "UPDATE people_post p SET valid = daterange(lower(p.valid), x.b) "
        "FROM unnest(%s::bigint[], %s::date[]) AS x(a, b)",
        cut,
    )
    acts.record_many("people.post.ended", told, by=by)
    return ended


@transaction.atomic
def take_back_many(done: Sequence[tuple[Person, dict[str, Any]]], *, by: acts.Actor) -> None:
    """Undo relocations, each if it is still the last thing that happened to the person's home; else Refused."""
    if not done:
        return
    _refuse_later_changes(done)
    Membership.objects.filter(pk__in=[step["membership"] for _p, step in done if step.get("membership")]).delete()
    former = Membership.objects.select_related("unit").in_bulk([step["former"] for _p, step in done])
    posts = [(pk, upper) for _p, step in done for pk, upper in step.get("posts", [])]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_membership SET valid = daterange(lower(valid), NULL) WHERE id = ANY(%s)", [list(former)]
        )
    _each(
        "UPDATE people_post p SET valid = daterange(lower(p.valid), x.b) "
        "FROM unnest(%s::bigint[], %s::date[]) AS x(a, b)",
        posts,
    )
    told = []
    for person, step in done:
        person.unit, person.left_on = former[step["former"]].unit, None
        told.append(acts.Told(person, person.unit_id, after={"unit": person.unit.code}))
    _each(
        "UPDATE people_person p SET unit_id = x.b, left_on = NULL FROM unnest(%s::bigint[], %s::bigint[]) AS x(a, b)",
        [(person.pk, person.unit_id) for person, _step in done],
    )
    acts.record_many("people.person.move_undone", told, by=by)


def _refuse_later_changes(done: Sequence[tuple[Person, dict[str, Any]]]) -> None:
    theirs = Membership.objects.filter(person__in=[person.pk for person, _step in done])
    newest = {home.person_id: home for home in theirs.order_by("person", "-pk").distinct("person")}
    for person, step in done:
        last = newest.get(person.pk)
        if last is None or last.pk != (step.get("membership") or step["former"]):
            raise Refused(_("%(name)s đã được chuyển đơn vị sau đó.") % {"name": person.full_name})
        if step.get("membership") and last.valid.upper is not None:
            raise Refused(_("%(name)s đã thôi sau đó.") % {"name": person.full_name})


def _open_memberships(people: Iterable[int]) -> dict[int, Membership]:
    found = Membership.objects.select_related("unit").filter(person__in=list(people), valid__upper_inf=True)
    return {membership.person_id: membership for membership in found}


def _each(statement: str, rows: Sequence[tuple[Any, Any]]) -> None:
    """One statement that takes (a, b) pairs; the row meant is `a`."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE p.id = x.a", [[a for a, _b in rows], [b for _a, b in rows]])
