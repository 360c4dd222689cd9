"""Files as they were given, and papers as they were issued: both never change."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from thidua.documents.choices import PaperKind, Purpose
from thidua.orgs.models import Unit
from thidua.people.models import Person


class StoredFile(models.Model):
    """One uploaded or rendered file. Whoever may see the record it belongs to may see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)  # as shown and downloaded
    content_type = models.CharField(max_length=100)  # found from the content, never from the name
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=20, choices=Purpose)
    stored = models.FileField(upload_to="", max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    preview = models.FileField(upload_to="", max_length=200, blank=True)  # a small picture of it, made by the worker
    previewed_at = models.DateTimeField(null=True)  # when one was made or found impossible

    class Meta:
        indexes = [
            models.Index(
                fields=["given_at"], condition=Q(previewed_at__isnull=True), name="documents_file_unpreviewed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class Upload(models.Model):
    """A file on its way here in pieces: whatever breaks, it goes on where it stopped.

    `holder` is the person or the browser session that sends it; `form_key` the form it belongs to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.CharField(max_length=80)
    form_key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)  # name, size and date: the same file chosen again goes on
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    purpose = models.CharField(max_length=20, choices=Purpose)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.OneToOneField(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    touched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["touched_at"], name="documents_upload_stale")]
        constraints = [
            models.UniqueConstraint(fields=["holder", "form_key", "fingerprint"], name="documents_upload_once"),
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="documents_upload_within_size"),
        ]


class UploadPiece(models.Model):
    """Bytes of an upload, in the database until it is whole: safe from a kill, seen by every process."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    start = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="documents_piece_once")]


class Register(models.Model):
    """The number book of a unit for a year: numbers run from 1 on 1 January."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="registers")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="documents_one_register_a_year")]


class Paper(models.Model):
    """An issued paper: number from the register, frozen bytes; a correction is a new version."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=PaperKind)
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=60)  # KH-CĐYT
    issued_on = models.DateField()
    title = models.CharField(max_length=400)
    signer = models.CharField(max_length=120, blank=True)
    docx = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    xlsx = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-issued_on", "-id"], name="documents_paper_unit"),
            models.Index(fields=["-issued_on", "-id"], name="documents_paper_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gt=0), name="documents_paper_number_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_number} {self.title}"

    @property
    def full_number(self) -> str:
        """'17/KH-CĐYT'; numbers below 10 are written 01…09."""
        return f"{self.number:02d}/{self.symbol}" if self.number else f"/{self.symbol}"
