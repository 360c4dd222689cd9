"""Filing an initiative from the QR code of a unit and a programme."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from thidua.documents.choices import Purpose
from thidua.initiatives import queries, workflow
from thidua.initiatives.domain import dossiers
from thidua.initiatives.forms import VisitorForm
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger.acts import System
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Programme
from thidua.sites.shell import kept
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer

FILED = "filed"  # in the session: code and claim code of what was filed last
PER_PHONE_A_DAY = 5
PER_ADDRESS_AN_HOUR = 60  # a whole hospital may share one address
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
    if request.user.is_authenticated:
        return redirect(f"{reverse('member:file')}?{urlencode({'chuong-trinh': programme.code})}")
    handler = dossiers.handler_of(unit)
    context = {"programme": programme, "unit": unit, "handler": handler, "next": reverse("member:file")}
    if not handler.accepts_open_filing:
        return answer(request, "portal/filing/sign_in.html", context)
    if request.method != "POST":
        context |= {"form": VisitorForm(), "submission_key": dossiers.new_submission_key()}
        return answer(request, "portal/filing/quick.html", context)
    form, key = VisitorForm(request.POST), request.POST.get("submission_key", "")[:64]
    initiative = _file(request, form, programme, unit, key)
    if initiative:
        return redirect("portal:quick-done")
    context |= {"form": form, "submission_key": key or dossiers.new_submission_key(), "kept": kept.kept(request, key)}
    return answer(request, "portal/filing/quick.html", context, status=422)


def _file(request: HttpRequest, form: VisitorForm, programme: Programme, unit: Unit, key: str) -> Initiative | None:
    """The initiative, or None with the faults on the form; files already sent are kept."""
    is_complete = form.is_valid()
    try:
        _refuse_flood(request, form, key)
        given = [(purpose, f) for box, purpose in QUICK_FILES for f in request.FILES.getlist(box)]
        for fault in kept.keep(request, key, given, unit=unit, by=System(_("Khách"))):
            form.add_error(None, fault)
        if not is_complete or form.errors:
            return None
        values = {name: form.cleaned_data[name] for name in ("title", "problem_before", "solution")}
        name, phone = form.cleaned_data["name"], form.cleaned_data["phone"]
        initiative, claim = dossiers.start_open(name, phone, unit, programme, submission_key=key, **values)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    kept.hand_over(request, key, initiative, by=System(text.tidy(name)))
    known = request.session.get(FILED, {})
    request.session[FILED] = {
        "code": initiative.code,
        "claim": claim or (known.get("claim", "") if known.get("code") == initiative.code else ""),
    }
    return initiative


def _refuse_flood(request: HttpRequest, form: VisitorForm, key: str) -> None:
    """Robots fill the box people do not see; nobody sends dozens."""
    if request.POST.get("website") or not key:
        raise Refused(_("Mẫu gửi không hợp lệ: hãy tải lại trang rồi gửi lại."))
    counter = f"open-filing:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(counter, 0, timeout=3600)
    if cache.incr(counter) > PER_ADDRESS_AN_HOUR:
        raise Refused(_("Có quá nhiều lượt gửi từ mạng này: hãy thử lại sau một giờ, hoặc đăng nhập để gửi."))
    phone = people_queries.tidy_phone(request.POST.get("phone", ""))
    if queries.open_filed_since(phone, clock.now() - timedelta(days=1)) >= PER_PHONE_A_DAY:
        is_again = Initiative.objects.filter(submission_key=key).exists()
        if not is_again:
            raise Refused(
                _("Số điện thoại này đã gửi %(n)d sáng kiến trong một ngày: hãy đăng nhập để gửi thêm.")
                % {"n": PER_PHONE_A_DAY},
                field="phone",
            )


@public
def done(request: HttpRequest) -> HttpResponse:
    """The code, what happens next, and how to take it over once one has an account."""
    filed = request.session.get(FILED) or {}
    initiative = Initiative.objects.select_related("handler").filter(code=filed.get("code", "")).first()
    if initiative is None:
        raise Http404(FILED)
    claim = filed.get("claim", "") if initiative.claim_digest else ""
    context = {
        "item": initiative,
        "standing": workflow.standing_of(initiative, for_author=True),
        "claim": claim,
        "claim_url": f"{reverse('member:claim')}?{urlencode({'ma': claim})}" if claim else "",
    }
    return answer(request, "portal/filing/done.html", context)


paths = [
    path("gui/xong/", done, name="quick-done"),
    path("gui/<str:programme_code>/<str:unit_code>/", quick, name="quick"),
]
