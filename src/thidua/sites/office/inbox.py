"""The list of initiatives an officer works through: by age or deadline, filtered, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries, workflow
from thidua.initiatives.choices import Channel, Kind, State
from thidua.initiatives.domain import canned, scopes
from thidua.initiatives.models import Initiative
from thidua.initiatives.queries import desks, lists
from thidua.initiatives.queries.lists import Narrowing, Order, Turn
from thidua.kernel import clock, formats, paging
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.search import exports
from thidua.search import queries as search
from thidua.search.queries import Found, Wanted
from thidua.sites.office import searching
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download

LATE, SOON = "qua-han", "sap-han"
HERE, ESCALATED = "cho-quyet-dinh", "cap-duoi-qua-han"  # of a unit above the grassroots
TURNS = {HERE: Turn.HERE, LATE: Turn.LATE, SOON: Turn.SOON, ESCALATED: Turn.ESCALATED}
MINE = "nhap-do"  # drafts this officer has entered and not yet sent
KINDS, CHANNELS = ({choice.value: choice.label for choice in names} for names in (Kind, Channel))
SIZES = (lists.SIZE, 50, 100)
EXPORTED = 5000
DRAFTS = ("-changed_at", "-id")
# How the list can be ordered.
ORDERS = {
    "han": (gettext_lazy("Hạn gần nhất"), Order.DUE),
    "cu": (gettext_lazy("Gửi lâu nhất"), Order.OLDEST),
    "moi": (gettext_lazy("Mới gửi"), Order.NEWEST),
}


def dossier_or_404(request: HttpRequest, code: str) -> Initiative:
    """The dossier, for those who may see it; for anybody else it does not exist."""
    found = queries.dossier_for(desk.person_of(request), code)
    if found is None:
        raise Http404(code)
    return found


@dataclass(frozen=True)
class Filters:
    """What was chosen above the list."""

    state: str = ""
    words: str = ""
    kind: str = ""
    channel: str = ""
    unit: Unit | None = None
    by: str = ""  # the order, where one was chosen

    @classmethod
    def of(cls, request: HttpRequest, home: Unit) -> Filters:
        asked = request.GET.get
        code, state, by = asked("unit", ""), asked("state", ""), asked("order", "")
        unit = org_queries.by_code(code) if code else None
        return cls(
            state=state,
            words=asked("q", "").strip(),
            kind=asked("kind", "") if asked("kind", "") in Kind.values else "",
            channel=asked("channel", "") if asked("channel", "") in Channel.values else "",
            unit=unit if unit and home.covers(unit) else None,
            by=by if by in ORDERS and state != MINE else "",
        )

    @property
    def is_narrow(self) -> bool:
        """By more than words and the tab one stands on."""
        return bool(self.kind or self.channel or self.unit)

    @property
    def is_any(self) -> bool:
        return bool(self.state or self.words or self.is_narrow)

    @property
    def order(self) -> Order:
        return ORDERS[self.by or _itself(self.state)][1]

    @property
    def fields(self) -> tuple[str, ...]:
        return DRAFTS if self.state == MINE else self.order.fields

    def narrowing(self, home: Unit) -> Narrowing:
        """All but the words: these go to the search."""
        chosen = Narrowing(
            state=self.state if self.state in State.values else None,
            kind=self.kind or None,
            channel=self.channel or None,
            below=(self.unit.lft, self.unit.rgt) if self.unit else None,
        )
        return chosen.at(TURNS[self.state], home) if self.state in TURNS else chosen

    def hits(self, person: Person, home: Unit) -> Found | None:
        """What the search finds when there are words, of the list as it is narrowed."""
        if not self.words or self.state == MINE:
            return None
        state = self.state if self.state in State.values else ""
        wanted = Wanted(self.words, kind=self.kind, unit=self.unit, state=state, channel=self.channel)
        found = search.office(wanted, person, home)
        return found if self.state == state else searching.among(self.listed(person, home), found)

    def listed(self, person: Person, home: Unit, hits: Found | None = None) -> QuerySet[Initiative]:
        """The list; with `hits`, of it what the search has found."""
        if self.state == MINE:
            narrowed = self.narrowing(home).narrow(queries.drafts_entered_by(person, self.unit or home))
            return searching.drafts(narrowed, self.words)
        listed = lists.filed(person, home, self.narrowing(home))
        return listed if hits is None else searching.held(listed, hits)


@needs(Permission.INITIATIVE_VIEW)
def initiatives(request: HttpRequest) -> HttpResponse:
    """What was filed at the desk's unit and below."""
    person, home = desk.person_of(request), desk.unit_of(request)
    filters = Filters.of(request, home)
    size = next((n for n in SIZES if str(n) == request.GET.get("size")), SIZES[0])
    hits, today = filters.hits(person, home), clock.today()
    page = _page(filters, hits, person, home, request.GET.get("cursor", ""), size)
    context = {
        "page": page,
        "rows": [(_aged(i, today), workflow.standing_of(i)) for i in page.rows],
        "units": org_queries.names_below(home),
        "filters": filters,
        "orders": _orders(filters),
        "order": filters.by,
        "size": size,
        "sizes": SIZES,
    }
    context["bulk"] = _steps_for_many(person, home, filters.state)
    context |= _frame(person, home, filters.state) | searching.line(request, person, filters.words, hits)
    return answer(request, "office/dossiers/inbox.html", context)


