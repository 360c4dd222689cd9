"""The few things that are true of the whole installation."""

from django.db import models


class Installation(models.Model):
    """One row: is this a demonstration, and at which day does its clock stand?"""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_demonstration = models.BooleanField(default=False)
    clock_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="kernel_one_installation")]


class Counter(models.Model):
    """How often something was done within an hour or so; every process of every machine counts here."""

    key = models.CharField(primary_key=True, max_length=64)
    times = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)
