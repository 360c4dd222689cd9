"""Verdicts of each programme on each initiative, and their sums for every node of the tree."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from thidua.initiatives.models import Initiative
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme
from thidua.tallies.choices import Measure


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
        ]


class Participation(models.Model):
    """How many counted entries a person has in a programme, in all (phase empty) and per phase."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # where the person is counted
    is_direct_worker = models.BooleanField(default=False)
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


class Figure(models.Model):
    """What sums and pending changes have in common. Phase empty: the programme as a whole.

    `bucket` is '' for the measure itself, or a part of it: 'kind:technical', 'why:refused'.
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

    class Meta:
        indexes = [models.Index(fields=["programme", "phase"], name="tallies_delta_pending")]


class Tally(Figure):
    """The sum for a node and all below it. Read together with the pending deltas."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "phase", "measure", "bucket"],
                nulls_distinct=False,
                name="tallies_tally_once",
            )
        ]
