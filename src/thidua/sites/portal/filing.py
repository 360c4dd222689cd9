"""Filing an initiative from the QR code of a unit and a programme."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.documents.choices import Purpose
from thidua.documents.rendering import ornaments
from thidua.initiatives import queries, workflow
from thidua.initiatives.domain import dossiers
from thidua.initiatives.forms import VisitorForm
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger.acts import System
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Programme
from thidua.sites.portal import kiosk, limits
from thidua.sites.shell import kept, uploading
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer
from thidua.sites.shell.files import address

FILED = "filed"  # in the session: code and claim code of what was filed last
TYPED = "typed"  # in the session: what a visitor has typed so far, a few hours
TYPED_HOURS = 24
READING_SECONDS = 60  # how long a shared device shows the code
IDEA = ("title", "problem_before", "solution")
QUICK_FILES = (("before", Purpose.PHOTO_BEFORE), ("after", Purpose.PHOTO_AFTER), ("papers", Purpose.EVIDENCE))


def _place_or_404(programme_code: str, unit_code: str) -> tuple[Programme, Unit]:
    programme = programme_queries.open_by_code(programme_code)
    unit = org_queries.active().filter(code__iexact=unit_code).first()
    if programme is None or unit is None or not programme.unit.covers(unit):
        raise Http404(f"{programme_code}/{unit_code}")
    return programme, unit


@public
def quick(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Where the poster's code leads. Members go to their own form; visitors file here if allowed."""
    programme, unit = _place_or_404(programme_code, unit_code)
    if request.user.is_authenticated and kiosk.is_kiosk(request):
        logout(request)  # whoever signed in here and left: the device is everybody's
    if request.user.is_authenticated:
        return redirect(f"{reverse('member:file')}?{urlencode({'chuong-trinh': programme.code})}")
    handler, is_kiosk = dossiers.handler_of(unit), kiosk.is_kiosk(request)
    context = {"programme": programme, "unit": unit, "handler": handler, "next": reverse("member:file")}
    context |= {"kiosk": kiosk.IDLE_SECONDS if is_kiosk else 0, "most_files": uploading.MOST_FOR_VISITORS}
    if not handler.accepts_open_filing:
        return answer(request, "portal/filing/sign_in.html", context)
    if request.method != "POST":
        return _blank(request, context, is_kiosk=is_kiosk)
    form, key = VisitorForm(request.POST, is_shared=is_kiosk), request.POST.get("submission_key", "")[:64]
    if _file(request, form, programme, unit, key):
        return redirect("portal:quick-done")
    if form.has_error(NON_FIELD_ERRORS, "another"):
        key = ""
    context |= {"form": form, "submission_key": key or dossiers.new_submission_key(), "kept": kept.kept(request, key)}
    context["revision"] = _typed(request, programme, unit).get("revision", 0)
    return answer(request, "portal/filing/quick.html", context, status=422)


def _blank(request: HttpRequest, context: dict[str, Any], *, is_kiosk: bool) -> HttpResponse:
    """An empty form, or what this visitor has typed before; a shared device forgets whoever was there."""
    if is_kiosk and request.session.session_key:
        request.session.flush()
    typed = _typed(request, context["programme"], context["unit"])
    context |= {"form": VisitorForm(initial=typed, is_shared=is_kiosk), "is_restored": bool(typed)}
    context["submission_key"] = typed.get("submission_key") or dossiers.new_submission_key()
    context["revision"] = typed.get("revision", 0)
    response = answer(request, "portal/filing/quick.html", context)
    response["Cache-Control"] = "no-store"  # the back button shows nobody another one's words
    return response


def _typed_name(programme: Programme, unit: Unit) -> str:
    return f"{TYPED}:{programme.code}:{unit.code}"


def _typed(request: HttpRequest, programme: Programme, unit: Unit) -> dict[str, Any]:
    typed = request.session.get(_typed_name(programme, unit), {})
    is_fresh = typed.get("at", 0) > clock.now().timestamp() - TYPED_HOURS * 3600
    return typed if is_fresh else {}


@public
@require_POST
def autosave(request: HttpRequest, programme_code: str, unit_code: str) -> JsonResponse:
    """Keep what a visitor types for a day; on a device said to be shared, forget it instead."""
    programme, unit = _place_or_404(programme_code, unit_code)
    if kiosk.is_kiosk(request) or request.POST.get("shared"):
        request.session.pop(_typed_name(programme, unit), None)
        return JsonResponse({"sentence": _("Máy dùng chung: không lưu nháp.")})
    words = _words(request.POST)
    if not any(words.values()) or request.POST.get("website"):
        return JsonResponse({"sentence": ""})
    key = request.POST.get("submission_key", "")[:64]
    if queries.by_submission_key(key):  # a save that was long on its way: filed meanwhile
        return JsonResponse({"sentence": ""})
    held = _typed(request, programme, unit)
    if _is_overtaken(request.POST, key, words, held):
        return JsonResponse({"sentence": _("Mẫu này đã được gõ tiếp ở thẻ khác. Chữ bạn gõ vẫn còn."), "stale": True})
    revision = held.get("revision", 0) + 1
    now = {"submission_key": key, "revision": revision, "at": clock.now().timestamp()}
    request.session[_typed_name(programme, unit)] = {**words, **now}
    return JsonResponse({"revision": revision, "sentence": _("Đã lưu nháp.")})


