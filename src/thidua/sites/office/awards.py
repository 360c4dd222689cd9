"""Nominations, decisions, certificates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import exports, queries, rules
from thidua.awards.domain import certificates, decisions, nominations
from thidua.awards.models import Nomination
from thidua.awards.workflow import WORKFLOW
from thidua.initiatives.forms import DayField
from thidua.kernel import clock, paging
from thidua.kernel.pickers import code_of
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger_queries
from thidua.orgs import queries as org_queries
from thidua.people import queries as people_queries
from thidua.programmes import queries as programme_queries
from thidua.sites.office.printing import printed, public_address
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.files import send

RETURN_REASONS = (
    gettext_lazy("Thành tích ghi còn chung chung, đề nghị nêu kết quả cụ thể."),
    gettext_lazy("Tỷ lệ người lao động trực tiếp còn thấp, đề nghị xem xét lại."),
)


class ListForm(forms.Form):
    award_form = forms.ChoiceField(label=gettext_lazy("Hình thức khen, cấp quyết định"))
    occasion = forms.ChoiceField(label=gettext_lazy("Chương trình, phong trào; giai đoạn hoặc đợt"))
    summary = forms.CharField(
        label=gettext_lazy("Tóm tắt kết quả thi đua của đơn vị"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, unit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deciders = {u.code: u for u in org_queries.ancestors(unit, include_self=True)}
        self.fields["award_form"].choices = [  # type: ignore[attr-defined]
            (f"{form.code}/{code}", f"{form.label} – {decider.short_name}")
            for code, decider in reversed(self.deciders.items())
            for form in rules.forms_of(decider)
        ]
        self.programmes = {p.code: p for p in programme_queries.programmes_in_scope(unit) if p.phases.all()}
        self.fields["occasion"].choices = [  # type: ignore[attr-defined]
            (f"{code}/{phase.position}", f"{programme.short_name} – {phase.name}")
            for code, programme in self.programmes.items()
            for phase in programme.phases.all()
        ]

    def place(self) -> dict[str, Any]:
        form, _slash, decider = self.cleaned_data["award_form"].partition("/")
        code, _slash, position = self.cleaned_data["occasion"].partition("/")
        programme = self.programmes[code]
        phase = next((p for p in programme.phases.all() if str(p.position) == position), None)
        return {"decider": self.deciders[decider], "award_form": form, "programme": programme, "phase": phase}


@needs(Permission.AWARD_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    person, unit = desk.person_of(request), desk.unit_of(request)
    found = queries.with_counts(queries.visible_to(person))
    context = {
        "unit": unit,
        "forms": rules.forms(),
        "waiting": found.filter(decider=unit, state="submitted").order_by("pk"),
        "page": paging.page(found, ("-id",), request.GET.get("cursor", "")),
        "decisions": queries.decisions(person)[:10],
        "may_nominate": grants.may(person, Permission.AWARD_NOMINATE, unit),
    }
    return answer(request, "office/awards/list.html", context)


@needs(Permission.AWARD_NOMINATE)
def new(request: HttpRequest) -> HttpResponse:
    unit = desk.unit_of(request)
    form = ListForm(request.POST or None, unit=unit)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                summary = form.cleaned_data["summary"]
                made = nominations.open_list(unit, by=desk.person_of(request), summary=summary, **form.place())
                return redirect_after(
                    request, "office:nomination", _("Đã lập danh sách: hãy thêm cá nhân, tập thể."), made.code
                )
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return answer(request, "office/awards/new.html", {"form": form, "unit": unit}, status=status)


def _nomination(request: HttpRequest, code: str) -> Nomination:
    found = queries.nomination_for(desk.person_of(request), code)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, nomination: Nomination, fault: str = "") -> HttpResponse:
    person = desk.person_of(request)
    nominees = list(queries.nominees_of(nomination))
    is_open = nomination.state in ("draft", "returned") and bool(rules.may_nominate(person, nomination))
    words = request.GET.get("q", "")
    found = people_queries.search(people_queries.roster(nomination.unit), words)[:12] if is_open and words else []
    steps = [o for o in WORKFLOW.offers(nomination, person) if o.name != "decide"]
    context = {
        "nomination": nomination,
        "form": rules.forms().get(nomination.award_form),
        "nominees": nominees,
        "direct": sum(n.is_direct_worker for n in nominees),
        "is_open": is_open,
        "own": f"{nomination.unit.code} – {nomination.unit.name}",
        "words": words,
        "found": found,
        "offers": steps,
        "holder": WORKFLOW.holders[nomination.state],
        "may_decide": nomination.state == "submitted" and rules.may_decide(person, nomination),
        "today": clock.today(),
        "acts": ledger_queries.timeline_of(nomination),
        "reasons": RETURN_REASONS,
        "citation_min": nominations.CITATION_MIN,
        "fault": fault,
        "typed": request.POST,
    }
    return answer(request, "office/awards/show.html", context, status=422 if fault else 200)


@needs(Permission.AWARD_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _nomination(request, code))


@needs(Permission.AWARD_NOMINATE)
@require_POST
def put_forward(request: HttpRequest, code: str) -> HttpResponse:
    """Add a person by code or a collective; refusals keep what was typed."""
    nomination, by = _nomination(request, code), desk.person_of(request)
    chosen = people_queries.person_for(request.POST.get("person", ""))
    collective = org_queries.by_code(code_of(request.POST.get("collective", ""))) if not chosen else None
    try:
        citation = request.POST.get("citation", "")
        nominations.put_forward(nomination, by=by, person=chosen, collective=collective, citation=citation)
    except Refused as refused:
        return _page(request, nomination, refused.sentence)
    return redirect_after(request, "office:nomination", _("Đã thêm vào danh sách."), code)


@needs(Permission.AWARD_NOMINATE)
@require_POST
def drop(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    nomination = _nomination(request, code)
    nominee = nomination.nominees.filter(pk=pk).first()
    if nominee is None:
        raise Http404
    nominations.drop(nominee, by=desk.person_of(request))
    return redirect_after(request, "office:nomination", _("Đã bỏ khỏi danh sách."), code)


@needs(Permission.AWARD_NOMINATE)
@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    nomination, by = _nomination(request, code), desk.person_of(request)
    step = request.POST.get("step", "")
    if step == "submit":
        nominations.submit(nomination, by=by)
    elif step == "send_back":
        nominations.send_back(nomination, by=by, reason=request.POST.get("reason", ""))
    else:
        raise Http404
    return redirect_after(request, "office:nomination", _("Đã chuyển bước."), code)


@needs(Permission.AWARD_DECIDE)
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Each nominee approved or not, with the reason; then one decision and its certificates."""
    nomination, by = _nomination(request, code), desk.person_of(request)
    outcomes = {
        n.pk: (request.POST.get(f"outcome-{n.pk}") == "approved", request.POST.get(f"reason-{n.pk}", ""))
        for n in nomination.nominees.all()
        if request.POST.get(f"outcome-{n.pk}")
    }
    number = request.POST.get("number", "")
    try:
        day = DayField().clean(request.POST.get("decided_on", ""))
        decision = decisions.decide(
            [nomination], outcomes, by=by, decided_on=day, number=int(number) if number.isdigit() else None
        )
    except forms.ValidationError:
        return _page(request, nomination, _("Ngày quyết định không đúng: hãy nhập ngày/tháng/năm."))
    except Refused as refused:
        return _page(request, nomination, refused.sentence)
    return redirect_after(
        request, "office:award-decision", _("Đã ban hành quyết định và cấp giấy khen."), decision.code
    )


