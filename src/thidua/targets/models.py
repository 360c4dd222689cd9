"""What each unit is to reach, given by the level above; it always reconciles."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount, Comparator
from thidua.programmes.models import Indicator, Phase, PlanTarget, Programme
from thidua.targets.choices import Base, TargetState


class Target(models.Model):
    """The target of one unit in a programme (phase empty: the whole programme)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="targets")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="targets")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="targets")
    given_by = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="given_targets")
    plan_target = models.ForeignKey(PlanTarget, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=TargetState)
    comparator = models.CharField(max_length=10, choices=Comparator, default=Comparator.AT_LEAST)
    amount = models.CharField(max_length=10, choices=Amount, default=Amount.COUNT)
    value = models.DecimalField(max_digits=18, decimal_places=2)  # assigned
    value_to = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)  # of a range
    # Which of several "other" targets this is; one of a year counts what falls into the year.
    label = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    # "Each grassroots union at least N": the N.
    threshold = models.PositiveSmallIntegerField(null=True, blank=True)
    # What a percentage is of: the number of that base on that day.
    base = models.CharField(max_length=20, choices=Base, blank=True)
    base_value = models.BigIntegerField(null=True, blank=True)
    base_on = models.DateField(null=True, blank=True)
    ambition = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)  # own, above it
    asked_value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    asked_reason = models.TextField(blank=True)
    given_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "phase", "indicator", "label", "year", "threshold", "unit"],
                nulls_distinct=False,
                name="targets_one_a_unit",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="targets_not_negative"),
            models.CheckConstraint(
                condition=Q(value_to__isnull=True) | Q(value_to__gte=F("value")), name="targets_range_forward"
            ),
            models.CheckConstraint(
                condition=Q(base_value__isnull=True) | ~Q(base="") & Q(base_on__isnull=False),
                name="targets_base_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="own", given_by__isnull=True) | (~Q(state="own") & Q(given_by__isnull=False)),
                name="targets_given_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="disputed") | (Q(asked_value__isnull=False) & ~Q(asked_reason="")),
                name="targets_disputed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["given_by", "programme"], name="targets_given")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.name}"

    @property
    def name(self) -> str:
        return self.label or self.indicator.name
