"""What passes on in the packages below this one: people, posts, headcounts, places served."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thidua.orgs.choices import HeadcountSource
from thidua.orgs.models import Coverage, Headcount, Unit
from thidua.people.models import Membership, Person, Post
from thidua.reorganisations.succession import Heirloom, Passing
from thidua.reorganisations.succession import register as enrol


def _at_home(unit: Unit) -> QuerySet[Person]:
    return Person.objects.filter(unit=unit, left_on__isnull=True)


def _people(passing: Passing) -> int:
    """Members go along; their membership of the old unit ends on the day, the new one begins."""
    found = _at_home(passing.old)
    if passing.people is not None:
        found = found.filter(pk__in=passing.people)
    going = list(found.values_list("pk", flat=True))
    lines = Membership.objects.filter(person__in=going, unit=passing.old, valid__upper_inf=True)
    ended, made = [], []
    for line in lines:
        start = line.valid.lower
        if start is not None and start >= passing.day:
            passing.note(line, {"unit_id": passing.old.pk})
            line.unit = passing.new
        else:
            passing.note(line, {"valid": [start, None]})
            line.valid = DateRange(start, passing.day)
            made.append(Membership(person_id=line.person_id, unit=passing.new, valid=DateRange(passing.day, None)))
        ended.append(line)
    Membership.objects.bulk_update(ended, ["unit", "valid"], batch_size=1000)
    for line in Membership.objects.bulk_create(made, batch_size=1000):
        passing.note(line, {}, was_made=True)
    return passing.rows(found, "unit")


def _posts(passing: Passing) -> int:
    """Posts of an ended unit end with it; where the order says so they go on at the successor."""
    posts = list(
        Post.objects.filter(unit=passing.old).filter(
            Q(valid__contains=passing.day) | Q(valid__startswith__gt=passing.day)
        )
    )
    for post in posts:
        start, until = post.valid.lower, post.valid.upper
        if start is not None and start >= passing.day:
            # It has not begun: it begins at the successor.
            passing.note(post, {"unit_id": passing.old.pk})
            post.unit = passing.new
            post.save(update_fields=["unit"])
            continue
        passing.note(post, {"valid": [start, until]})
        post.valid = DateRange(start, passing.day)
        post.save(update_fields=["valid"])
        taken = Post.objects.filter(
            person=post.person_id, unit=passing.new, role=post.role, valid__overlap=DateRange(passing.day, until)
        )
        if passing.keeps_posts and not taken.exists():
            made = Post.objects.create(
                person_id=post.person_id,
                unit=passing.new,
                role=post.role,
                title=post.title,
                valid=DateRange(passing.day, until),
            )
            passing.note(made, {}, was_made=True)
    return len(posts)


def _headcount(passing: Passing) -> int:
    """The successor has as many as both had, until it declares itself."""
    lost = _last(passing.old, passing.day)
    if lost is None:
        return 0
    own = _last(passing.new, passing.day)
    on_day = Headcount.objects.filter(unit=passing.new, on=passing.day).first()
    sums = {
        name: None if getattr(lost, name) is None else getattr(lost, name) + (getattr(own, name) or 0 if own else 0)
        for name in ("members", "women", "direct_workers")
    }
    if on_day is None:
        made = Headcount.objects.create(unit=passing.new, on=passing.day, source=HeadcountSource.COMPUTED, **sums)
        passing.note(made, {}, was_made=True)
    else:
        passing.note(on_day, {name: getattr(on_day, name) for name in sums})
        Headcount.objects.filter(pk=on_day.pk).update(**sums)
    return 1


def _last(unit: Unit, day: date) -> Headcount | None:
    return Headcount.objects.filter(unit=unit, on__lte=day).order_by("-on").first()


def _coverage(passing: Passing) -> int:
    """The successor serves the places of both."""
    lines = list(Coverage.objects.filter(unit=passing.old, valid__upper_inf=True))
    served = set(Coverage.objects.filter(unit=passing.new, valid__upper_inf=True).values_list("place_id", flat=True))
    for line in lines:
        passing.note(line, {"valid": [line.valid.lower, None]})
        if line.valid.lower is None or line.valid.lower < passing.day:
            line.valid = DateRange(line.valid.lower, passing.day)
            line.save(update_fields=["valid"])
        if line.place_id not in served:
            made = Coverage.objects.create(unit=passing.new, place_id=line.place_id, valid=DateRange(passing.day, None))
            passing.note(made, {}, was_made=True)
    return len(lines)


def register() -> None:
    enrol(
        Heirloom(
            "people",
            _("Đoàn viên chuyển sang đơn vị mới"),
            ended=_people,
            left_behind=lambda unit, day: _at_home(unit).count(),
        ),
        Heirloom("posts", _("Chức danh kết thúc hoặc chuyển tiếp"), ended=_posts),
        Heirloom("headcount", _("Bản kê khai số đoàn viên cộng vào đơn vị kế thừa"), ended=_headcount),
        Heirloom("coverage", _("Địa bàn chuyển sang"), ended=_coverage),
    )
