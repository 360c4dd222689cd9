"""The office corrects an open dossier: its parts, its authors, its files."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.initiatives import rules
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.domain import shares, uploads
from thidua.initiatives.forms import PART_NAMES, PARTS, AuthorSheet, FileForm
from thidua.initiatives.models import Initiative
from thidua.kernel import text
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.people import queries as people_queries
from thidua.people.domain import rosters
from thidua.people.models import Person
from thidua.sites.office.inbox import dossier_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


def _open_or_refuse(request: HttpRequest, code: str) -> Initiative:
    item = dossier_or_404(request, code)
    rules.may_write(desk.person_of(request), item).or_refuse(forbidden=True)
    return item


@needs(Permission.INITIATIVE_RECEIVE)
def edit(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """One part of the dossier; what changed is in its ledger."""
    item = _open_or_refuse(request, code)
    if part not in PARTS:
        raise Http404(part)
    form, status = PARTS[part].of(item, request.POST or None), 200
    if request.method == "POST":
        status, typed = 422, request.POST.get("revision", "")
        if form.is_valid():
            try:
                verbs.write(
                    item, by=desk.person_of(request), revision=int(typed) if typed.isdigit() else 0, **form.values()
                )
            except Stale as stale:
                status = 409
                messages.error(request, stale.sentence)
                item.refresh_from_db()
            else:
                return redirect_after(request, "office:dossier", _("Đã lưu."), code)
    context = {"item": item, "form": form, "part": part, "part_name": PART_NAMES[part]}
    return answer(request, "office/dossiers/edit.html", context, status=status)


@needs(Permission.INITIATIVE_RECEIVE)
def authors(request: HttpRequest, code: str) -> HttpResponse:
    """Authors and shares, by the office."""
    item = _open_or_refuse(request, code)
    sheet = AuthorSheet(item, request.POST if request.method == "POST" else None)
    if "save" in request.POST and (values := sheet.values()) is not None and not sheet.fault:
        try:
            verbs.share_out(item, values, by=desk.person_of(request))
        except Refused as refused:
            sheet.fault = refused.sentence
        else:
            return redirect_after(request, "office:dossier", _("Đã lưu tác giả."), code)
    context = {"item": item, "sheet": sheet}
    return answer(request, "office/dossiers/authors.html", context, status=422 if sheet.fault else 200)


def _chosen(roster: QuerySet[Person], pk: str) -> Person:
    found = roster.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    if found is None:
        raise Refused(_("Hãy chọn một người trong danh sách."))
    return found


@needs(Permission.INITIATIVE_RECEIVE)
def confirm_author(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Find a named author on the roster, or put the person on it."""
    item, person, fault = _open_or_refuse(request, code), desk.person_of(request), ""
    authorship = next((a for a in item.authorships.all() if a.pk == pk and a.person_id is None), None)
    if authorship is None:
        raise Http404(str(pk))
    roster = people_queries.roster(item.handler)
    words = text.tidy(request.GET.get("q", "")) or authorship.name
    if request.method == "POST":
        try:
            if request.POST.get("person") == "new":
                rules.may_enter_people(person, item.handler).or_refuse(forbidden=True)
                found = rosters.enter(authorship.name, item.unit, phone=authorship.phone, by=person)
            else:
                found = _chosen(roster, request.POST.get("person", ""))
            verbs.confirm_author(authorship, found, by=person)
            return redirect_after(request, "office:dossier", _("Đã xác nhận tác giả."), code)
        except Refused as refused:
            fault = refused.sentence
    by_phone = roster.filter(phone=authorship.phone) if authorship.phone else roster.none()
    people = list(by_phone) or list(people_queries.search(roster, words).order_by("sort_key")[:10])
    context = {"item": item, "authorship": authorship, "people": people, "words": words, "fault": fault}
    return answer(request, "office/dossiers/confirm_author.html", context, status=422 if fault else 200)


@needs(Permission.INITIATIVE_RECEIVE)
@require_POST
def note_consent(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A co-author's consent the office has on paper."""
    item = dossier_or_404(request, code)
    authorship = next((a for a in item.authorships.all() if a.pk == pk), None)
    if authorship is None:
        raise Http404(str(pk))
    try:
        shares.note(authorship, by=desk.person_of(request))
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect_after(request, "office:dossier", "", code)
    return redirect_after(request, "office:dossier", _("Đã ghi nhận đồng ý trên giấy."), code)


@needs(Permission.INITIATIVE_RECEIVE)
@require_POST
def attach(request: HttpRequest, code: str) -> HttpResponse:
    """Add files to an open dossier."""
    item, purpose = _open_or_refuse(request, code), request.POST.get("purpose", "")
    if purpose not in FileForm.PURPOSES:
        raise Http404(purpose)
    given = [(purpose, f) for f in request.FILES.getlist("file")]
    faults = uploads.attach_all(item, given, by=desk.person_of(request)) if given else [_("Hãy chọn tệp.")]
    for fault in faults:
        messages.error(request, fault)
    return redirect_after(request, "office:dossier", "" if faults else _("Đã thêm tệp."), code)


paths = [
    path("sang-kien/<str:code>/tac-gia/", authors, name="dossier-authors"),
    path("sang-kien/<str:code>/tac-gia/<int:pk>/", confirm_author, name="dossier-author"),
    path("sang-kien/<str:code>/tac-gia/<int:pk>/dong-y/", note_consent, name="dossier-consent"),
    path("sang-kien/<str:code>/tep/", attach, name="dossier-attach"),
    path("sang-kien/<str:code>/sua/<slug:part>/", edit, name="dossier-edit"),
]
