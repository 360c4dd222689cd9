"""Where a person belongs, day by day: transfer, leaving, coming back. History stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Membership, Person, Post

FARTHEST = timedelta(days=366)


def transfer(
    person: Person, unit: Unit, *, on: date, by: acts.Actor, reason: str = "", ends_posts: bool = False
) -> dict[str, Any]:
    """Let a person belong to another unit from a day on, past or to come.

    What the person did before stays with the former unit. `ends_posts` also ends posts at the former
    unit on that day. Gives what `take_back` needs.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        last = refuse_relocation(person, _open_membership(person), on, unit)
        former = last.unit
        last.valid = DateRange(last.valid.lower, on)
        last.save(update_fields=["valid"])
        new = Membership.objects.create(person=person, unit=unit, valid=DateRange(on, None))
        if on <= clock.today():
            Person.objects.filter(pk=person.pk).update(unit=unit)
        ended = end_posts(person, on, by=by, at=former) if ends_posts else []
        acts.record(
            "people.person.transferred",
            person,
            by=by,
            unit_id=unit.pk,
            reason=reason,
            before={"unit": former.code},
            after={"unit": unit.code, "on": on},
        )
    return {"kind": "transfer", "membership": new.pk, "former": last.pk, "posts": ended}


def leave(person: Person, *, on: date, by: acts.Actor, reason: str = "") -> dict[str, Any]:
    """Take somebody off the roster from a day on: posts end, credits stay."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        last = refuse_relocation(person, _open_membership(person), on)
        last.valid = DateRange(last.valid.lower, on)
        last.save(update_fields=["valid"])
        ended = end_posts(person, on, by=by)
        Person.objects.filter(pk=person.pk).update(left_on=on)
        acts.record("people.person.left", person, by=by, reason=reason, after={"on": on})
    return {"kind": "leave", "former": last.pk, "posts": ended}


def come_back(person: Person, unit: Unit, *, on: date, by: acts.Actor) -> Person:
    """Put somebody who had left on a roster again; the gap stays in the history."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.left_on is None:
            raise Refused(_("%(name)s đang có trong danh sách.") % {"name": person.full_name})
        if person.merged_into_id:
            raise Refused(_("Bản ghi này đã được gộp vào một người khác: hãy hoàn tác việc gộp trước."))
        if not person.left_on <= on <= clock.today():
            raise Refused(_("Ngày trở lại phải từ ngày thôi đến hôm nay."), field="on")
        Membership.objects.create(person=person, unit=unit, valid=DateRange(on, None))
        Person.objects.filter(pk=person.pk).update(unit=unit, left_on=None)
        acts.record("people.person.returned", person, by=by, unit_id=unit.pk, after={"unit": unit.code, "on": on})
    person.refresh_from_db()
    return person


def end_posts(person: Person, on: date, *, by: acts.Actor, at: Unit | None = None) -> list[list[Any]]:
    """End posts that run past a day; gives [post, its former end] of each."""
    posts = Post.objects.filter(person=person, valid__overlap=DateRange(on, None)).select_related("unit")
    ended: list[list[Any]] = []
    for post in posts.filter(unit=at) if at else posts:
        if post.valid.lower >= on:
            post.delete()  # would only have begun later
        else:
            ended.append([post.pk, post.valid.upper])
            post.valid = DateRange(post.valid.lower, on)
            post.save(update_fields=["valid"])
        noted = {"role": post.role, "unit": post.unit.code, "on": on}
        acts.record("people.post.ended", person, by=by, unit_id=post.unit_id, after=noted)
    return ended


def take_back(person: Person, step: dict[str, Any], *, by: acts.Actor) -> None:
    """Undo a transfer or leaving, if it is still the last thing that happened to the person's home."""
    with transaction.atomic():
        later = Membership.objects.filter(person=person).order_by("-pk").first()
        last = step.get("membership") or step["former"]
        if later is None or later.pk != last:
            raise Refused(_("%(name)s đã được chuyển đơn vị sau đó.") % {"name": person.full_name})
        if step.get("membership"):
            Membership.objects.filter(pk=step["membership"]).delete()
        former = Membership.objects.select_related("unit").get(pk=step["former"])
        former.valid = DateRange(former.valid.lower, None)
        former.save(update_fields=["valid"])
        for pk, upper in step.get("posts", []):
            post = Post.objects.get(pk=pk)
            post.valid = DateRange(post.valid.lower, upper and date.fromisoformat(str(upper)))
            post.save(update_fields=["valid"])
        Person.objects.filter(pk=person.pk).update(unit=former.unit, left_on=None)
        acts.record(
            "people.person.move_undone", person, by=by, unit_id=former.unit_id, after={"unit": former.unit.code}
        )


def settle_due() -> int:
    """Move home whoever's dated transfer has come due; gives how many. Run every day."""
    today = clock.today()
    due = Membership.objects.filter(valid__contains=today, valid__startswith__gte=today - FARTHEST)
    moved = 0
    late = due.exclude(person__unit=F("unit")).filter(person__left_on__isnull=True)
    for membership in late.iterator():
        moved += Person.objects.filter(pk=membership.person_id).update(unit=membership.unit_id)
    return moved


def refuse_relocation(person: Person, last: Membership | None, on: date, unit: Unit | None = None) -> Membership:
    """Raise Refused unless the person may go to the unit (or, without one, leave) on that day; gives the home left."""
    if person.left_on is not None:
        raise Refused(_("%(name)s đã thôi: hãy ghi nhận trở lại trước.") % {"name": person.full_name}, field="on")
    if unit is None and on > clock.today():
        raise Refused(_("Ngày thôi còn ở phía trước: hãy ghi khi người này đã thôi."), field="on")
    if last is None:
        raise Refused(_("%(name)s không còn trong danh sách nào.") % {"name": person.full_name})
    if unit and last.unit_id == unit.pk:
        said = {"name": person.full_name, "unit": unit.short_name}
        raise Refused(_("%(name)s đã thuộc %(unit)s.") % said, field="unit")
    _refuse_unlikely(last, on)
    if unit and unit.ended_on and unit.ended_on <= on:
        raise Refused(_("«%(unit)s» kết thúc hoạt động trước ngày này.") % {"unit": unit.short_name}, field="unit")
    return last


def _open_membership(person: Person) -> Membership | None:
    return Membership.objects.select_related("unit").filter(person=person, valid__upper_inf=True).first()


def _refuse_unlikely(last: Membership, on: date) -> None:
    if on <= last.valid.lower:
        raise Refused(
            _("Ngày phải sau ngày vào %(unit)s (%(day)s).")
            % {"unit": last.unit.short_name, "day": last.valid.lower.strftime("%d/%m/%Y")},
            field="on",
        )
    if on > clock.today() + FARTHEST:
        raise Refused(_("Ngày còn quá xa: hãy ghi trong vòng một năm tới."), field="on")
