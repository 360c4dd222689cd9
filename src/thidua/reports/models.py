"""Reports that write themselves and add up, and questions to the level above."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.documents.models import Paper
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme
from thidua.reports.choices import DifficultyState, ReportKind, ReportState


class ReportRequest(models.Model):
    """A unit asks the units directly below it (and itself) for a report by a day."""

    code = models.CharField(max_length=20, unique=True)  # YC-…
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="report_requests")  # who asks
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=ReportKind, default=ReportKind.INTERIM)
    title = models.CharField(max_length=300)
    due_on = models.DateField()
    guidance = models.TextField(blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-due_on", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def period_ends_on(self) -> date | None:
        """The last day of what is reported on: the phase, or all of them."""
        if self.phase:
            return self.phase.ends_on
        days = [phase.ends_on for phase in self.programme.phases.all()]
        return max((day for day in days if day), default=None)


class Report(models.Model):
    """One unit's answer to a request. Submission freezes figures and text; a correction is a new version."""

    code = models.CharField(max_length=20, unique=True)  # BC-…
    request = models.ForeignKey(ReportRequest, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=ReportState, default=ReportState.DRAFT)
    revision = models.PositiveIntegerField(default=1)  # optimistic lock for edits in two tabs
    merges = models.ManyToManyField("self", symmetrical=False, related_name="merged_into")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()  # when the figures were last taken
    as_of = models.DateField(null=True)  # the past day they stand for; empty: the day they were taken
    submitted_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # of the last return
    digest = models.CharField(max_length=64, blank=True)  # of figures and text at submission
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "unit", "version"], name="reports_one_a_version"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | (Q(submitted_at__isnull=False) & ~Q(digest="")),
                name="reports_submitted_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request.title} – {self.unit}"

    @property
    def stands_for(self) -> date:
        """The day at whose end the figures are true."""
        return self.as_of or timezone.localdate(self.refreshed_at)


class Section(models.Model):
    """One titled part of the text."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="reports_section_once")]


class ReportFigure(models.Model):
    """A number of a report with the rows behind it: initiatives, or the child reports it sums."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="figures")
    key = models.SlugField()
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=20, decimal_places=2)
    is_money = models.BooleanField(default=False)
    is_percent = models.BooleanField(default=False)
    # How a merging report combines it: add up, or compute again from other figures.
    is_summed = models.BooleanField(default=True)
    initiative_ids = ArrayField(models.BigIntegerField(), default=list)
    person_ids = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="reports_figure_once")]


class Difficulty(models.Model):
    """A difficulty raised to the level above, which owes an answer by a day."""

    code = models.CharField(max_length=20, unique=True)  # VM-…
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="difficulties")
    addressee = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="difficulties_received")
    programme = models.ForeignKey(Programme, on_delete=models.SET_NULL, null=True, related_name="+")
    question = models.TextField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=20, choices=DifficultyState, default=DifficultyState.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "difficulties"
        indexes = [models.Index(fields=["addressee", "state", "due_on"], name="reports_difficulty_inbox")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (Q(state="answered", answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="reports_answered_by_whom_when",
            )
        ]

    def __str__(self) -> str:
        return self.code
