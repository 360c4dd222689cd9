"""Results reported by hand: what a unit has done, what waits, and the rows behind every number."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import Purpose
from thidua.documents.domain import files as stored_files
from thidua.documents.models import StoredFile
from thidua.kernel import clock, paging
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger_queries
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Indicator, Phase, Programme
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.files import uploads
from thidua.tallies import queries, rules
from thidua.tallies.choices import DeclarationState
from thidua.tallies.domain import declarations
from thidua.tallies.domain.declarations import Said
from thidua.tallies.forms import DeclarationForm
from thidua.tallies.models import Declaration
from thidua.tallies.workflow import WORKFLOW
from thidua.targets import queries as target_queries
from thidua.targets.domain import results

VIEW, TAKE, GIVE = Permission.PROGRESS_VIEW, Permission.TARGET_ACCEPT, Permission.TARGET_ALLOCATE
MOST_AT_ONCE = 200


def _node(request: HttpRequest, programme_code: str, unit_code: str) -> tuple[Programme, Unit]:
    programme, unit = programme_queries.open_by_code(programme_code), org_queries.by_code(unit_code)
    if programme is None or unit is None or not programme.unit.covers(unit):
        raise Http404
    if not grants.may(desk.person_of(request), VIEW, unit):
        raise Http404
    return programme, unit


def _phase(request: HttpRequest, programme: Programme) -> Phase | None:
    chosen = request.GET.get("phase", "")
    return next((p for p in programme.phases.all() if str(p.position) == chosen), None)


@needs(VIEW)
def index(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Targets reported by hand with their sums, what waits for this unit, and all rows below."""
    programme, unit = _node(request, programme_code, unit_code)
    person, phase = desk.person_of(request), _phase(request, programme)
    key, state = request.GET.get("key", ""), request.GET.get("state", "")
    found = queries.declarations(programme, unit, key=key, phase=phase)
    found = found.filter(state=state) if state in DeclarationState.values else found.exclude(state="withdrawn")
    may_confirm = bool(grants.may(person, GIVE, unit))
    waiting = list(queries.to_confirm(programme, unit)[:MOST_AT_ONCE]) if may_confirm else []
    context = {
        "programme": programme,
        "unit": unit,
        "phase": phase,
        "key": key,
        "state": state,
        "states": DeclarationState.choices,
        "names": queries.reported_kinds(programme, unit),
        "results": [r for r in results.of_node(programme, unit) if rules.is_by_hand(r.target.indicator.measure)],
        "waiting": _with_twins(waiting),
        "page": paging.page(found, ("-on", "-id"), request.GET.get("cursor", "")),
        "may_report": rules.may_report(person, unit),
    }
    return answer(request, "office/declarations/list.html", context)


def _with_twins(items: list[Declaration]) -> list[tuple[Declaration, list[Declaration]]]:
    twins = queries.same_evidence(items)
    return [(item, twins.get(item.pk, [])) for item in items]


def _choices(programme: Programme, unit: Unit) -> list[tuple[str, str]]:
    """What may be reported: the targets of the unit and of the programme first, then the catalogue."""
    targets = target_queries.by_hand(programme, [unit, programme.unit])
    found = {f"{t.indicator_id}|{t.label}": t.name for t in targets}
    for indicator in programme_queries.indicators():
        if rules.is_by_hand(indicator.measure) and indicator.pk != rules.OTHER:
            found.setdefault(f"{indicator.pk}|", indicator.name)
    return list(found.items())


