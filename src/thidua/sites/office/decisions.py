"""Decisions on a dossier: recognition by number and date, benefit confirmed, exclusions, copies."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import exports
from thidua.awards.domain import certificates
from thidua.documents.choices import Purpose
from thidua.initiatives import queries, rules, workflow
from thidua.initiatives.choices import Body
from thidua.initiatives.domain import attachments, decrees, hearings, uploads
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.domain.decrees import Decree
from thidua.initiatives.forms import DecisionForm, MoneyField
from thidua.initiatives.models import Initiative, Recognition
from thidua.initiatives.queries import desks
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review import queries as review
from thidua.sites.office import repeats, sheets
from thidua.sites.office.inbox import dossier_or_404
from thidua.sites.office.printing import printed, public_address
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download, redirect_after


@needs(Permission.INITIATIVE_RECOGNISE)
def recognise(request: HttpRequest, code: str) -> HttpResponse:
    """Split view: the dossier on one side, the decision on the other; then the next one that waits."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    form = _form(request, item)
    fault, typed = "", ""
    if request.method == "POST" and form.is_valid():
        try:
            sheets.refuse_unseen(item, request.POST.get("seen", ""))
            _record(item, form, person)
        except Forbidden:
            raise
        except Refused as refused:
            item = dossier_or_404(request, code)
            if repeats.was_just_done(item, "recognise", person):
                return redirect_after(request, "office:dossier", _("Việc này đã được ghi ở lần bấm trước."), code)
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return _onward(request, item, person)
    choices = sheets.choices_of(item, person, typed=typed, fault=fault)
    offer = choices.pop("recognise", None)
    context = {
        **sheets.body_of(item, person),
        "form": form,
        "why_not": offer.offer.why_not if offer else _("Hồ sơ không ở bước quyết định."),
        "choices": list(choices.values()),
        "next": _next(item, person),
    }
    return answer(request, "office/dossiers/recognise.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, item: Initiative) -> DecisionForm:
    judged = review.passed_subjects(hearings.SUBJECT, [item.pk])
    first: dict[str, Any] = {"decided_on": clock.today(), "body": Body.COUNCIL if judged else Body.HEAD}
    if item.claims_recognition:
        first = {"decision_number": item.claimed_decision, "decided_on": item.claimed_decided_on}
    form = DecisionForm(request.POST or None, request.FILES or None, initial=first)
    return numbered_by_system(form)


def numbered_by_system(form: DecisionForm) -> DecisionForm:
    """At the grassroots: no wider scope, and an empty number lets the system number and write the decision."""
    form.fields.pop("scope")
    form.fields["decision_number"].required = False
    form.fields["decision_number"].help_text = _("Để trống: hệ thống lấy số trong sổ và soạn quyết định.")
    return form


def _next(item: Initiative, person: Person) -> Initiative | None:
    """The next dossier that waits for the same desk's decision, the nearest deadline first."""
    waiting = desks.inbox(person, rules.office_of(item)).filter(state=item.state).exclude(pk=item.pk)
    return waiting.order_by("due_on", "pk").first()


def _onward(request: HttpRequest, item: Initiative, person: Person) -> HttpResponse:
    done = _("Đã ghi quyết định công nhận.")
    waiting = desks.inbox(person, item.decider or item.handler).filter(state__in=workflow.DECIDABLE)
    following = waiting.order_by("due_on", "pk").first() if "onward" in request.POST else None
    if following is None:
        return redirect_after(request, "office:dossier", done, item.code)
    return redirect_after(request, "office:dossier-recognise", f"{done} {item.code}", following.code)


def _record(item: Initiative, form: DecisionForm, person: Person) -> None:
    decrees.recognise_one(item, decree_of(form, item.handler, person), by=person)


def decree_of(form: DecisionForm, unit: Unit, person: Person) -> Decree:
    """With a number: recorded as decided, with its file; without: the system numbers and writes the decision."""
    given = form.cleaned_data
    upload = given.get("file")
    stored = None
    if upload:
        content = uploads.content_of(upload)
        stored = attachments.keep_upload(content, upload.name, Purpose.DECISION, unit=unit, by=person)
    return Decree(
        decided_on=given["decided_on"],
        number=given["decision_number"],
        body=given["body"],
        decided_by=given["decided_by"],
        file=stored,
    )


def _again(request: HttpRequest, code: str, **typed: Any) -> HttpResponse:
    """The dossier's page with what was typed and the sentence that says why it was not taken."""
    page = sheets.page_of(dossier_or_404(request, code), desk.person_of(request))
    return answer(request, "office/dossiers/show.html", page | typed, status=422)


@needs(Permission.INITIATIVE_RECEIVE)
@require_POST
def benefit(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody other than an author confirms the yearly benefit."""
    item, typed = dossier_or_404(request, code), request.POST.get("amount", "")
    try:
        verbs.confirm_benefit(item, MoneyField(required=True).clean(typed), by=desk.person_of(request))
    except Forbidden:
        raise
    except Refused as refused:
        return _again(request, code, amount_typed=typed, amount_fault=refused.sentence)
    except ValidationError as error:
        return _again(request, code, amount_typed=typed, amount_fault=" ".join(error.messages))
    return redirect_after(request, "office:dossier", _("Đã xác nhận giá trị làm lợi."), code)


@needs(Permission.INITIATIVE_RECEIVE)
@require_POST
def flags(request: HttpRequest, code: str) -> HttpResponse:
    """The exclusions an officer finds: protected, contrary to order, a copy of another."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    copied = request.POST.get("duplicate_of", "").strip().upper()
    marks = {name: name in request.POST for name in ("is_ip_protected", "breaches_order")}
    held = item.duplicate_of if item.duplicate_of and item.duplicate_of.code == copied else None
    original = held or (queries.visible_to(person).filter(code=copied).first() if copied else None)
    try:
        if copied and original is None:
            raise Refused(_("Không thấy hồ sơ %(code)s trong phạm vi bạn xem được.") % {"code": copied})
        with transaction.atomic():
            verbs.flag(item, by=person, **marks)
            if original != item.duplicate_of:
                verbs.mark_duplicate(item, original, by=person)
    except Forbidden:
        raise
    except Refused as refused:
        return _again(request, code, marks={**marks, "duplicate_of": copied}, marks_fault=refused.sentence)
    return redirect_after(request, "office:dossier", _("Đã lưu."), code)


@needs(Permission.INITIATIVE_RECOGNISE)
@require_POST
def certify(request: HttpRequest, code: str) -> HttpResponse:
    """The certificates of a recognised initiative, one per author; printed again they stay the same."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    grants.may(person, Permission.INITIATIVE_RECOGNISE, item.handler).or_refuse(forbidden=True)
    recognition = queries.recognition_of(item)
    if recognition is None or recognition.revoked_on:
        raise Refused(_("Sáng kiến chưa được công nhận nên chưa cấp giấy chứng nhận."))
    issued = certificates.issue_for_recognition(recognition, by=person)
    return download(certificates.pdf(issued, public_address(request)), f"giay-chung-nhan-{code}.pdf", "application/pdf")


@needs(Permission.INITIATIVE_RECOGNISE)
@require_POST
def certify_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Every certificate of the decision that made a recognition, in one PDF."""
    person = desk.person_of(request)
    found = get_object_or_404(Recognition.objects.select_related("unit"), pk=pk)
    if not grants.may(person, Permission.INITIATIVE_RECOGNISE, found.unit):
        raise Http404(str(pk))
    return printed(
        request,
        exports.print_recognised(found, by=person, base_url=public_address(request)),
        f"giay-chung-nhan-{pk}.pdf",
    )


paths = [
    path("sang-kien/quyet-dinh/<int:pk>/giay-chung-nhan/", certify_all, name="decision-certify"),
    path("sang-kien/<str:code>/giay-chung-nhan/", certify, name="dossier-certify"),
    path("sang-kien/<str:code>/cong-nhan/", recognise, name="dossier-recognise"),
    path("sang-kien/<str:code>/lam-loi/", benefit, name="dossier-benefit"),
    path("sang-kien/<str:code>/danh-dau/", flags, name="dossier-flags"),
]
