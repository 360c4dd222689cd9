"""The list of initiatives an officer works through: by age or deadline, filtered, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Coalesce
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
from thidua.kernel import clock, paging
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
WORK = (State.SUBMITTED, State.RECEIVED, State.PASSED_UP)
AT_WORK = (HERE, LATE, SOON, ESCALATED)
MINE = "nhap-do"  # drafts this officer has entered and not yet sent
UNITS_SHOWN = 200
KINDS, CHANNELS = ({choice.value: choice.label for choice in names} for names in (Kind, Channel))
SIZES = (20, 50, 100)
EXPORTED = 5000
# How the list can be ordered; what has no deadline comes after what has one.
ORDERS = {
    "han": (gettext_lazy("Hạn gần nhất"), ("due_key", "filed_on", "id")),
    "cu": (gettext_lazy("Gửi lâu nhất"), ("filed_on", "id")),
    "moi": (gettext_lazy("Mới gửi"), ("-filed_on", "-id")),
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

    @classmethod
    def of(cls, request: HttpRequest, below: QuerySet[Unit]) -> Filters:
        asked = request.GET.get
        code = asked("unit", "")
        return cls(
            state=asked("state", ""),
            words=asked("q", "").strip(),
            kind=asked("kind", "") if asked("kind", "") in Kind.values else "",
            channel=asked("channel", "") if asked("channel", "") in Channel.values else "",
            unit=below.filter(code=code).first() if code else None,
        )

    @property
    def is_narrow(self) -> bool:
        """By more than words and the tab one stands on."""
        return bool(self.kind or self.channel or self.unit)

    @property
    def is_any(self) -> bool:
        return bool(self.state or self.words or self.is_narrow)

    def narrow(self, found: QuerySet[Initiative], home: Unit) -> QuerySet[Initiative]:
        """All but the words: these go to the search. `due_key` is the index of what is to be done (see _here)."""
        today = clock.today()
        if self.state in AT_WORK:
            found = found.filter(state__in=WORK)  # said outright, or the database does not see that its index fits
        if self.state == HERE:
            found = found.filter(state=State.PASSED_UP, decider=home)
        elif self.state == LATE:
            found = found.filter(queries.at_desk(home), queries.turn_of(home), Q(due_key__lt=today))
        elif self.state == SOON:
            near = Q(due_key__gte=today, due_key__lte=queries.soon_after(today))
            found = found.filter(queries.at_desk(home), queries.turn_of(home), near)
        elif self.state == ESCALATED:
            found = found.filter(queries.escalated_to(home))
        elif self.state in State.values:
            found = found.filter(state=self.state)
        for name in ("kind", "channel"):
            if value := getattr(self, name):
                found = found.filter(**{name: value})
        if self.unit:
            found = found.filter(unit__lft__gte=self.unit.lft, unit__lft__lte=self.unit.rgt)
        return found

    def search(
        self, found: QuerySet[Initiative], person: Person, home: Unit
    ) -> tuple[QuerySet[Initiative], Found | None]:
        """The list, and what the search found when there are words."""
        narrowed = self.narrow(found, home)
        if not self.words or self.state == MINE:
            return searching.drafts(narrowed, self.words), None
        state = self.state if self.state in State.values else ""
        wanted = Wanted(self.words, kind=self.kind, unit=self.unit, state=state, channel=self.channel)
        hits = search.office(wanted, person, home)
        return narrowed, searching.among(narrowed, hits) if self.state != state else hits


@needs(Permission.INITIATIVE_VIEW)
def initiatives(request: HttpRequest) -> HttpResponse:
    """What was filed at the desk's unit and below."""
    person, home = desk.person_of(request), desk.unit_of(request)
    below = org_queries.below(home)
    filters = Filters.of(request, below)
    found, order, by = _here(person, home, filters.state, request.GET.get("order", ""))
    size = next((n for n in SIZES if str(n) == request.GET.get("size")), SIZES[0])
    listed, hits = filters.search(found, person, home)
    cursor = request.GET.get("cursor", "")
    if hits is not None and not by:
        page = searching.ranked(listed, hits, cursor, size)
    else:
        page = _paged(listed if hits is None else searching.held(listed, hits), order, cursor, size)
    prefetch_related_objects(page.rows, "authorships")
    today = clock.today()
    context = {
        "page": page,
        "rows": [(_aged(i, today), workflow.standing_of(i)) for i in page.rows],
        "units": list(below.exclude(pk=home.pk).order_by("lft").values_list("code", "short_name")[:UNITS_SHOWN]),
        "filters": filters,
        "orders": _orders(filters),
        "order": by,
        "size": size,
        "sizes": SIZES,
    }
    context["bulk"] = _steps_for_many(person, home, filters.state)
    context |= _frame(person, home) | searching.line(request, person, filters.words, hits)
    return answer(request, "office/dossiers/inbox.html", context)