def _page(filters: Filters, hits: Found | None, person: Person, home: Unit, cursor: str, size: int) -> paging.Page:
    """The best matches of a search, the list in its order, or what takes both: a search in an order, one's drafts."""
    narrowing = filters.narrowing(home)
    if hits is not None and not filters.by:
        return searching.ranked(person, home, narrowing, hits, cursor, size)
    if hits is None and filters.state != MINE:
        return lists.page(person, home, narrowing, filters.order, cursor, size)
    page = paging.page(lists.listed(filters.listed(person, home, hits)), filters.fields, cursor, size)
    queries.lay_units(page.rows)
    return page


@needs(Permission.INITIATIVE_VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a spreadsheet."""
    person, home = desk.person_of(request), desk.unit_of(request)
    filters = Filters.of(request, home)
    listed = filters.listed(person, home, filters.hits(person, home)).prefetch_related("authorships")
    ordered = listed.order_by(*filters.fields)
    rows, is_cut = ordered[:EXPORTED].iterator(chunk_size=500), ordered[EXPORTED : EXPORTED + 1].exists()
    note = _("Chỉ xuất %(n)s hồ sơ đầu của danh sách: hãy lọc bớt để xuất phần còn lại.") if is_cut else ""
    title = f"{_('Hồ sơ sáng kiến')} – {home.name}"
    made = exports.workbook(rows, title, filters.words, note % {"n": formats.number(EXPORTED)} if note else "")
    return download(made, "ho-so-sang-kien.xlsx", exports.XLSX)


def _orders(filters: Filters) -> list[tuple[str, Any]]:
    """What stands first is what the list does by itself: the best match for words, else as `_here` has it."""
    itself = "" if filters.words else _itself(filters.state)
    first = ORDERS[itself][0] if itself else _("Phù hợp nhất")
    return [("", first), *((name, label) for name, (label, _fields) in ORDERS.items() if name != itself)]


def _itself(state: str) -> str:
    return "han" if state in (*TURNS, *lists.WORK) else "moi"


def _aged(item: Initiative, today: date) -> Initiative:
    """How many days since it was filed, and its kind and channel in words, for the list."""
    item.kind_name = KINDS.get(item.kind, item.kind)  # type: ignore[attr-defined]
    item.channel_name = CHANNELS.get(item.channel, item.channel)  # type: ignore[attr-defined]
    item.age = (today - item.filed_on).days if item.filed_on else None  # type: ignore[attr-defined]
    return item


# What can be done to many at once, and which right it takes.
MANY = {
    "receive": Permission.INITIATIVE_RECEIVE,
    "recognise": Permission.INITIATIVE_RECOGNISE,
    "send_back": Permission.INITIATIVE_RECEIVE,
    "pass_up": Permission.INITIATIVE_RECEIVE,
    "refuse": Permission.INITIATIVE_RECOGNISE,
}


def _steps_for_many(person: Person, home: Unit, state: str) -> list[str]:
    """Which of these this person may take here from the state the list is narrowed to; from any when it is not."""
    table = {step.name: step.sources for step in workflow.WORKFLOW.steps}
    state = State.PASSED_UP if state == HERE else state
    here = [n for n in MANY if state not in State.values or state in table[n]]
    return [n for n in here if grants.may(person, MANY[n], home)]


def _frame(person: Person, home: Unit, state: str) -> dict[str, Any]:
    """What surrounds the list: tabs with their numbers, what one may do here, posters."""
    may_receive = bool(grants.may(person, Permission.INITIATIVE_RECEIVE, home))
    may_recognise = bool(grants.may(person, Permission.INITIATIVE_RECOGNISE, home))
    return {
        "home": home,
        "tabs": _tabs(person, home, state),
        "states": State.choices[1:],
        "kinds": Kind.choices,
        "channels": Channel.choices,
        "may_receive": may_receive,
        "reason_min": workflow.WORKFLOW.reason_min(),
        "may_manage_councils": bool(grants.may(person, Permission.COUNCIL_MANAGE, home)),
        "may_enter": bool(grants.may(person, Permission.INITIATIVE_ENTER, home)),
        "canned": canned.reasons_for(home) if may_receive or may_recognise else {},
        "proposals": scopes.waiting(home) if may_recognise or may_receive else 0,
        "programmes": programme_queries.named_counting(home.pk) if home.kind.is_grassroots else [],
    }


def _tabs(person: Person, home: Unit, state: str) -> list[tuple[str, str, int | None]]:
    """Each number is that of the list behind it.

    What a thousand units below let lie is counted where somebody looks at it: here and on the page of what is to do.
    """
    waiting = desks.waiting(person, home)
    lying = desks.escalated(person, home) if state == ESCALATED else None
    tabs: list[tuple[str, str, int | None]] = [("", _("Tất cả"), None)]
    if home.kind.is_grassroots:
        tabs += [
            (State.SUBMITTED, _("Chờ tiếp nhận"), waiting.submitted),
            (State.RECEIVED, _("Chờ quyết định"), waiting.received),
        ]
    else:
        tabs += [
            (HERE, _("Cấp dưới chuyển lên"), waiting.received),
            (ESCALATED, _("Cấp dưới để quá hạn"), lying),
        ]
    return [
        *tabs,
        (SOON, _("Sắp đến hạn"), waiting.soon),
        (LATE, _("Quá hạn"), waiting.overdue),
        (State.RETURNED, _("Cần bổ sung"), None),
        (State.RECOGNISED, _("Đã công nhận"), None),
    ]


paths = [
    path("sang-kien/", initiatives, name="initiatives"),
    path("sang-kien/xuat-excel/", export, name="initiatives-export"),
]