def _words(sent: QueryDict) -> dict[str, str]:
    return {name: sent.get(name, "")[:20_000] for name in VisitorForm.base_fields}


def _is_overtaken(sent: QueryDict, key: str, words: dict[str, str], held: dict[str, Any]) -> bool:
    """Whether the draft holds other words of the same form, which this page has never sent: a save that came late."""
    if not held or held.get("submission_key") != key or sent.get("revision", "") in ("", str(held.get("revision", 0))):
        return False
    own = [words, *(_words(QueryDict(one)) for one in sent.getlist("own")[:20])]
    return not any(one.items() <= held.items() for one in own)


def _file(request: HttpRequest, form: VisitorForm, programme: Programme, unit: Unit, key: str) -> Initiative | None:
    """The initiative, or None with the faults on the form; files already sent are kept."""
    is_complete = form.is_valid()
    try:
        limits.refuse_robots(request, key)
        handler, phone = dossiers.handler_of(unit), request.POST.get("phone", "")
        limits.refuse_flood(request, handler, key, phone, is_kiosk=kiosk.is_kiosk(request))
        given = [(purpose, f) for box, purpose in QUICK_FILES for f in request.FILES.getlist(box)]
        for fault in kept.keep(request, key, given, unit=unit, by=System(_("Khách"))):
            form.add_error(None, fault)
        if not is_complete or form.errors:
            return None
        values = {name: form.cleaned_data[name] for name in IDEA}
        if fault := _fault_of_another(key, values):
            form.add_error(None, ValidationError(fault, code="another"))
            return None
        name = form.cleaned_data["name"]
        initiative, claim = dossiers.start_open(name, phone, unit, programme, submission_key=key, **values)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    kept.hand_over(request, key, initiative, by=System(text.tidy(name)))
    _remember(request, initiative, claim, _typed_name(programme, unit))
    return initiative


def _fault_of_another(key: str, values: dict[str, str]) -> str:
    """A tab left open over a form already sent: its other words are not lost and not mixed up."""
    filed = queries.by_submission_key(key)
    if filed is None or dossiers.says_the_same(filed, values):
        return ""
    return _(
        "Mẫu này đã được gửi với mã %(code)s. Chữ dưới đây khác bản đã gửi: bấm gửi lần nữa nếu đây là sáng kiến khác."
    ) % {"code": filed.code}


def _remember(request: HttpRequest, initiative: Initiative, claim: str, typed_name: str) -> None:
    """For the page that comes next; the draft has become a dossier."""
    known = request.session.get(FILED, {})
    same = known.get("claim", "") if known.get("code") == initiative.code else ""
    request.session[FILED] = {"code": initiative.code, "claim": claim or same}
    request.session.pop(typed_name, None)


@public
def done(request: HttpRequest) -> HttpResponse:
    """The code, what happens next, and how to take it over once one has an account."""
    filed = request.session.get(FILED) or {}
    initiative = Initiative.objects.select_related("handler").filter(code=filed.get("code", "")).first()
    if initiative is None and (place := kiosk.place_of(request)):
        return redirect("portal:quick", *place)  # the back button of the next worker
    if initiative is None:
        raise Http404(FILED)
    claim = filed.get("claim", "") if initiative.claim_digest else ""
    claim_url = f"{address(request, 'member:claim')}?{urlencode({'ma': claim})}" if claim else ""
    programme = initiative.came_through
    context = {
        "item": initiative,
        "standing": workflow.standing_of(initiative, for_author=True),
        "claim": claim,
        "claim_url": claim_url,
        "claim_qr": mark_safe(ornaments.qr(claim_url)) if claim_url else "",  # noqa: S308 - made here, of our own address
        "kiosk": READING_SECONDS if kiosk.is_kiosk(request) else 0,
        "again": reverse("portal:quick", args=[programme.code, initiative.unit.code]) if programme else "",
    }
    response = answer(request, "portal/filing/done.html", context)
    response["Cache-Control"] = "no-store"
    return response


paths = [
    path("gui/xong/", done, name="quick-done"),
    path("gui/<str:programme_code>/<str:unit_code>/", quick, name="quick"),
    path("gui/<str:programme_code>/<str:unit_code>/tu-luu/", autosave, name="quick-autosave"),
]
