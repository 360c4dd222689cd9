"""Sketches of every filed initiative, what was found alike, and what officers decided."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from thidua.initiatives.models import Attachment, Initiative
from thidua.people.models import Person
from thidua.similarity.choices import Finding, KeyKind


class Sketch(models.Model):
    """A few hashed shingles of one section. Written by `domain.sketches` only.

    Ask with OPERATOR(pg_catalog.&&): with the extension intarray installed a bare && means another
    operator, which this index does not serve.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="sketches", db_index=False)
    place = models.PositiveSmallIntegerField()  # choices.Place and the number of the section
    keys = ArrayField(models.IntegerField())

    class Meta:
        # Titles and texts are asked apart: each question meets half as many by chance.
        indexes = [
            GinIndex(fields=["keys"], name="similarity_title_keys", condition=Q(place=0), gin_pending_list_limit=512),
            GinIndex(
                fields=["keys"], name="similarity_text_keys", condition=Q(place__gt=0), gin_pending_list_limit=512
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["initiative", "place"], name="similarity_one_sketch_a_place")]


class FileText(models.Model):
    """The words of an attached document, read by the worker; '' with the reason when it has none."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, primary_key=True, related_name="words")
    content = models.TextField(blank=True)
    fault = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField()


class CommonKey(models.Model):
    """What so many texts contain that it tells nothing. Refreshed nightly from a sample."""

    kind = models.CharField(max_length=10, choices=KeyKind)
    key = models.BigIntegerField()
    documents = models.PositiveIntegerField()  # how many have it, estimated

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="similarity_common_once")]


class Comparison(models.Model):
    """When an initiative was last compared with the whole library."""

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, primary_key=True, related_name="comparison")
    compared_at = models.DateTimeField()
    waits_for_files = models.BooleanField(default=False)


class Likeness(models.Model):
    """Another initiative that was found alike, and how much."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="likenesses")
    other = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    share = models.FloatField()  # of the text that is more covered, 0…1
    of_this = models.FloatField()
    of_other = models.FloatField()
    of_title = models.FloatField(default=0)
    standing = models.FloatField()  # the order in which they are shown: nearer in place and time first

    class Meta:
        ordering = ["-standing", "other"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "other"], name="similarity_likeness_once"),
            models.CheckConstraint(condition=~Q(initiative=F("other")), name="similarity_not_itself"),
        ]


class Judgement(models.Model):
    """What an officer decided after comparing; the newest holds, all stay."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="judgements")
    other = models.ForeignKey(Initiative, on_delete=models.PROTECT, null=True, related_name="judged_against")
    finding = models.CharField(max_length=20, choices=Finding)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding="new") | Q(other__isnull=False), name="similarity_judged_against_one"
            ),
            models.CheckConstraint(condition=~Q(finding="new") | ~Q(reason=""), name="similarity_new_says_why"),
        ]
