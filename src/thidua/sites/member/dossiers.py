"""Filing and following one's own initiatives."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.documents.choices import Purpose
from thidua.initiatives import queries, rules
from thidua.initiatives.choices import Disclosure, State
from thidua.initiatives.domain import dossiers, library
from thidua.initiatives.models import Initiative
from thidua.initiatives.workflow import NEXT, WORKFLOW
from thidua.kernel import paging
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger_queries
from thidua.people import queries as people_queries
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.dossier_forms import ContentForm, EffectForm, IdeaForm, LegalForm
from thidua.sites.shell.files import send, uploads
from thidua.tallies import queries as tally_queries

STEPS: dict[str, tuple[str, type[forms.Form] | None]] = {
    "noi-dung": ("content", ContentForm),
    "hieu-qua": ("effect", EffectForm),
    "tac-gia": ("authors", None),
    "cong-nhan": ("legal", LegalForm),
    "xem-lai": ("review", None),
}


def _own(request: HttpRequest, code: str) -> Initiative:
    initiative = queries.own_dossier(desk.person_of(request), code)
    if initiative is None:
        raise Http404
    return initiative


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    found = queries.own(desk.person_of(request))
    state = request.GET.get("state", "")
    if state in State.values:
        found = found.filter(state=state)
    page = paging.page(found, ("-changed_at", "-id"), request.GET.get("cursor", ""))
    return answer(request, "member/dossiers/list.html", {"page": page, "state": state, "states": State.choices})


@signed_in
def file(request: HttpRequest) -> HttpResponse:
    """The quick form for somebody signed in."""
    person = desk.person_of(request)
    form = IdeaForm(request.POST or None)
    key = request.POST.get("submission_key") or dossiers.new_submission_key()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _filed(request, person, form, key)
            except Refused as refused:
                form.add_error(None, refused.sentence)
    return answer(request, "member/dossiers/file.html", {"form": form, "key": key}, status=status)


def _filed(request: HttpRequest, person: Person, form: forms.Form, key: str) -> HttpResponse:
    programme = programme_queries.counting_in_scope(person.unit).first()
    initiative = dossiers.start(
        person, person.unit, by=person, programme=programme, submission_key=key, **form.cleaned_data
    )
    _attach_all(request, initiative, person)
    if "save" not in request.POST and initiative.state == State.DRAFT:
        dossiers.submit(initiative, by=person)
        return redirect_after(request, "member:initiative", _("Đã gửi sáng kiến cho công đoàn."), initiative.code)
    return redirect_after(request, "member:initiative", _("Đã lưu nháp."), initiative.code)


def _attach_all(request: HttpRequest, initiative: Initiative, person: Person) -> int:
    done = 0
    fields = (
        ("photos", Purpose.PHOTO_AFTER),
        ("photos_before", Purpose.PHOTO_BEFORE),
        ("papers", Purpose.EVIDENCE),
        ("decision", Purpose.DECISION),
    )
    for name, purpose in fields:
        for content, filename in uploads(request.FILES, name):
            dossiers.attach(initiative, content, filename, purpose, by=person)
            done += 1
    return done


@signed_in
def show(request: HttpRequest, code: str) -> HttpResponse:
    initiative = _own(request, code)
    person = desk.person_of(request)
    authorship = next((a for a in initiative.authorships.all() if a.person_id == person.pk), None)
    recorded = tally_queries.verdicts_of(initiative)
    context = {
        "initiative": initiative,
        "offers": WORKFLOW.offers(initiative, person),
        "holder": WORKFLOW.holders[State(initiative.state)],
        "next": NEXT.get(State(initiative.state), ""),
        "may_write": rules.may_write(person, initiative),
        "to_confirm": authorship if authorship and authorship.confirmed_at is None else None,
        "verdicts": recorded,
        "simulated": [] if initiative.state == State.RECOGNISED else tally_queries.simulate(initiative),
        "acts": [a for a in ledger_queries.timeline_of(initiative) if not a.kind.startswith("tallies.")],
        "attachments": initiative.attachments.select_related("file"),
        "adoptions": queries.adoptions_of(initiative),
        "disclosures": Disclosure.choices,
        "steps": list(STEPS),
    }
    return answer(request, "member/dossiers/show.html", context)


@signed_in
@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """A step of the procedure by the author, a share confirmed, or the level of publicity."""
    initiative, person = _own(request, code), desk.person_of(request)
    step = request.POST.get("step", "")
    if step == "submit":
        dossiers.submit(initiative, by=person)
        message = _("Đã gửi cho công đoàn cơ sở.")
    elif step == "withdraw":
        dossiers.withdraw(initiative, by=person, reason=request.POST.get("reason", ""))
        message = _("Đã rút hồ sơ.")
    elif step == "confirm":
        authorship = next((a for a in initiative.authorships.all() if a.person_id == person.pk), None)
        if authorship:
            dossiers.confirm_share(authorship, by=person)
        message = _("Đã xác nhận tỷ lệ đóng góp.")
    elif step == "disclose" and request.POST.get("disclosure") in Disclosure.values:
        library.set_disclosure(initiative, request.POST["disclosure"], by=person)
        message = _("Đã lưu mức công khai.")
    else:
        raise Http404
    return redirect_after(request, "member:initiative", message, code)


@signed_in
def edit(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """The full form, one step a screen; autosave answers JSON."""
    initiative, person = _own(request, code), desk.person_of(request)
    if step not in STEPS:
        raise Http404
    rules.may_write(person, initiative).or_refuse()
    name, form_class = STEPS[step]
    form = form_class(request.POST or None, initial=_initial(initiative, form_class)) if form_class else None
    status = 200
    if request.method == "POST":
        if request.headers.get("X-Autosave"):
            return _autosave(request, initiative, person, form)
        try:
            done = _save_step(request, initiative, person, name, form)
        except Refused as refused:
            done = False
            if form:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            else:
                request.fault = refused.sentence  # type: ignore[attr-defined]
        if done:
            return redirect_after(request, "member:edit", _("Đã lưu."), code, _after(step))
        status = 422
    context = {
        "initiative": initiative,
        "form": form,
        "step": step,
        "steps": list(STEPS),
        "name": name,
        "fault": getattr(request, "fault", ""),
        "typed_authors": _typed_authors(request, initiative),
        "verdicts": tally_queries.simulate(initiative) if name == "review" else [],
        "offers": WORKFLOW.offers(initiative, person) if name == "review" else [],
        "attachments": initiative.attachments.select_related("file"),
    }
    return answer(request, f"member/dossiers/step_{name}.html", context, status=status)


def _after(step: str) -> str:
    names = list(STEPS)
    return names[min(names.index(step) + 1, len(names) - 1)]


def _initial(initiative: Initiative, form_class: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(initiative, name) for name in form_class.base_fields if hasattr(initiative, name)}


def _revision(request: HttpRequest, initiative: Initiative) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdigit() else initiative.revision


def _save_step(
    request: HttpRequest, initiative: Initiative, person: Person, name: str, form: forms.Form | None
) -> bool:
    if name == "authors":
        dossiers.share_out(initiative, _authors(request, person), by=person)
        return True
    _attach_all(request, initiative, person)
    if form is None:
        return True
    if not form.is_valid():
        return False
    values = form.values() if isinstance(form, EffectForm) else form.cleaned_data
    dossiers.write(initiative, by=person, revision=_revision(request, initiative), **values)
    return True


def _autosave(request: HttpRequest, initiative: Initiative, person: Person, form: forms.Form | None) -> JsonResponse:
    """Keep what is valid so far; what is not stays on the device."""
    if form is None:
        return JsonResponse({"revision": initiative.revision})
    form.is_valid()
    kept = {k: v for k, v in form.cleaned_data.items() if k in dossiers.FIELDS and k not in form.errors}
    try:
        dossiers.write(initiative, by=person, revision=_revision(request, initiative), **kept)
    except Refused as refused:
        return JsonResponse({"sentence": refused.sentence}, status=409)
    return JsonResponse({"revision": initiative.revision, "sentence": _("Đã lưu tự động.")})


def _typed_authors(request: HttpRequest, initiative: Initiative) -> list[tuple[str, str]]:
    """(name or code, share) rows: as typed, else as kept; always one empty row more."""
    if request.method == "POST":
        rows = list(zip(request.POST.getlist("author"), request.POST.getlist("share"), strict=False))
    else:
        kept = initiative.authorships.all()
        rows = [(a.person.code if a.person else a.name, f"{a.share.normalize():f}") for a in kept]
    return [*rows, ("", "")]


def _authors(request: HttpRequest, by: Person) -> list[tuple[Person | str, Decimal]]:
    """Each row names a person by code, phone or e-mail, or by a plain name for the officer to find."""
    found: list[tuple[Person | str, Decimal]] = []
    for typed, share in zip(request.POST.getlist("author"), request.POST.getlist("share"), strict=False):
        if not typed.strip():
            continue
        try:
            part = Decimal(share.replace(",", ".").strip() or "0")
        except InvalidOperation as error:
            words = _("Tỷ lệ của «%(name)s» không phải là số.") % {"name": typed}
            raise Refused(words, field="authors") from error
        if not part.is_finite() or not 0 < part <= 100:
            raise Refused(_("Tỷ lệ của «%(name)s» phải lớn hơn 0 và không quá 100.") % {"name": typed}, field="authors")
        found.append((people_queries.person_for(typed) or typed.strip(), part))
    if by not in [author for author, _share in found]:
        raise Refused(_("Bạn phải có tên trong danh sách tác giả."), field="authors")
    return found


@signed_in
def own_file(request: HttpRequest, code: str, file_id: str) -> HttpResponse:
    initiative = _own(request, code)
    attachment = initiative.attachments.filter(file_id=file_id).select_related("file").first()
    if attachment is None:
        raise Http404
    if request.method == "POST":
        dossiers.detach(attachment, by=desk.person_of(request))
        return redirect_after(request, "member:initiative", _("Đã bỏ tệp."), code)
    return send(attachment.file, inline="tai" not in request.GET)


paths = [
    path("sang-kien/", mine, name="initiatives"),
    path("sang-kien/gui/", file, name="file"),
    path("sang-kien/<slug:code>/", show, name="initiative"),
    path("sang-kien/<slug:code>/buoc/", act, name="act"),
    path("sang-kien/<slug:code>/sua/<slug:step>/", edit, name="edit"),
    path("sang-kien/<slug:code>/tep/<uuid:file_id>/", own_file, name="file-of"),
]
