"""Verdicts of each programme on each initiative, and their sums for every node of the tree."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from thidua.documents.models import StoredFile
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.ledger.models import Act
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Indicator, Phase, Programme
from thidua.tallies.choices import DeclarationState, Measure


class Entry(models.Model):
    """Does this programme count this initiative, in which phase, and if not, why not?

    `unit`, `benefit` and `filed`/`recognised` are what the sums were built from, so that a
    change takes back exactly what was added.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="entries")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="entries")
    is_counted = models.BooleanField(default=False)
    is_filed = models.BooleanField(default=False)
    is_recognised = models.BooleanField(default=False)
    reasons = ArrayField(models.CharField(max_length=30), default=list)
    benefit = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=20, blank=True)
    employer = models.CharField(max_length=20, blank=True)  # of the grassroots union the unit belongs to
    groups = ArrayField(models.CharField(max_length=10), default=list)  # direct, women: among the authors
    grassroots = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    people = ArrayField(models.BigIntegerField(), default=list)  # authors credited, by person id
    filed_on = models.DateField(null=True)
    evaluated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "programme"], name="tallies_entry_once"),
            models.CheckConstraint(
                condition=Q(is_counted=False) | (Q(phase__isnull=False) & Q(reasons=[])),
                name="tallies_counted_in_a_phase",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "phase", "unit", "is_counted"], name="tallies_entry_rows"),
            # A list in this order walks past what others filed: the index alone says whose it is, and if it counts.
            models.Index(
                fields=["programme", "-filed_on", "-id"],
                include=["unit", "phase", "is_counted", "is_recognised"],
                condition=Q(is_filed=True),
                name="tallies_entry_newest",
            ),
            models.Index(fields=["unit", "programme", "-filed_on", "-id"], name="tallies_entry_unit"),
        ]


class Revaluation(models.Model):
    """An act after which very many initiatives are evaluated anew, and how far that has come."""

    act = models.OneToOneField(Act, on_delete=models.CASCADE, primary_key=True, related_name="+")
    after = models.BigIntegerField(default=0)  # initiatives up to this number are done


class Participation(models.Model):
    """How many counted entries a person has in a programme, in all (phase empty) and per phase."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # where the person is counted
    is_direct_worker = models.BooleanField(default=False)
    is_woman = models.BooleanField(default=False)
    entries = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "phase", "person"],
                nulls_distinct=False,
                name="tallies_participation_once",
            ),
            models.CheckConstraint(condition=Q(entries__gte=0), name="tallies_participation_not_negative"),
        ]


class Effort(models.Model):
    """How many entries a grassroots union has, in all (phase empty) and per phase: units count once too."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    filed = models.IntegerField(default=0)
    counted = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "phase", "unit"], nulls_distinct=False, name="tallies_effort_once"
            ),
            models.CheckConstraint(condition=Q(filed__gte=0, counted__gte=0), name="tallies_effort_not_negative"),
        ]


class Declaration(models.Model):
    """One dated result a unit reports by hand, of its own work alone; the level above confirms it.

    `value` is what the unit says, `booked` what the sums hold: a correction that waits for its
    confirmation leaves the confirmed number in force.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="declarations")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="declarations")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=300, blank=True)  # which of the "other" targets
    key = models.CharField(max_length=35)  # of indicator and label, in the sums
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="declarations")
    state = models.CharField(max_length=20, choices=DeclarationState, default=DeclarationState.DECLARED)
    on = models.DateField()
    value = models.BigIntegerField()
    booked = models.BigIntegerField(default=0)
    booked_on = models.DateField(null=True)
    booked_phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")
    content = models.TextField()
    paper = models.CharField(max_length=120, blank=True)  # number of the paper behind it
    evidence = models.ManyToManyField(StoredFile, related_name="declarations", blank=True)
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField()
    answer = models.TextField(blank=True)  # why it came back
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["programme", "key", "-on", "-id"], name="tallies_declaration_rows"),
            models.Index(fields=["programme", "-on", "-id"], name="tallies_declaration_newest"),
            models.Index(fields=["state", "unit"], name="tallies_declaration_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0, booked__gte=0), name="tallies_declaration_not_negative"),
            models.CheckConstraint(
                condition=Q(booked=0) | Q(booked_on__isnull=False), name="tallies_declaration_booked_when"
            ),
            models.UniqueConstraint(
                fields=["programme", "key", "unit", "on", "paper"],
                condition=~Q(paper="") & ~Q(state=DeclarationState.WITHDRAWN),
                name="tallies_declaration_paper_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label or self.indicator}: {self.value}"


class Figure(models.Model):
    """What sums and pending changes have in common. Phase empty: the programme as a whole.

    `bucket` is '' for the measure itself, or a part of it: 'kind:technical',
    'why:refused', 'group:women', 'at:enterprise', 'week:2022-05-16', 'year:2022'. Of units:
    'filed', 'least:5'. Of results reported by hand: the key of the indicator, and 'key@2022'.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=20, choices=Measure)
    bucket = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class Delta(Figure):
    """A change at one unit, not yet folded into the sums of its ancestors."""

    day = models.DateField(default=clock.today)

    class Meta:
        indexes = [models.Index(fields=["programme", "phase"], name="tallies_delta_pending")]


class Daily(Figure):
    """What changed at one unit on a day: the numbers of any past day, in the tree of that day."""

    day = models.DateField()

    class Meta:
        verbose_name_plural = "dailies"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "day", "unit", "phase", "measure", "bucket"],
                nulls_distinct=False,
                name="tallies_daily_once",
            )
        ]


class Tally(Figure):
    """The sum for a node and all below it. Read together with the pending deltas."""

    class Meta:
        indexes = [
            # A page of progress reads the whole number of each of a thousand units below: off the index alone.
            models.Index(
                fields=["programme", "phase", "unit", "measure"],
                include=["amount"],
                condition=Q(bucket=""),
                name="tallies_tally_whole",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "phase", "measure", "bucket"],
                nulls_distinct=False,
                name="tallies_tally_once",
            )
        ]
