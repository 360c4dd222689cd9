"""Keep and drop searches; tell of what they find anew."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from thidua.kernel import clock, text
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.notify import outbox
from thidua.people.models import Person
from thidua.search import queries
from thidua.search.choices import Place
from thidua.search.models import SavedSearch

MOST = 30
MOST_KNOWN = 5000  # records remembered of one search
TITLES = 5  # named in a notice
KEPT = ("q", "kind", "field", "unit", "year", "scope", "benefit", "state", "channel", "order")


def keep(person: Person, place: Place, name: str, asked: str, *, is_told: bool = True) -> SavedSearch:
    """Keep a search under a name; the same name again replaces it. `is_told`: of what it finds from now on."""
    name = text.tidy(name)[:80]
    if not name:
        raise Refused(_("Hãy đặt tên cho tìm kiếm này."), field="name")
    pairs = [(key, value) for key, value in parse_qsl(asked) if key in KEPT and value]
    if not pairs:
        raise Refused(_("Chưa có chữ hoặc bộ lọc nào để lưu."), field="name")
    held = SavedSearch.objects.filter(person=person, place=place)
    if held.count() >= MOST and not held.filter(name=name).exists():
        raise Refused(_("Bạn đã lưu %(n)d tìm kiếm: hãy bỏ bớt trước khi lưu thêm.") % {"n": MOST}, field="name")
    values = {"asked": urlencode(pairs)[:600], "made_at": clock.now(), "is_told": is_told, "known": []}
    made, _created = SavedSearch.objects.update_or_create(person=person, place=place, name=name, defaults=values)
    if is_told:
        SavedSearch.objects.filter(pk=made.pk).update(known=queries.of_saved(made).numbers())
    return made


def tell_new() -> None:
    """Whoever asked for it is told once of each record a kept search finds that it had not found before."""
    asked = SavedSearch.objects.filter(is_told=True, person__left_on__isnull=True).select_related("person")
    for held in asked.order_by("pk").iterator(chunk_size=200):
        found = queries.of_saved(held).numbers()
        known = set(held.known)
        if news := [pk for pk in found if pk not in known]:
            _tell(held, news)
            held.known = sorted(known.union(found))[-MOST_KNOWN:]
            held.save(update_fields=["known"])


def _tell(held: SavedSearch, news: list[int]) -> None:
    rows = queries.rows_of_saved(held, news)
    if not rows:
        return
    said = counted("Tìm kiếm đã lưu «%(name)s» có %(n)d kết quả mới.", len(rows), name=held.name)
    titles = "\n".join(f"{row.code} {row.title}" for row in rows[:TITLES])
    outbox.tell([held.person], "search.found", about=held, headline=said, body=titles)


def drop(person: Person, pk: int) -> None:
    SavedSearch.objects.filter(person=person, pk=pk).delete()