def _paged(found: QuerySet[Initiative], order: tuple[str, ...], cursor: str, size: int) -> paging.Page:
    """Rows with their units beside them, not joined to each."""
    page = paging.page(found.select_related(None), order, cursor, size)
    queries.lay_units(page.rows)
    return page


@needs(Permission.INITIATIVE_VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a spreadsheet."""
    person, home = desk.person_of(request), desk.unit_of(request)
    filters = Filters.of(request, org_queries.below(home))
    found, order, _by = _here(person, home, filters.state, request.GET.get("order", ""))
    listed, hits = filters.search(found, person, home)
    if hits is not None:
        listed = searching.held(listed, hits)
    rows = list(listed.prefetch_related("authorships").order_by(*order)[:EXPORTED])
    made = exports.workbook(rows, f"{_('Hồ sơ sáng kiến')} – {home.name}", filters.words)
    return download(made, "ho-so-sang-kien.xlsx", exports.XLSX)


def _orders(filters: Filters) -> list[tuple[str, Any]]:
    """What stands first is what the list does by itself: the best match for words, else as `_here` has it."""
    itself = "" if filters.words else _itself(filters.state)
    first = ORDERS[itself][0] if itself else _("Phù hợp nhất")
    return [("", first), *((name, label) for name, (label, _fields) in ORDERS.items() if name != itself)]


def _itself(state: str) -> str:
    return "han" if state in (*AT_WORK, *WORK) else "moi"


def _aged(item: Initiative, today: date) -> Initiative:
    """How many days since it was filed, and its kind and channel in words, for the list."""
    item.kind_name = KINDS.get(item.kind, item.kind)  # type: ignore[attr-defined]
    item.channel_name = CHANNELS.get(item.channel, item.channel)  # type: ignore[attr-defined]
    item.age = (today - item.filed_on).days if item.filed_on else None  # type: ignore[attr-defined]
    return item


def _here(person: Person, home: Unit, state: str, order: str) -> tuple[QuerySet[Initiative], tuple[str, ...], str]:
    here = queries.visible_to(person).filter(unit__lft__gte=home.lft, unit__lft__lte=home.rgt)
    if state == MINE:
        return here.filter(state=State.DRAFT, entered_by=person), ("-changed_at", "-id"), ""
    by = order if order in ORDERS else ""
    fields = ORDERS[by or _itself(state)][1]
    far = Value(date.max)
    return here.filter(filed_on__isnull=False).annotate(due_key=Coalesce("due_on", far)), fields, by


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


def _frame(person: Person, home: Unit) -> dict[str, Any]:
    """What surrounds the list: tabs with their numbers, what one may do here, posters."""
    may_receive = bool(grants.may(person, Permission.INITIATIVE_RECEIVE, home))
    may_recognise = bool(grants.may(person, Permission.INITIATIVE_RECOGNISE, home))
    return {
        "home": home,
        "tabs": _tabs(person, home),
        "states": State.choices[1:],
        "kinds": Kind.choices,
        "channels": Channel.choices,
        "may_receive": may_receive,
        "reason_min": workflow.WORKFLOW.reason_min(),
        "may_manage_councils": bool(grants.may(person, Permission.COUNCIL_MANAGE, home)),
        "may_enter": bool(grants.may(person, Permission.INITIATIVE_ENTER, home)),
        "canned": canned.reasons_for(home) if may_receive or may_recognise else {},
        "proposals": scopes.waiting(home) if may_recognise or may_receive else 0,
        "programmes": programme_queries.counting_programmes(home) if home.kind.is_grassroots else [],
    }


def _tabs(person: Person, home: Unit) -> list[tuple[str, str, int | None]]:
    """Each number is that of the list behind it."""
    waiting = queries.waiting(person, home)
    tabs: list[tuple[str, str, int | None]] = [("", _("Tất cả"), None)]
    if home.kind.is_grassroots:
        tabs += [
            (State.SUBMITTED, _("Chờ tiếp nhận"), waiting.submitted),
            (State.RECEIVED, _("Chờ quyết định"), waiting.received),
        ]
    else:
        tabs += [
            (HERE, _("Cấp dưới chuyển lên"), waiting.received),
            (ESCALATED, _("Cấp dưới để quá hạn"), queries.escalated(person, home)),
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
