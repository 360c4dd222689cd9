"""Keep the sketches of an initiative in line with its texts."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.similarity import queries
from thidua.similarity.choices import Place
from thidua.similarity.measures import shingles
from thidua.similarity.models import FileText, Sketch

FILE_SECTIONS = 99


def renew(initiative: Initiative) -> None:
    """Replace its sketches; what is not in the library has none."""
    in_library = initiative.filed_on is not None and initiative.state not in (State.DRAFT, State.WITHDRAWN)
    fresh = sketches_of(initiative) if in_library else {}
    with transaction.atomic():
        old = dict(Sketch.objects.filter(initiative=initiative).values_list("place", "keys"))
        if old == fresh:
            return
        Sketch.objects.filter(initiative=initiative).exclude(place__in=fresh).delete()
        Sketch.objects.bulk_create(
            [Sketch(initiative=initiative, place=place, keys=keys) for place, keys in fresh.items()],
            update_conflicts=True,
            unique_fields=["initiative", "place"],
            update_fields=["keys"],
        )


def forget(initiatives: QuerySet[Initiative]) -> None:
    """What is no longer in the library has none."""
    Sketch.objects.filter(initiative__in=initiatives.order_by()).delete()


def sketches_of(initiative: Initiative) -> dict[int, list[int]]:
    """Place → keys: the title, the sections of the text, the sections of every document."""
    found: dict[int, list[int]] = {int(Place.TITLE): shingles.title_keys(initiative.title)}
    own = "\n".join(getattr(initiative, name) for name in queries.FIELDS)
    for number, words in enumerate(shingles.sections(own)):
        found[Place.TEXT + number] = shingles.section_keys(words)
    files = FileText.objects.filter(attachment__initiative=initiative).exclude(content="").order_by("attachment")
    for position, content in enumerate(files.values_list("content", flat=True)):
        for number, words in enumerate(shingles.sections(content)[:FILE_SECTIONS]):
            found[Place.FILES * (position + 1) + number] = shingles.section_keys(words)
    return {place: keys for place, keys in found.items() if keys}
