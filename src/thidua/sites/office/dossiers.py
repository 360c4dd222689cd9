"""One dossier of an initiative: what it says, where it stands, the steps taken on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.initiatives import queries, rules
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.domain import reception, recognitions, undoing
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.people.models import Person
from thidua.sites.office import (
    bulk,
    councils,
    decisions,
    edits,
    entering,
    files,
    inbox,
    judging,
    packages,
    recounts,
    repeats,
    scopes,
    sessions,
    settings,
    sheets,
)
from thidua.sites.office.inbox import dossier_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


@needs(Permission.INITIATIVE_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """2/3 what it says, 1/3 the current step with what this person may do."""
    item = dossier_or_404(request, code)
    return answer(request, "office/dossiers/show.html", sheets.page_of(item, desk.person_of(request)))


@needs(Permission.INITIATIVE_VIEW)
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Receive, return, pass up, refuse, revoke, undo. Refused: the page again, with what was typed."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    name, reason = request.POST.get("step", ""), request.POST.get("reason", "")
    try:
        sheets.refuse_unseen(item, request.POST.get("seen", ""))
        done = take_step(item, name, by=person, reason=reason)
    except Forbidden:
        raise
    except Refused as refused:
        item = dossier_or_404(request, code)
        if repeats.was_just_done(item, name, person):
            return redirect_after(request, "office:dossier", repeats.said(), code)
        context = sheets.page_of(item, person, step=name, typed=reason, fault=refused.sentence)
        status = 409 if isinstance(refused, Stale) else 422
        return answer(request, "office/dossiers/show.html", context, status=status)
    return redirect_after(request, "office:dossier", done, code)


def _revoke(item: Initiative, by: Person, reason: str) -> None:
    recognition = queries.recognition_of(item)
    if recognition is None or item.state != State.RECOGNISED:
        raise Refused(_("Sáng kiến này chưa được công nhận nên không có gì để huỷ."))
    recognitions.revoke(recognition, by=by, reason=reason)


def take_step(item: Initiative, name: str, *, by: Person, reason: str = "") -> str:
    """Do it; gives the sentence that says what was done. Recognition has its own form."""
    match name:
        case "receive":
            reception.receive(item, by=by)
            return _("Đã tiếp nhận hồ sơ.")
        case "send_back":
            reception.send_back(item, by=by, reason=reason)
            return _("Đã trả lại, tác giả nhận được lý do.")
        case "pass_up":
            reception.pass_up(item, by=by, reason=reason)
            return _("Đã chuyển lên %(unit)s quyết định.") % {"unit": rules.office_of(item).short_name}
        case "hand_down":
            reception.hand_down(item, by=by, reason=reason)
            return _("Đã trả hồ sơ về cơ sở quyết định.")
        case "call_back":
            reception.call_back(item, by=by)
            return _("Đã rút hồ sơ về cơ sở.")
        case "refuse":
            recognitions.refuse(item, by=by, reason=reason)
            return _("Đã ghi không công nhận.")
        case "revoke":
            _revoke(item, by, reason)
            return _("Đã huỷ bỏ công nhận.")
        case "undo":
            return _("Đã hoàn tác: hồ sơ về lại «%(state)s».") % {"state": undoing.undo(item, by=by)}
        case "submit" | "resume" | "resume_up":
            verbs.submit(item, by=by)
            return _("Đã gửi hồ sơ.")
        case "withdraw":
            verbs.withdraw(item, by=by, reason=reason)
            return _("Đã rút hồ sơ.")
    raise Http404(name)


paths = [
    *inbox.paths,
    *bulk.paths,
    *sessions.paths,
    *judging.paths,
    *councils.paths,
    *recounts.paths,
    *packages.paths,
    *settings.paths,
    *scopes.paths,
    *entering.paths,
    *files.paths,
    path("sang-kien/<str:code>/", show, name="dossier"),
    path("sang-kien/<str:code>/buoc/", step, name="dossier-step"),
    *decisions.paths,
    *edits.paths,
]
