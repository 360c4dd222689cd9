"""What the search finds records by, the words it suggests, and the searches people keep."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from thidua.initiatives.models import Initiative
from thidua.people.models import Person
from thidua.search.choices import Place


class Document(models.Model):
    """The terms of one filed initiative. Written by `domain.indexing` only.

    `terms` serves the office and holds what its readers may see; `public_terms` is empty unless the
    record is public, and holds only what its public page shows, so that a search of the library
    cannot even touch anything else. The other columns are for counting without opening records.
    """

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, primary_key=True, related_name="document")
    terms = SearchVectorField()
    public_terms = SearchVectorField(null=True)
    filed_on = models.DateField()
    kind = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=120, blank=True)
    scope = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["filed_on"], name="search_public_filed", condition=models.Q(public_terms__isnull=False)
            ),
            GinIndex(fields=["terms"], name="search_terms", gin_pending_list_limit=256),
            GinIndex(
                fields=["public_terms"],
                name="search_public_terms",
                condition=models.Q(public_terms__isnull=False),
                gin_pending_list_limit=256,
            ),
        ]


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

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "place", "name"], name="search_saved_once")]

    def __str__(self) -> str:
        return self.name
