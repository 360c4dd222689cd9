"""What each unit is to reach, given by the level above; it always reconciles."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from thidua.orgs.models import Unit
from thidua.people.models import Person
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


class Sheet(models.Model):
    """The working sheet of an allocation: numbers not given yet, kept on the server while one works on them."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=300, blank=True)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    filled = models.CharField(max_length=200, blank=True)  # the last fill, in words; '' when none can be undone
    is_undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "parent", "indicator", "label"], name="targets_one_sheet")
        ]


class SheetCell(models.Model):
    """One unit in one column of a sheet; `before` is what stood there before the last fill."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="cells")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="+")
    value = models.BigIntegerField(null=True)
    before = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "unit", "phase"], nulls_distinct=False, name="targets_one_sheet_cell"
            ),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="targets_cell_not_negative"),
        ]


class Issue(models.Model):
    """One giving of targets to the units below: the first, or a later one that changed some of them."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=300, blank=True)
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "parent", "indicator", "label", "number"], name="targets_issue_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label or self.indicator.name}, lần {self.number}"


class IssueLine(models.Model):
    """What an issue changed for one unit; `before` empty: given for the first time, `after` empty: taken back."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="lines")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="+")
    before = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    after = models.DecimalField(max_digits=18, decimal_places=2, null=True)

    class Meta:
        ordering = ["unit__sort_key", "phase__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "unit", "phase"], nulls_distinct=False, name="targets_issue_line_once"
            )
        ]

    @property
    def difference(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))
