"""Writing a dossier on the phone: the quick form, then one screen after another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.documents.choices import Purpose
from thidua.initiatives import consents, queries, rules, workflow
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.domain import evidence, uploads
from thidua.initiatives.forms import PARTS, IdeaForm, PartForm
from thidua.initiatives.models import Initiative
from thidua.kernel import formats
from thidua.kernel.verdicts import Stale
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Programme
from thidua.sites.member.dossiers import own_or_404, take_arrived
from thidua.sites.member.screens import OTHER_SCREENS, SCREENS, screens
from thidua.sites.shell import desk, kept
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.tallies import queries as tally_queries

ORDER = list(SCREENS)
QUICK_FILES = (("before", Purpose.PHOTO_BEFORE), ("after", Purpose.PHOTO_AFTER), ("papers", Purpose.EVIDENCE))
NONE_YET = 0  # the version of a quick form that is no draft yet
MOST_UNHEARD = 20


@signed_in
def file(request: HttpRequest) -> HttpResponse:
    """The quick form. Whatever is typed or attached becomes a draft at once, so nothing is lost."""
    person = desk.person_of(request)
    programmes = list(programme_queries.counting_programmes(person.unit))
    chosen = request.POST.get("programme") or request.GET.get("chuong-trinh", "")
    programme = next((p for p in programmes if p.code == chosen), programmes[0] if programmes else None)
    if request.method == "POST":
        return _save_quick(request, person, programme, programmes)
    context = {
        "form": IdeaForm(),
        "submission_key": verbs.new_submission_key(),
        "revision": NONE_YET,
        "drafts": queries.own(person).filter(state=State.DRAFT).order_by("-changed_at")[:3],
    }
    return answer(request, "member/writing/file.html", context | _quick_context(person, programme, programmes))


def _quick_context(person: Person, programme: Programme | None, programmes: list[Programme]) -> dict[str, Any]:
    return {"programmes": programmes, "programme": programme, "unit": verbs.handler_of(person.unit)}


def _save_quick(
    request: HttpRequest, person: Person, programme: Programme | None, programmes: list[Programme]
) -> HttpResponse:
    form = IdeaForm(request.POST)
    is_complete = form.is_valid()
    key = request.POST.get("submission_key", "")[:64] or verbs.new_submission_key()
    context = {"form": form, "submission_key": key} | _quick_context(person, programme, programmes)
    draft, overtaken = _draft(request, person, programme, key)
    if draft.state != State.DRAFT:
        return _already_filed(request, draft, form, context)
    given = [(purpose, f) for name, purpose in QUICK_FILES for f in request.FILES.getlist(name)]
    faults = uploads.attach_all(draft, given, by=person) + kept.hand_over(request, key, draft, by=person)
    for fault in [overtaken, *faults] if overtaken else faults:
        messages.error(request, fault)
    context |= {"kept": queries.attachments_of(draft), "draft": draft, "revision": draft.revision}
    if overtaken:  # both are shown; pressing again says that what is typed here holds
        context["newer"] = _newer(draft, form)
        return answer(request, "member/writing/file.html", context, status=409)
    if request.POST.get("act") == "draft":
        return redirect_after(request, "member:initiative", _("Đã lưu bản nháp."), draft.code)
    if is_complete and not faults and request.POST.get("act") == "more":
        return redirect_after(request, "member:write", _("Đã lưu bản nháp."), draft.code, "noi-dung")
    if is_complete and not faults:
        verbs.submit(draft, by=person)
        return redirect_after(request, "member:sent", "", draft.code)
    return answer(request, "member/writing/file.html", context, status=422)


def _already_filed(request: HttpRequest, filed: Initiative, form: IdeaForm, context: dict[str, Any]) -> HttpResponse:
    """A second click or a form the phone sent again; other words in a tab left open are not lost."""
    if not form.is_valid() or verbs.says_the_same(filed, form.values()):
        return redirect_after(request, "member:sent", "", filed.code)
    form.add_error(
        None,
        _(
            "Mẫu này đã được gửi với mã %(code)s. Chữ dưới đây khác bản đã gửi: "
            "bấm gửi lần nữa nếu đây là sáng kiến khác."
        )
        % {"code": filed.code},
    )
    context |= {"submission_key": verbs.new_submission_key(), "revision": NONE_YET}
    return answer(request, "member/writing/file.html", context, status=409)


def _draft(request: HttpRequest, person: Person, programme: Programme | None, key: str) -> tuple[Initiative, str]:
    """What this form has become; and the sentence when it holds words, of another tab, that this page never sent."""
    values, typed = typed_values(IdeaForm(request.POST)), request.POST.get("revision", "")
    unheard = [typed_values(IdeaForm(QueryDict(sent))) for sent in request.POST.getlist("own")[:MOST_UNHEARD]]
    draft = verbs.start(person, person.unit, by=person, programme=programme, submission_key=key, **values)
    while draft.state == State.DRAFT:
        revision = int(typed) if typed.isdigit() else draft.revision
        try:
            return verbs.write(draft, by=person, revision=revision, unheard=unheard, **values), ""
        except Stale as stale:
            if typed and draft.state == State.DRAFT:
                return draft, stale.sentence
    return draft, ""


def typed_values(form: forms.Form) -> dict[str, Any]:
    """What is valid, and unfinished texts as they were typed: a draft may be incomplete."""
    form.is_valid()
    values = {k: v for k, v in form.cleaned_data.items() if k in verbs.FIELDS}
    for name, field in form.fields.items():
        if name in verbs.FIELDS and name not in values and isinstance(field, forms.CharField):
            values[name] = form.data.get(name, "")[: field.max_length or 20_000]
    return values


@signed_in
@require_POST
def autosave_new(request: HttpRequest) -> JsonResponse:
    """The quick form saves itself: the first words make the draft; a save that comes late overwrites nothing."""
    person, key = desk.person_of(request), request.POST.get("submission_key", "")[:64]
    values = typed_values(IdeaForm(request.POST))
    if not key or not any(values.values()):
        return JsonResponse({"sentence": ""})
    programme = (
        programme_queries.counting_programmes(person.unit).filter(code=request.POST.get("programme", "")).first()
    )
    draft, overtaken = _draft(request, person, programme, key)
    if overtaken:
        return JsonResponse({"sentence": overtaken, "stale": True})
    return JsonResponse({"revision": draft.revision, "sentence": _("Đã lưu nháp.")})


@signed_in
def write(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """One screen of the dossier."""
    item, person = own_or_404(request, code), desk.person_of(request)
    if part not in PARTS:
        raise Http404(part)
    verdict = rules.may_write(person, item)
    if not verdict:
        messages.error(request, verdict.sentence)
        return redirect_after(request, "member:initiative", "", code)
    if request.method == "POST":
        return _save_part(request, item, part, PARTS[part].of(item, request.POST))
    return _show_part(request, item, part, PARTS[part].of(item))


def _save_part(request: HttpRequest, item: Initiative, part: str, form: PartForm) -> HttpResponse:
    person, typed = desk.person_of(request), request.POST.get("revision", "")
    if not form.is_valid():
        return _show_part(request, item, part, form, status=422)
    revision, unheard = int(typed) if typed.isdigit() else 0, _unheard(request, item, part)
    try:
        verbs.write(item, by=person, revision=revision, unheard=unheard, **form.values())
    except Stale as stale:
        messages.error(request, stale.sentence)
        item.refresh_from_db()
        return _show_part(request, item, part, form, status=409, newer=_newer(item, form))
    following = ORDER[ORDER.index(part) + 1] if request.POST.get("act") != "stop" else ""
    if form.worked_out is not None:
        messages.info(request, _("Giá trị làm lợi tính ra: %(sum)s mỗi năm.") % {"sum": formats.vnd(form.worked_out)})
    if not following:
        return redirect_after(request, "member:initiative", _("Đã lưu."), item.code)
    return redirect_after(request, *_address(item, following))


def _unheard(request: HttpRequest, item: Initiative, part: str) -> list[dict[str, Any]]:
    """What this page has sent before without an answer (`own`); it may have been saved all the same."""
    return [typed_values(PARTS[part].of(item, QueryDict(sent))) for sent in request.POST.getlist("own")[:MOST_UNHEARD]]


def _address(item: Initiative, part: str) -> tuple[str, str, str] | tuple[str, str, str, str]:
    if part in PARTS:
        return "member:write", "", item.code, part
    return OTHER_SCREENS[part], "", item.code


def _newer(item: Initiative, form: PartForm | IdeaForm) -> list[tuple[str, Any]]:
    """What the saved version says where it differs from what was typed here."""
    saved = {name: getattr(item, name) for name in form.values()}
    return [(str(form[name].label), saved[name]) for name, typed in form.values().items() if saved[name] != typed]


def _show_part(
    request: HttpRequest, item: Initiative, part: str, form: PartForm, *, status: int = 200, newer: Any = ()
) -> HttpResponse:
    position = ORDER.index(part)
    take_arrived(request, item)
    context = {
        "item": item,
        "form": form,
        "part": part,
        "part_name": SCREENS[part],
        **screens(part),
        "newer": newer,
        "attachments": (attached := queries.attachments_of(item)),
        "checklist": evidence.checklist(item, attached) if part == "hieu-qua" else [],
        "evidence_kinds": evidence.kinds(),
        "previous": ORDER[position - 1] if position else "",
    }
    return answer(request, "member/writing/part.html", context, status=status)


@signed_in
@require_POST
def autosave(request: HttpRequest, code: str, part: str) -> JsonResponse:
    """Save a draft's screen while it is typed; a stale screen says so and overwrites nothing."""
    item, typed = own_or_404(request, code), request.POST.get("revision", "")
    if part not in PARTS or item.state != State.DRAFT:
        raise Http404(part)
    values = typed_values(PARTS[part].of(item, request.POST))
    revision, unheard = int(typed) if typed.isdigit() else 0, _unheard(request, item, part)
    try:
        verbs.write(item, by=desk.person_of(request), revision=revision, unheard=unheard, **values)
    except Stale as stale:
        return JsonResponse({"sentence": stale.sentence, "stale": True})
    return JsonResponse({"revision": item.revision, "sentence": _("Đã lưu nháp.")})


@signed_in
def review(request: HttpRequest, code: str) -> HttpResponse:
    """All of it once more, what is missing, and where it would count."""
    item, person = own_or_404(request, code), desk.person_of(request)
    take_arrived(request, item)
    context = {
        "item": item,
        "offers": [o for o in workflow.WORKFLOW.offers(item, person) if o.name in ("submit", "resume")],
        "later": [s for check in (*rules.BEFORE_DECISION, consents.shares_agreed) if (s := check(item))],
        "verdicts": tally_queries.simulate(item, person),
        "authors": consents.of_each(item),
        "attachments": (attached := queries.attachments_of(item)),
        "checklist": evidence.checklist(item, attached),
        **screens("xem-lai"),
    }
    return answer(request, "member/writing/review.html", context)


paths = [
    path("gui/", file, name="file"),
    path("gui/tu-luu/", autosave_new, name="autosave-new"),
    path("sang-kien/<str:code>/viet/xem-lai/", review, name="review"),
    path("sang-kien/<str:code>/viet/<slug:part>/", write, name="write"),
    path("sang-kien/<str:code>/viet/<slug:part>/tu-luu/", autosave, name="autosave"),
]
