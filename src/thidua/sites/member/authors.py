"""Authors and their shares: find a co-author on the roster, add up to one hundred."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.initiatives import rules
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.forms import PART_NAMES, read_shares
from thidua.initiatives.models import Initiative
from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.people import queries as people_queries
from thidua.people.models import Person
from thidua.sites.member.dossiers import own_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after

MOST_FOUND = 8


@dataclass
class Row:
    """One author on the screen: `key` is a person's id, or '=' and a name not on the roster."""

    key: str
    name: str
    note: str
    share: str


def _shown(share: Decimal) -> str:
    return f"{share.normalize():f}".replace(".", ",")


def _saved_rows(item: Initiative) -> list[Row]:
    return [
        Row(str(a.person_id) if a.person_id else f"={a.name}", a.name, "", _shown(a.share))
        for a in item.authorships.all()
    ]


def _people(request: HttpRequest, item: Initiative) -> dict[str, Person]:
    """Those on the screen who may be named: of the grassroots union's roster, or named already."""
    wanted = {k for k in [*request.POST.getlist("who"), request.POST.get("add", "")] if k.isdecimal() and len(k) < 19}
    named = {str(a.person_id): a.person for a in item.authorships.all() if a.person}
    listed = people_queries.roster(item.handler).filter(pk__in=wanted)
    return {k: p for k, p in named.items() if k in wanted} | {str(p.pk): p for p in listed}


def _typed_rows(request: HttpRequest, roster: dict[str, Person]) -> list[Row]:
    rows = []
    for key, share in zip(request.POST.getlist("who"), request.POST.getlist("share"), strict=False):
        person = roster.get(key)
        if person:
            rows.append(Row(key, person.full_name, person.unit.short_name, share))
        elif key.startswith("=") and len(text.tidy(key[1:])) > 1:
            rows.append(Row(key, text.tidy(key[1:])[:120], _("chưa có trong danh sách"), share))
    return rows


def _change(request: HttpRequest, rows: list[Row], roster: dict[str, Person]) -> list[Row]:
    """Add, drop or share equally on the screen; nothing is written yet."""
    added, dropped = request.POST.get("add", ""), request.POST.get("drop", "")
    if added == "=":
        added = "=" + text.tidy(request.POST.get("q", ""))
    if added and all(r.key != added for r in rows):
        if person := roster.get(added):
            rows.append(Row(added, person.full_name, person.unit.short_name, ""))
        elif added.startswith("=") and len(added) > 2:
            rows.append(Row(added, added[1:121], _("chưa có trong danh sách"), ""))
    rows = [r for r in rows if r.key != dropped]
    if "equal" in request.POST and rows:
        each = (Decimal(100) / len(rows)).quantize(Decimal("0.01"))
        for row in rows:
            row.share = _shown(each)
        rows[0].share = _shown(100 - each * (len(rows) - 1))
    return rows


@signed_in
def authors(request: HttpRequest, code: str) -> HttpResponse:
    """The screen of authors and shares."""
    item, person = own_or_404(request, code), desk.person_of(request)
    verdict = rules.may_write(person, item)
    if not verdict:
        messages.error(request, verdict.sentence)
        return redirect_after(request, "member:initiative", "", code)
    if request.method != "POST":
        return _show(request, item, _saved_rows(item))
    roster = _people(request, item)
    rows = _change(request, _typed_rows(request, roster), roster)
    if "save" not in request.POST:
        return _show(request, item, rows)
    typed, fault = read_shares([r.key for r in rows], [r.share for r in rows])
    if not fault:
        try:
            verbs.share_out(item, [(roster.get(key) or key[1:], share) for key, share in typed], by=person)
        except Refused as refused:
            fault = refused.sentence
    if fault:
        return _show(request, item, rows, fault=fault)
    if request.POST["save"] == "stop":
        return redirect_after(request, "member:initiative", _("Đã lưu tác giả."), code)
    return redirect_after(request, "member:write", _("Đã lưu tác giả."), code, "cong-nhan")


def _show(request: HttpRequest, item: Initiative, rows: list[Row], *, fault: str = "") -> HttpResponse:
    words = text.tidy(request.POST.get("q", ""))
    found: list[Person] = []
    if len(words) > 1 and not fault and "add" not in request.POST:
        on_screen = {r.key for r in rows}
        matching = people_queries.search(people_queries.roster(item.handler), words).order_by("sort_key")
        found = [p for p in matching[: MOST_FOUND + len(rows)] if str(p.pk) not in on_screen][:MOST_FOUND]
    context = {
        "item": item,
        "rows": rows,
        "found": found,
        "words": "" if "add" in request.POST else words,
        "fault": fault,
        "part_name": PART_NAMES["tac-gia"],
        "parts": [(name, label, i) for i, (name, label) in enumerate(PART_NAMES.items())],
        "position": list(PART_NAMES).index("tac-gia"),
        "number": list(PART_NAMES).index("tac-gia") + 1,
    }
    return answer(request, "member/writing/authors.html", context, status=422 if fault else 200)


paths = [path("sang-kien/<str:code>/viet/tac-gia/", authors, name="authors")]
