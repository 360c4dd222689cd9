"""Files that came in with many records, line by line; and big files made to go out.

Both hold personal data, so they are kept for a while only (`domain.keeping`).
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from thidua.exchange.choices import BUSY, FileState, UploadState
from thidua.kernel.sheets.importers import Importer, Outcome, named
from thidua.orgs.models import Unit
from thidua.people.models import Person


class Upload(models.Model):
    """One file of one importer, from its arrival to its being applied, undone or dropped."""

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    importer = models.SlugField()
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.CHECKING)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # the officer's desk
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    applied_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    stored = models.FileField(upload_to="", max_length=200, blank=True)
    # When the worker last showed a sign of life; an old one is taken up by another worker.
    beat_at = models.DateTimeField()
    fault = models.TextField(blank=True)  # why the whole file or the last attempt failed; what an undo had to leave
    sheet = models.CharField(max_length=120, blank=True)
    heading_line = models.PositiveIntegerField(default=0)
    headings = models.JSONField(default=list)  # every heading of the file, in order
    places = models.JSONField(default=dict)  # column name -> its place among the headings
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-given_at", "-id"], name="exchange_upload_unit"),
            models.Index(fields=["-given_at", "-id"], name="exchange_upload_newest"),
        ]
        constraints = [models.CheckConstraint(condition=Q(done__lte=F("total")), name="exchange_done_within_total")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Importer:
        found = named(self.importer)
        if found is None:
            raise LookupError(f"no importer is registered as {self.importer}")
        return found

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def good(self) -> int:
        """Lines that applying would write."""
        return self.new + self.changed


class UploadedLine(models.Model):
    """One line of the file with what was found about it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # as Excel numbers it
    level = models.PositiveSmallIntegerField(default=0)  # lines of a lower level are taken first
    cells = models.JSONField()  # as written, in the order of the headings
    keys = ArrayField(models.TextField(), default=list)
    clashes = models.JSONField(default=list)  # [column, line that already has the key]
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    faults = models.JSONField(default=list)  # [column, reason, mend]
    remarks = models.JSONField(default=list)
    changes = models.JSONField(default=list)  # [heading, old, new]
    target = models.BigIntegerField(null=True)
    undo = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="exchange_line_once")]
        indexes = [
            models.Index(fields=["upload", "outcome", "number"], name="exchange_line_outcome"),
            models.Index(fields=["upload", "outcome", "level", "number"], name="exchange_line_turn"),
        ]


class OutgoingFile(models.Model):
    """A file too big to be made while somebody waits."""

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    importer = models.SlugField()  # or the maker of a package above
    given = models.JSONField(default=dict)  # what that maker begins with
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=FileState, default=FileState.MAKING)
    name = models.CharField(max_length=200)
    stored = models.FileField(upload_to="", max_length=200, blank=True)
    fault = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["asked_by", "-asked_at", "-id"], name="exchange_outgoing_asked")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Importer | None:
        return named(self.importer)

    @property
    def is_waiting(self) -> bool:
        return self.state == FileState.MAKING

    @property
    def is_table(self) -> bool:
        return self.name.endswith(".xlsx")
