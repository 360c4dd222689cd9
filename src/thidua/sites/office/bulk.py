"""The same step on many ticked dossiers: each row's outcome is told, and what was refused can be tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.initiatives import queries, rules
from thidua.initiatives.choices import Body
from thidua.initiatives.domain import batches, decrees, hearings, reception, recognitions
from thidua.initiatives.domain.batches import Outcome
from thidua.initiatives.forms import DecisionForm
from thidua.initiatives.models import Initiative
from thidua.initiatives.workflow import WORKFLOW
from thidua.kernel import clock
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.people.models import Person
from thidua.review import queries as review
from thidua.similarity import queries as similarity
from thidua.sites.office import repeats, sheets
from thidua.sites.office.decisions import decree_of, numbered_by_system
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after

MOST = 200
OUTCOMES = "dossiers:outcomes"
STEPS = ("receive", "send_back", "pass_up", "refuse")


def _chosen(request: HttpRequest, person: Person) -> list[Initiative]:
    codes = request.POST.getlist("code")[:MOST]
    rows = queries.visible_to(person).filter(code__in=codes).prefetch_related("authorships__person__account")
    found = {item.code: item for item in rows}
    return [found[code] for code in codes if code in found]


def _seen(request: HttpRequest) -> dict[str, str]:
    """What the list showed of each dossier, by its code."""
    return dict(pair.split(":", 1) for pair in request.POST.getlist("seen") if ":" in pair)


def _once(outcomes: Sequence[Outcome], step: str, person: Person) -> list[Outcome]:
    """A second click does nothing and finds done what the first did: that is no fault to be told of."""
    if any(o.is_done for o in outcomes):
        return list(outcomes)
    left = Initiative.objects.in_bulk([o.code for o in outcomes], field_name="code")
    said = repeats.said()
    return [
        replace(o, is_done=True, sentence=said)
        if o.code in left and repeats.was_just_done(left[o.code], step, person)
        else o
        for o in outcomes
    ]


def _take(name: str, item: Initiative, by: Person, reason: str) -> str:
    match name:
        case "receive":
            reception.receive(item, by=by)
            return _("Đã tiếp nhận.")
        case "send_back":
            reception.send_back(item, by=by, reason=reason)
            return _("Đã trả lại để bổ sung.")
        case "pass_up":
            reception.pass_up(item, by=by, reason=reason)
            return _("Đã chuyển lên %(unit)s quyết định.") % {"unit": rules.office_of(item).short_name}
        case _other:
            recognitions.refuse(item, by=by, reason=reason)
            return _("Đã ghi không công nhận.")


def _keep(request: HttpRequest, step: str, reason: str, outcomes: Sequence[Outcome]) -> None:
    request.session[OUTCOMES] = {"step": step, "reason": reason, "rows": [asdict(o) for o in outcomes]}


@needs(Permission.INITIATIVE_RECEIVE, Permission.INITIATIVE_RECOGNISE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Receive, return, pass up or refuse the ticked ones."""
    person, name, reason = desk.person_of(request), request.POST.get("step", ""), request.POST.get("reason", "")
    if name not in STEPS:
        raise Http404(name)
    seen = _seen(request)

    def one(item: Initiative) -> str:
        sheets.refuse_unseen(item, seen.get(item.code, ""))
        return _take(name, item, person, reason)

    chosen = _chosen(request, person)
    if not chosen:
        return redirect_after(request, "office:initiatives")
    outcomes = _once(batches.each(chosen, one), name, person)
    _keep(request, name, reason, outcomes)
    done = sum(o.is_done for o in outcomes)
    return redirect_after(request, "office:dossiers-outcome", _SAID[name](done) if done else "")


_SAID = {
    "receive": lambda n: counted("Đã tiếp nhận %(n)d hồ sơ.", n),
    "send_back": lambda n: counted("Đã trả lại %(n)d hồ sơ.", n),
    "pass_up": lambda n: counted("Đã chuyển cấp trên %(n)d hồ sơ.", n),
    "refuse": lambda n: counted("Đã ghi không công nhận %(n)d hồ sơ.", n),
    "recognise": lambda n: counted("Đã công nhận %(n)d sáng kiến.", n),
}


