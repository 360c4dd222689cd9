"""Orders that change the tree: one decision, its lines, and what each line handed over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from thidua.documents.models import StoredFile
from thidua.orgs.choices import Change
from thidua.orgs.models import Unit, UnitEvent
from thidua.people.models import Person
from thidua.reorganisations.choices import OrderState


class Order(models.Model):
    """A decision to reorganise: drawn up, previewed, confirmed; takes effect on its day."""

    code = models.CharField(max_length=20, unique=True)  # BD-…
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="orders")  # all lines lie below it
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.DRAFT)
    title = models.CharField(max_length=300)
    decision_number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField()
    note = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    keeps_posts = models.BooleanField(default=True)  # officers of ended units go on at the successor
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    fault = models.TextField(blank=True)  # why a scheduled order could not take effect

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-effective_on", "-id"], name="reorganisations_order_unit"),
            models.Index(fields=["state", "effective_on"], name="reorganisations_order_due"),
            models.Index(fields=["-effective_on", "-id"], name="reorganisations_order_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_at__isnull=False), name="reorganisations_applied_when"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision_number or self.code} {self.title}".strip()


class Line(models.Model):
    """One change ordered. Units are named by code: some are founded by an earlier line of the order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Change)
    unit_code = models.CharField(max_length=40)
    to_code = models.CharField(max_length=40, blank=True)  # parent, successor or heir
    name = models.CharField(max_length=250, blank=True)  # of a founded or renamed unit
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="reorganisations_line_place")]


class LineEvent(models.Model):
    """Which entries of the ledger of changes came of a line."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="events")
    event = models.OneToOneField(UnitEvent, on_delete=models.CASCADE, related_name="+")


class Handover(models.Model):
    """A record that passed from one unit to another, so that it can be given back.

    `before` holds the fields that were replaced. For programmes it also tells counting which unit
    they belonged to on any day.
    """

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="handovers")
    heirloom = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)  # programmes.programme
    subject_id = models.BigIntegerField()
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField()
    before = models.JSONField(default=dict)
    was_made = models.BooleanField(default=False)  # the record itself was made by the line

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="reorganisations_handed")]
