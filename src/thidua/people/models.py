"""A person is not an account: a worker who never logs in still gets the credit."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from thidua.orgs.models import Unit


class Person(models.Model):
    """Somebody known to the union: member, worker or officer. The least that is needed."""

    code = models.CharField(max_length=30, unique=True)  # member code, opaque
    full_name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=600, db_collation="C")  # given name first
    search = models.CharField(max_length=300)  # folded name, code, phone
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")  # today's home
    job_title = models.CharField(max_length=120, blank=True)
    qualification = models.CharField(max_length=120, blank=True)
    is_woman = models.BooleanField(null=True, blank=True)
    is_direct_worker = models.BooleanField(default=False)
    is_member = models.BooleanField(default=True)
    phone = models.CharField(max_length=15, null=True, blank=True, unique=True)
    email = models.EmailField(null=True, blank=True, unique=True)
    is_demonstration = models.BooleanField(default=False)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "sort_key"], name="people_person_unit"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="people_person_search"),
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
        indexes = [models.Index(fields=["person", "role"], name="people_post_person")]
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
