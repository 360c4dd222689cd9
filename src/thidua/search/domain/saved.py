"""Keep and drop searches."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.people.models import Person
from thidua.search.choices import Place
from thidua.search.models import SavedSearch

MOST = 30
KEPT = ("q", "kind", "field", "unit", "year", "scope", "benefit", "state", "channel", "order")


def keep(person: Person, place: Place, name: str, asked: str) -> SavedSearch:
    """Keep a search under a name; the same name again replaces it."""
    name = text.tidy(name)[:80]
    if not name:
        raise Refused(_("Hãy đặt tên cho tìm kiếm này."), field="name")
    pairs = [(key, value) for key, value in parse_qsl(asked) if key in KEPT and value]
    if not pairs:
        raise Refused(_("Chưa có chữ hoặc bộ lọc nào để lưu."), field="name")
    held = SavedSearch.objects.filter(person=person, place=place)
    if held.count() >= MOST and not held.filter(name=name).exists():
        raise Refused(_("Bạn đã lưu %(n)d tìm kiếm: hãy bỏ bớt trước khi lưu thêm.") % {"n": MOST}, field="name")
    made, _created = SavedSearch.objects.update_or_create(
        person=person, place=place, name=name, defaults={"asked": urlencode(pairs)[:600], "made_at": clock.now()}
    )
    return made


def drop(person: Person, pk: int) -> None:
    SavedSearch.objects.filter(person=person, pk=pk).delete()
