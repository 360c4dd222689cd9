"""Keep the sketches of an initiative in line with its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.similarity import queries
from thidua.similarity.choices import Place
from thidua.similarity.measures import shingles
from thidua.similarity.models import Sketch

FILE_SECTIONS = 99


def renew(initiative: Initiative) -> None:
    renew_all([initiative])


def renew_all(initiatives: Sequence[Initiative]) -> None:
    """Replace their sketches, in as many statements as for one; what is not in the library has none."""
    before: defaultdict[int, dict[int, tuple[int, list[int]]]] = defaultdict(dict)
    rows = Sketch.objects.filter(initiative__in=initiatives)
    for pk, owner, place, keys in rows.values_list("pk", "initiative", "place", "keys"):
        before[owner][place] = pk, keys
    files = queries.words_of_files([i.pk for i in initiatives])
    made, gone = [], []
    for initiative in initiatives:
        in_library = initiative.filed_on is not None and initiative.state not in (State.DRAFT, State.WITHDRAWN)
        fresh = _of(initiative, files.get(initiative.pk, ())) if in_library else {}
        old = before[initiative.pk]
        gone += [pk for place, (pk, _keys) in old.items() if place not in fresh]
        made += [
            Sketch(initiative=initiative, place=place, keys=keys)
            for place, keys in fresh.items()
            if place not in old or old[place][1] != keys
        ]
    with transaction.atomic():
        if gone:
            Sketch.objects.filter(pk__in=gone).delete()
        Sketch.objects.bulk_create(
            made, update_conflicts=True, unique_fields=["initiative", "place"], update_fields=["keys"]
        )


def forget(initiatives: QuerySet[Initiative]) -> None:
    """What is no longer in the library has none."""
    Sketch.objects.filter(initiative__in=initiatives.order_by()).delete()


def sketches_of(initiative: Initiative) -> dict[int, list[int]]:
    """Place → keys: the title, the sections of the text, the sections of every document."""
    return _of(initiative, queries.words_of_files([initiative.pk]).get(initiative.pk, ()))


def _of(initiative: Initiative, files: Iterable[str]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {int(Place.TITLE): shingles.title_keys(initiative.title)}
    own = "\n".join(getattr(initiative, name) for name in queries.FIELDS)
    for number, words in enumerate(shingles.sections(own)):
        found[Place.TEXT + number] = shingles.section_keys(words)
    for position, content in enumerate(files):
        for number, words in enumerate(shingles.sections(content)[:FILE_SECTIONS]):
            found[Place.FILES * (position + 1) + number] = shingles.section_keys(words)
    return {place: keys for place, keys in found.items() if keys}
