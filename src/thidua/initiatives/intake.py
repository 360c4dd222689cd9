"""What the office keeps beside the dossiers: proposals of scope, ready reasons, reminders, packages.

Below `models`, which gives these to everybody else.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from thidua.initiatives.choices import CannedFor, Scope, ScopeState
from thidua.orgs.models import Unit
from thidua.people.models import Person


class ScopeProposal(models.Model):
    """A recognised initiative is put to a unit above, to recognise its province-wide or national scope."""

    initiative = models.ForeignKey("initiatives.Initiative", on_delete=models.PROTECT, related_name="scope_proposals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="scope_proposals")  # who decides
    scope = models.CharField(max_length=20, choices=Scope)
    state = models.CharField(max_length=20, choices=ScopeState, default=ScopeState.WAITING)
    grounds = models.TextField()  # effect, replication, influence beyond the unit
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)  # of the last return or refusal
    recognition = models.OneToOneField(
        "initiatives.Recognition", on_delete=models.PROTECT, null=True, related_name="proposal"
    )

    class Meta:
        ordering = ["-proposed_on", "-id"]
        indexes = [models.Index(fields=["unit", "state", "due_on", "id"], name="initiatives_scope_inbox")]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "scope"],
                condition=Q(state__in=["waiting", "returned"]),
                name="initiatives_scope_asked_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="recognised") | Q(recognition__isnull=False), name="initiatives_scope_by_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} · {self.get_scope_display()}"


class CannedReason(models.Model):
    """A reason a unit keeps ready for a step; units below use it until they write their own."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="canned_reasons")
    step = models.CharField(max_length=20, choices=CannedFor)
    text = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "step", "text"], name="initiatives_canned_reason_once"),
        ]


class DueNotice(models.Model):
    """That somebody was told of a deadline: 0 before it, 1 when it passed, 2 to the level above."""

    initiative = models.ForeignKey("initiatives.Initiative", on_delete=models.CASCADE, related_name="due_notices")
    due_on = models.DateField()
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "due_on", "level"], name="initiatives_due_told_once"),
        ]


class FilePackage(models.Model):
    """A ZIP with the attachments of many dossiers, worked through in the background."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField()  # the worker's last sign of life
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    stored = models.FileField(upload_to="", max_length=200)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="initiatives_package_unit")]

    def __str__(self) -> str:
        return self.name


class PackedFile(models.Model):
    """One file of a package with what became of it: attached, same, unknown, refused; '' not yet looked at."""

    package = models.ForeignKey(FilePackage, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=400)
    outcome = models.CharField(max_length=10, blank=True)
    sentence = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["package", "outcome", "id"], name="initiatives_packed_outcome")]


class AwaitedFile(models.Model):
    """A file that a list has named for a dossier; `key` is its name without folder, dấu and case."""

    initiative = models.ForeignKey("initiatives.Initiative", on_delete=models.CASCADE, related_name="awaited_files")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True)
    attachment = models.ForeignKey("initiatives.Attachment", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["initiative", "key"], name="initiatives_awaited_once")]
