"""Authors and their shares on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from thidua.initiatives.models import Initiative
from thidua.kernel import text
from thidua.people import queries as people_queries
from thidua.people.models import Person


def read_shares(names: list[str], typed: list[str]) -> tuple[list[tuple[str, Decimal]], str]:
    """Rows of (who, share) as typed, with the sentence of the first fault or ''."""
    rows: list[tuple[str, Decimal]] = []
    for name, share in zip(names, typed, strict=False):
        if not name.strip():
            continue
        bare = text.tidy(share).replace("%", "").strip().replace(",", ".")
        try:
            value = Decimal(bare or "0").quantize(Decimal("0.01"))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            return rows, str(_("Tỷ lệ «%(typed)s» không phải là số.")) % {"typed": share}
        if not bare:
            return rows, str(_("Còn tác giả chưa ghi tỷ lệ đóng góp: hãy ghi cho đủ mọi tác giả, hoặc bỏ người ấy."))
        if not 0 < value <= 100:
            return rows, str(_("Mỗi tỷ lệ phải lớn hơn 0 và không quá 100 %."))
        rows.append((name.strip(), value))
    return rows, ""


@dataclass
class AuthorRow:
    """One author on the screen: `key` is a person's id, or '=' and a name not on the roster."""

    key: str
    name: str
    note: str
    share: str


class AuthorSheet:
    """Authors and shares as they stand on the screen; nothing is written until they are saved."""

    MOST_FOUND = 8

    def __init__(self, initiative: Initiative, posted: MultiValueDict | None = None) -> None:
        self.initiative, self.posted = initiative, posted
        self.words = text.tidy(posted.get("q", "")) if posted is not None and "add" not in posted else ""
        self.fault = ""
        if posted is None:
            self.people: dict[str, Person] = {}
            self.rows = [
                AuthorRow(str(a.person_id) if a.person_id else f"={a.name}", a.name, "", shown_share(a.share))
                for a in initiative.authorships.all()
            ]
        else:
            self.people = self._people(posted)
            self.rows = self._typed_rows(posted)
            self._change(posted)

    def _people(self, posted: MultiValueDict) -> dict[str, Person]:
        """Those on the screen who may be named: on the union's roster, or named already."""
        asked = [*posted.getlist("who"), posted.get("add", "")]
        wanted = {key for key in asked if key.isdecimal() and len(key) < 19}
        named = {str(a.person_id): a.person for a in self.initiative.authorships.all() if a.person}
        listed = people_queries.roster(self.initiative.handler).filter(pk__in=wanted)
        return {k: p for k, p in named.items() if k in wanted} | {str(p.pk): p for p in listed}

    def _row(self, key: str, share: str) -> AuthorRow | None:
        if person := self.people.get(key):
            return AuthorRow(key, person.full_name, person.unit.short_name, share)
        name = text.tidy(key[1:])[:120]
        if key.startswith("=") and len(name) > 1:
            return AuthorRow(f"={name}", name, str(_("chưa có trong danh sách")), share)
        return None

    def _typed_rows(self, posted: MultiValueDict) -> list[AuthorRow]:
        typed = zip(posted.getlist("who"), posted.getlist("share"), strict=False)
        return [row for key, share in typed if (row := self._row(key, share))]

    def _change(self, posted: MultiValueDict) -> None:
        """Add, drop or share equally."""
        added = posted.get("add", "")
        row = self._row("=" + posted.get("q", "") if added == "=" else added, "")
        if row and all(r.key != row.key for r in self.rows):
            self.rows.append(row)
        self.rows = [r for r in self.rows if r.key != posted.get("drop", "")]
        if "equal" in posted and self.rows:
            each = (Decimal(100) / len(self.rows)).quantize(Decimal("0.01"))
            for other in self.rows:
                other.share = shown_share(each)
            self.rows[0].share = shown_share(100 - each * (len(self.rows) - 1))

    def values(self) -> list[tuple[Person | str, Decimal]]:
        """What `dossiers.share_out` takes; `fault` is set when a share cannot be read."""
        typed, self.fault = read_shares([r.key for r in self.rows], [r.share for r in self.rows])
        return [(self.people.get(key) or key[1:], share) for key, share in typed]

    def found(self) -> list[Person]:
        """Whom the search box finds on the union's roster, those on the screen left out."""
        if len(self.words) < 2:
            return []
        there = [int(r.key) for r in self.rows if r.key.isdecimal()]
        roster = people_queries.roster(self.initiative.handler).exclude(pk__in=there)
        return list(people_queries.search(roster, self.words).order_by("sort_key")[: self.MOST_FOUND])


def shown_share(share: Decimal) -> str:
    return f"{share.normalize():f}".replace(".", ",")
