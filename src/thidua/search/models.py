"""What the search finds records by, the words it suggests, and the searches people keep."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from thidua.initiatives.models import Initiative
from thidua.people.models import Person
from thidua.search.choices import Place


class Document(models.Model):
    """Where one filed initiative stands in the index. Written by `domain.indexing` only.

    `slot` is its number there, in the order of filing; other words get it a new one, so that only the terms
    of its place ever change where they are.
    """

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, primary_key=True, related_name="document")
    slot = models.PositiveIntegerField(unique=True)
    words = models.BigIntegerField()  # the fingerprint of its words: `terms.fingerprint`
    places = ArrayField(models.CharField(max_length=120))  # every term that is not of its words, sorted


class Posting(models.Model):
    """The slots that have a term, as a set in the portable format of roaring bitmaps.

    A term has a row for every stretch of slots: those from `first` to where the next row begins. Stretches
    are as long as keeps a row small; a term nobody shares is one row.
    """

    pk = models.CompositePrimaryKey("term", "first")
    term = models.CharField(max_length=160, db_collation="C")
    first = models.PositiveIntegerField()
    slots = models.BinaryField()


class Phrase(models.Model):
    """One to four syllables that titles of the public library use: for suggestions and spelling."""

    plain = models.CharField(max_length=120, db_collation="C")  # without dấu, one space between
    shown = models.CharField(max_length=160)
    size = models.PositiveSmallIntegerField()
    titles = models.PositiveIntegerField()  # how many of the sample use it

    class Meta:
        indexes = [models.Index(fields=["plain", "-titles"], name="search_phrase_plain")]
        constraints = [models.UniqueConstraint(fields=["shown"], name="search_phrase_once")]


class SavedSearch(models.Model):
    """A search somebody wants to run again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_searches")
    place = models.CharField(max_length=10, choices=Place)
    name = models.CharField(max_length=80)
    asked = models.CharField(max_length=600)  # the address after the question mark, cleaned
    made_at = models.DateTimeField()
    is_told = models.BooleanField(default=True)  # of new records it finds
    known = ArrayField(models.BigIntegerField(), default=list)  # initiatives it has found already

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "place", "name"], name="search_saved_once")]

    def __str__(self) -> str:
        return self.name