@needs(TAKE, GIVE)
def new(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    programme, unit = _node(request, programme_code, unit_code)
    person = desk.person_of(request)
    rules.may_report(person, unit).or_refuse(forbidden=True)
    given = {"what": request.GET.get("what", ""), "on": clock.today()}
    form = DeclarationForm(request.POST or None, choices=_choices(programme, unit), initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            indicator, label = _what(form)
            declarations.declare(programme, indicator, unit, _said(request, form, unit), by=person, label=label)
            told = _("Đã gửi kết quả, chờ cấp trên xác nhận.")
            return redirect_after(request, "office:declarations", told, programme.code, unit.code)
        except Refused as refused:
            _blame(form, refused)
    context = {"programme": programme, "unit": unit, "form": form, "below": _below(programme, unit)}
    return answer(request, "office/declarations/edit.html", context, status=422 if form.errors else 200)


def _what(form: DeclarationForm) -> tuple[Indicator, str]:
    code, _bar, label = form.cleaned_data["what"].partition("|")
    return programme_queries.indicators().get(pk=code), label


def _below(programme: Programme, unit: Unit) -> int:
    """How many results the units below have reported: what must not be reported once more above."""
    rows = queries.declarations(programme, unit).exclude(unit=unit).exclude(state="withdrawn")
    return rows[:1000].count()


def _said(request: HttpRequest, form: DeclarationForm, unit: Unit) -> Said:
    typed = form.cleaned_data
    return Said(typed["value"], typed["on"], typed["content"], typed["paper"], _evidence(request, unit))


def _evidence(request: HttpRequest, unit: Unit) -> tuple[StoredFile, ...]:
    person = desk.person_of(request)
    given = uploads(request.FILES, "evidence")
    return tuple(
        stored_files.store(content, name, purpose=Purpose.EVIDENCE, unit=unit, by=person) for content, name in given
    )


def _blame(form: DeclarationForm, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


def _item(request: HttpRequest, programme_code: str, pk: int) -> tuple[Programme, Declaration]:
    programme = programme_queries.open_by_code(programme_code)
    item = queries.declaration_for(programme, pk) if programme else None
    if programme is None or item is None or not grants.may(desk.person_of(request), VIEW, item.unit):
        raise Http404
    return programme, item


@needs(VIEW)
def show(request: HttpRequest, programme_code: str, pk: int) -> HttpResponse:
    programme, item = _item(request, programme_code, pk)
    person = desk.person_of(request)
    offers = [o for o in WORKFLOW.offers(item, person) if o.name != "correct"]
    context: dict[str, Any] = {
        "programme": programme,
        "item": item,
        "offers": offers,
        "may_correct": bool(rules.may_declare(person, item)) and item.state != DeclarationState.WITHDRAWN,
        "files": item.evidence.all(),
        "holder": WORKFLOW.holders[item.state],
        "twins": queries.same_evidence([item]).get(item.pk, []),
        "acts": ledger_queries.timeline_of(item),
        "is_own_word": item.declared_by_id == person.pk and bool(rules.may_return(person, item)),
    }
    return answer(request, "office/declarations/show.html", context)


@needs(TAKE, GIVE)
@require_POST
def step(request: HttpRequest, programme_code: str, pk: int) -> HttpResponse:
    """Confirm, return or withdraw."""
    programme, item = _item(request, programme_code, pk)
    person, name = desk.person_of(request), request.POST.get("step", "")
    if name == "confirm":
        declarations.confirm(item, by=person)
    elif name == "return":
        declarations.send_back(item, request.POST.get("reason", ""), by=person)
    elif name == "withdraw":
        declarations.withdraw(item, by=person)
    else:
        raise Http404
    told = WORKFLOW.holders[item.state]
    return redirect_after(request, "office:declaration", str(told), programme.code, item.pk)


@needs(TAKE, GIVE)
def correct(request: HttpRequest, programme_code: str, pk: int) -> HttpResponse:
    programme, item = _item(request, programme_code, pk)
    person = desk.person_of(request)
    rules.may_declare(person, item).or_refuse(forbidden=True)
    saved = {name: getattr(item, name) for name in ("value", "on", "content", "paper")}
    form = DeclarationForm(request.POST or None, choices=[], item=item, initial=saved)
    if request.method == "POST" and form.is_valid():
        try:
            said = _said(request, form, item.unit)
            declarations.correct(item, said, form.cleaned_data.get("reason", ""), by=person)
            told = _("Đã sửa và gửi lại để xác nhận.")
            return redirect_after(request, "office:declaration", told, programme.code, item.pk)
        except Refused as refused:
            _blame(form, refused)
    context = {"programme": programme, "unit": item.unit, "item": item, "form": form, "files": item.evidence.all()}
    return answer(request, "office/declarations/edit.html", context, status=422 if form.errors else 200)


@needs(GIVE)
@require_POST
def confirm_many(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The chosen rows, all or none."""
    programme, unit = _node(request, programme_code, unit_code)
    chosen = [int(pk) for pk in request.POST.getlist("item") if pk.isdigit() and len(pk) < 18]
    items = queries.to_confirm(programme, unit).filter(pk__in=chosen[:MOST_AT_ONCE])
    items = items.prefetch_related("programme__unit")
    count = declarations.confirm_all(items, by=desk.person_of(request))
    told = counted("Đã xác nhận %(n)d kết quả.", count) if count else _("Chưa chọn kết quả nào.")
    return redirect_after(request, "office:declarations", told, programme.code, unit.code)


_PLACE = "ket-qua/<slug:programme_code>/"
paths = [
    path(f"{_PLACE}don-vi/<slug:unit_code>/", index, name="declarations"),
    path(f"{_PLACE}don-vi/<slug:unit_code>/ke-khai/", new, name="declaration-new"),
    path(f"{_PLACE}don-vi/<slug:unit_code>/xac-nhan/", confirm_many, name="declarations-confirm"),
    path(f"{_PLACE}<int:pk>/", show, name="declaration"),
    path(f"{_PLACE}<int:pk>/buoc/", step, name="declaration-step"),
    path(f"{_PLACE}<int:pk>/sua/", correct, name="declaration-correct"),
]
