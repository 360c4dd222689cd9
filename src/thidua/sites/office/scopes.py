"""A wider scope: proposed from the dossier, decided by the unit above, revoked with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.initiatives import queries, workflow
from thidua.initiatives.choices import Scope, ScopeState, State
from thidua.initiatives.domain import canned, recognitions
from thidua.initiatives.domain import scopes as verbs
from thidua.initiatives.forms import DecisionForm
from thidua.initiatives.models import ScopeProposal
from thidua.kernel import clock, paging
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.people.models import Person
from thidua.sites.office import repeats, sheets
from thidua.sites.office.decisions import decree_of, numbered_by_system
from thidua.sites.office.inbox import dossier_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after

ASKED = "initiatives.scopeproposal.asked"
REVOKED = ("initiatives.initiative.scope_revoked", "initiatives.initiative.revoked")  # of a wider scope; altogether


@needs(Permission.INITIATIVE_RECOGNISE)
@require_POST
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """The head of the union puts a recognised initiative to a unit above."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    typed = request.POST.get("grounds", "")
    unit = next((u for u in verbs.deciders(item) if u.code == request.POST.get("unit")), None)
    try:
        if unit is None:
            raise Refused(_("Hãy chọn một đơn vị cấp trên."))
        verbs.propose(item, unit, by=person, grounds=typed)
    except Forbidden:
        raise
    except Refused as refused:
        if any(p.unit == unit and repeats.is_last_act(p, ASKED, person) for p in item.scope_proposals.all()):
            return redirect_after(request, "office:dossier", repeats.said(), code)
        context = sheets.page_of(item, person) | {"scope_typed": typed, "scope_fault": refused.sentence}
        return answer(request, "office/dossiers/show.html", context, status=422)
    return redirect_after(request, "office:dossier", _("Đã gửi đề nghị công nhận phạm vi."), code)


@needs(Permission.INITIATIVE_VIEW)
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for this desk's word on the scope, and what was answered."""
    person, home = desk.person_of(request), desk.unit_of(request)
    state = request.GET.get("state", ScopeState.WAITING)
    found = queries.proposals_for(person).filter(unit__lft__gte=home.lft, unit__lft__lte=home.rgt)
    sent = queries.proposals_for(person).filter(initiative__handler=home)
    rows = found | sent
    if state in ScopeState.values:
        rows = rows.filter(state=state)
    page = paging.page(rows, ("-id",), request.GET.get("cursor", ""))
    context = {"page": page, "state": state, "states": ScopeState.choices, "home": home}
    return answer(request, "office/dossiers/proposals.html", context)


def _proposal_or_404(request: HttpRequest, pk: int) -> ScopeProposal:
    found = queries.proposals_for(desk.person_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


@needs(Permission.INITIATIVE_VIEW)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Split view: the dossier on one side, the decision on its scope on the other."""
    item, person, status = _proposal_or_404(request, pk), desk.person_of(request), 200
    name, typed, fault = request.POST.get("step", ""), request.POST.get("reason", ""), ""
    form = _form(request, name)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            done = _take(item, name, form, person, typed)
            return redirect_after(request, "office:scope-proposal", done, pk)
        except Forbidden:
            raise
        except Refused as refused:
            if repeats.was_just_done(item, name, person, workflow.SCOPE):
                return redirect_after(request, "office:scope-proposal", repeats.said(), pk)
            fault, status = refused.sentence, 422
            item = _proposal_or_404(request, pk)
    dossier = queries.dossiers().prefetch_related("authorships__person").get(pk=item.initiative_id)
    offers = {o.name: o for o in workflow.SCOPE.offers(item, person)}
    reasons = canned.reasons_for(item.unit)
    ready = {"return_scope": reasons["send_back"], "refuse_scope": reasons["refuse"]}
    context = {
        **sheets.body_of(dossier, person),
        "proposal": item,
        "holder": workflow.SCOPE.holders[item.state],
        "form": form,
        "decision": next((r for r in queries.recognitions_of(dossier) if r.pk == item.recognition_id), None),
        "recognise": offers.pop("recognise_scope", None),
        "again": offers.pop("ask_again", None),
        "choices": [
            sheets.Choice(o, ready.get(o.name, []), typed if o.name == name else "", fault if o.name == name else "")
            for o in offers.values()
        ],
        "fault": fault,
        "grounds_min": verbs.GROUNDS_MIN,
        "may_write": False,
    }
    return answer(request, "office/dossiers/proposal.html", context, status=422 if form.errors else status)


def _form(request: HttpRequest, step: str) -> DecisionForm:
    if step == "recognise_scope":
        return numbered_by_system(DecisionForm(request.POST, request.FILES))
    return numbered_by_system(DecisionForm(initial={"decided_on": clock.today()}))


def _take(item: ScopeProposal, name: str, form: DecisionForm, by: Person, reason: str) -> str:
    match name:
        case "recognise_scope":
            made = decree_of(form, item.unit, by)
            verbs.recognise(
                item,
                by=by,
                decided_on=made.decided_on,
                decision_number=made.number,
                body=made.body,
                decided_by=made.decided_by,
                file=made.file,
            )
            return _("Đã ghi quyết định công nhận phạm vi.")
        case "return_scope":
            verbs.send_back(item, by=by, reason=reason)
            return _("Đã trả lại, cơ sở nhận được lý do.")
        case "refuse_scope":
            verbs.refuse(item, by=by, reason=reason)
            return _("Đã ghi không công nhận phạm vi.")
        case "ask_again":
            verbs.ask_again(item, by=by, grounds=reason)
            return _("Đã gửi lại đề nghị.")
        case "withdraw_scope":
            verbs.withdraw(item, by=by)
            return _("Đã rút đề nghị.")
    raise Http404(name)


@needs(Permission.INITIATIVE_REVOKE)
@require_POST
def revoke(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One decision: a wider scope alone, or the grassroots one with all that rests on it."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    recognition = next((r for r in queries.recognitions_of(item) if r.pk == pk), None)
    if recognition is None:
        raise Http404(str(pk))
    try:
        if recognition.revoked_on and repeats.is_last_act(item, REVOKED[recognition.scope == Scope.GRASSROOTS], person):
            return redirect_after(request, "office:dossier", repeats.said(), code)
        if item.state != State.RECOGNISED:
            raise Refused(_("Sáng kiến này chưa được công nhận nên không có gì để huỷ."))
        recognitions.revoke(recognition, by=person, reason=request.POST.get("reason", ""))
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.sentence)
        typed = {"revoke_pk": pk, "revoke_typed": request.POST.get("reason", "")}
        return answer(request, "office/dossiers/show.html", sheets.page_of(item, person) | typed, status=422)
    return redirect_after(request, "office:dossier", _("Đã huỷ bỏ công nhận."), code)


paths = [
    path("pham-vi/", proposals, name="scope-proposals"),
    path("pham-vi/<int:pk>/", proposal, name="scope-proposal"),
    path("sang-kien/<str:code>/pham-vi/", propose, name="dossier-scope"),
    path("sang-kien/<str:code>/cong-nhan/<int:pk>/huy/", revoke, name="dossier-revoke"),
]