# Steps that need a reason are tried again from the page that says what was wrong with it.
_AGAIN = {
    "send_back": gettext_lazy("Trả lại các hồ sơ này"),
    "pass_up": gettext_lazy("Chuyển cấp trên các hồ sơ này"),
    "refuse": gettext_lazy("Không công nhận các hồ sơ này"),
}


@needs(Permission.INITIATIVE_RECEIVE, Permission.INITIATIVE_RECOGNISE)
def outcome(request: HttpRequest) -> HttpResponse:
    """What became of each row of the last step on many."""
    kept: dict[str, Any] = request.session.get(OUTCOMES, {"step": "", "reason": "", "rows": []})
    rows = kept["rows"]
    done = next((r["code"] for r in rows if r["is_done"] and kept["step"] == "recognise"), "")
    shown = queries.dossier_for(desk.person_of(request), done) if done else None
    context = {
        **kept,
        "recognition": next(iter(queries.recognitions_of(shown)), None) if shown else None,
        "done": [r for r in rows if r["is_done"]],
        "left": [r for r in rows if not r["is_done"]],
        "reason_min": WORKFLOW.reason_min(),
        "again": _AGAIN.get(kept["step"], ""),
    }
    return answer(request, "office/dossiers/outcome.html", context)


@needs(Permission.INITIATIVE_RECOGNISE)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """One decision for all the ticked ones: first its number and date, then the outcome of each."""
    person = desk.person_of(request)
    items = _chosen(request, person)
    if not items:
        return redirect_after(request, "office:initiatives")
    form = _decision(request, items)
    if "save" in request.POST and form.is_valid():
        try:
            outcomes = _recognise(request, items, form, person)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            _keep(request, "recognise", "", outcomes)
            done = sum(o.is_done for o in outcomes)
            return redirect_after(request, "office:dossiers-outcome", _SAID["recognise"](done) if done else "")
    context = _deciding(request, items, form, person)
    return answer(request, "office/dossiers/decide_many.html", context, status=422 if form.errors else 200)


def _decision(request: HttpRequest, items: list[Initiative]) -> DecisionForm:
    """Empty at first; from the council when one was for every one of them."""
    if "save" in request.POST:
        return numbered_by_system(DecisionForm(request.POST, request.FILES))
    by_council = review.passed_subjects(hearings.SUBJECT, [i.pk for i in items]) >= {i.pk for i in items}
    first = {"decided_on": clock.today(), "body": Body.COUNCIL if by_council else Body.HEAD}
    return numbered_by_system(DecisionForm(initial=first))


def _recognise(request: HttpRequest, items: list[Initiative], form: DecisionForm, person: Person) -> list[Outcome]:
    seen = _seen(request)

    def check(item: Initiative) -> None:
        sheets.refuse_unseen(item, seen.get(item.code, ""))

    made = decree_of(form, items[0].handler, person)
    return _once(decrees.recognise_together(items, made, by=person, check=check), "recognise", person)


def _deciding(request: HttpRequest, items: list[Initiative], form: DecisionForm, person: Person) -> dict[str, Any]:
    """What can be named in the decision, and what cannot yet, with the reason, before anything is filled in."""
    faults, seen = decrees.lacking(items, by=person), _seen(request)
    shown = [(i, faults.get(i.pk, ""), seen.get(i.code) or sheets.seen_of(i)) for i in items]
    return {
        "ready": [row for row in shown if not row[1]],
        "left": [row for row in shown if row[1]],
        "alike": similarity.undecided([i.pk for i in items]),
        "form": form,
    }


paths = [
    path("sang-kien/hang-loat/", bulk, name="dossiers-bulk"),
    path("sang-kien/hang-loat/ket-qua/", outcome, name="dossiers-outcome"),
    path("sang-kien/hang-loat/cong-nhan/", decide, name="dossiers-decide"),
]
