"""A person is not an account: a worker who never logs in still gets the credit."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper

from thidua.orgs.models import Unit
from thidua.people.choices import AbsenceKind


def beginnings(words: str) -> Func:
    """The beginnings of each word, up to `LONGEST` letters: what a person is looked up by.

    One entry of the index for each typed word. Three letters at a time, a common name takes ten long lists.
    """
    return Func(F(words), function="people_beginnings", output_field=ArrayField(models.TextField()))


LONGEST = 7  # letters of the longest syllable, nghiêng; as the function in the database has it


class Person(models.Model):
    """Somebody known to the union: member, worker or officer. The least that is needed."""

    code = models.CharField(max_length=30, unique=True)  # member code, opaque
    full_name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=600, db_collation="C")  # given name first
    search = models.CharField(max_length=300)  # queries.search_text(): folded name, code, phone
    name_key = models.CharField(max_length=120)  # queries.name_key(): for finding duplicates
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")  # today's home
    job_title = models.CharField(max_length=120, blank=True)
    qualification = models.CharField(max_length=120, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)  # tells namesakes apart
    is_woman = models.BooleanField(null=True, blank=True)
    is_direct_worker = models.BooleanField(default=False)
    is_member = models.BooleanField(default=True)
    phone = models.CharField(max_length=15, null=True, blank=True, unique=True)
    email = models.EmailField(null=True, blank=True, unique=True)
    is_demonstration = models.BooleanField(default=False)
    left_on = models.DateField(null=True, blank=True)
    # A duplicate that was merged: everything that was its own is the other's.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "sort_key"], name="people_person_unit"),
            # A list in the order of names passes many of other units: the index alone says which.
            models.Index(
                fields=["sort_key", "id"], include=["unit", "left_on", "merged_into"], name="people_person_order"
            ),
            models.Index(fields=["name_key", "birth_year"], name="people_person_alike"),
            models.Index(Upper("code"), name="people_person_code"),
            models.Index(Upper("email"), name="people_person_email"),
            GinIndex(beginnings("search"), name="people_person_search"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="people_person_near"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="people_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(left_on__isnull=False), name="people_merged_is_off_the_roster"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Membership(models.Model):
    """Which unit a person belonged to when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_one_home_a_day",
                expressions=[("person", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class Absence(models.Model):
    """A pause: the person stays on the roster and keeps every credit."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=12, choices=AbsenceKind)
    valid = DateRangeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_one_absence_a_day",
                expressions=[("person", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class Merger(models.Model):
    """Two records that were one person: what was moved, so that it can be moved back."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    dropped = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    moved = models.JSONField(default=dict)  # "app.model.field" -> keys of the rows; and values before

    class Meta:
        indexes = [models.Index(fields=["kept", "-id"], name="people_merger_kept")]
        constraints = [
            models.UniqueConstraint(fields=["dropped"], condition=Q(undone_at__isnull=True), name="people_merged_once")
        ]


class Namesakes(models.Model):
    """Two people who look like one and were found to be two: not proposed again."""

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="people_namesakes_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="people_namesakes_in_order"),
        ]


class Accounts(BaseUserManager):
    """What Django's authentication asks of a user model."""

    def get_by_natural_key(self, login: str | None) -> Account:  # type: ignore[override]
        return self.select_related("person__unit").get(login=login)  # type: ignore[return-value]


class Account(AbstractBaseUser):
    """The right to sign in, of one person. What it may do comes from the person's posts."""

    login = models.CharField(max_length=30, unique=True)  # the member code
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)  # type: ignore[misc]
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Accounts()  # type: ignore[misc]
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.person.full_name


class Post(models.Model):
    """A person's role at a unit for a period: where every right comes from."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.SlugField()  # a name in access.roles
    title = models.CharField(max_length=120, blank=True)  # as printed, e.g. Chủ tịch
    valid = DateRangeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "role"], name="people_post_person"),
            models.Index(RangeEndsWith("valid"), name="people_post_ended"),
        ]
        constraints = [
            ExclusionConstraint(
                name="people_post_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(role=""), name="people_post_has_role"),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.role} – {self.unit}"