@needs(Permission.AWARD_VIEW)
def decision(request: HttpRequest, code: str) -> HttpResponse:
    person = desk.person_of(request)
    found = queries.decisions(person).filter(code=code).first()
    if found is None:
        raise Http404
    issued = queries.certificates(person).filter(nominee__nomination__decision=found).order_by("register_number")
    context = {
        "decision": found,
        "form": rules.forms(found.decided_on).get(found.award_form),
        "certificates": issued,
        "may_revoke": grants.may(person, Permission.AWARD_DECIDE, found.unit),
        "reason_min": certificates.REASON_MIN,
    }
    return answer(request, "office/awards/decision.html", context)


@needs(Permission.AWARD_VIEW)
def decision_paper(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    found = queries.decisions(desk.person_of(request)).filter(code=code).first()
    stored = getattr(found.paper, kind, None) if found and kind in ("docx", "pdf") else None
    if stored is None:
        raise Http404
    return send(stored)


@needs(Permission.AWARD_VIEW)
def sheets(request: HttpRequest, code: str) -> HttpResponse:
    """All valid certificates of a decision in one PDF, or one certificate by its own code."""
    person, base = desk.person_of(request), public_address(request)
    if found := queries.decisions(person).filter(code=code).first():
        made = exports.print_awarded(found, by=person, base_url=base)
    elif one := queries.certificates(person).filter(code=code).first():
        made = certificates.pdf([one], base)
    else:
        raise Http404
    return printed(request, made, f"giay-khen-{code}.pdf")


@needs(Permission.AWARD_DECIDE)
@require_POST
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.certificates(desk.person_of(request)).filter(code=code).first()
    if found is None:
        raise Http404
    certificates.revoke(found, by=desk.person_of(request), reason=request.POST.get("reason", ""))
    return redirect_after(request, "portal:certificate", _("Đã thu hồi."), code)


paths = [
    path("khen-thuong/", index, name="awards"),
    path("khen-thuong/lap/", new, name="nomination-new"),
    path("khen-thuong/quyet-dinh/<slug:code>/", decision, name="award-decision"),
    path("khen-thuong/quyet-dinh/<slug:code>/van-ban/<slug:kind>/", decision_paper, name="award-paper"),
    path("khen-thuong/giay/<slug:code>/in/", sheets, name="award-sheets"),
    path("khen-thuong/giay/<slug:code>/thu-hoi/", revoke, name="certificate-revoke"),
    path("khen-thuong/<slug:code>/", show, name="nomination"),
    path("khen-thuong/<slug:code>/them/", put_forward, name="nominee-new"),
    path("khen-thuong/<slug:code>/bo/<int:pk>/", drop, name="nominee-drop"),
    path("khen-thuong/<slug:code>/buoc/", act, name="nomination-act"),
    path("khen-thuong/<slug:code>/quyet/", decide, name="nomination-decide"),
]
