"""The people of a dossier: particulars, who took part, shares agreed or not, and whoever applied it first."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.initiatives import rules
from thidua.initiatives.domain import benefits, departures, participants, shares
from thidua.initiatives.forms import FirstUseForm, PeopleSheet
from thidua.initiatives.models import FirstUse, Initiative
from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.people import queries as people_queries
from thidua.people.models import Person
from thidua.sites.member.dossiers import own_or_404
from thidua.sites.member.screens import screens
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after

MOST_FOUND = 8


@signed_in
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The tables of the application; only «save» writes."""
    item, person = own_or_404(request, code), desk.person_of(request)
    verdict = rules.may_write(person, item)
    if not verdict:
        messages.error(request, verdict.sentence)
        return redirect_after(request, "member:initiative", "", code)
    # The search for a first user does not carry the tables: without a script they are shown as saved.
    sheet = PeopleSheet(item, request.POST if "rows" in request.POST else None)
    if "save" in request.POST and _saved(item, sheet, person):
        if request.POST["save"] == "stop":
            return redirect_after(request, "member:initiative", _("Đã lưu người tham gia."), code)
        return redirect_after(request, "member:write", _("Đã lưu người tham gia."), code, "cong-nhan")
    words = text.tidy(request.POST.get("q", ""))[:80]
    context = {
        "item": item,
        "sheet": sheet,
        "first_use": FirstUse.objects.filter(initiative=item).first(),
        "words": words,
        "found": _found(item, words),
        **screens("nguoi-tham-gia"),
    }
    return answer(request, "member/writing/people.html", context, status=422 if sheet.fault else 200)


def _saved(item: Initiative, sheet: PeopleSheet, person: Person) -> bool:
    if not sheet.is_valid():
        return False
    try:
        participants.describe_authors(item, sheet.described(), by=person)
        participants.replace(item, sheet.rows(), by=person)
    except Refused as refused:
        sheet.fault = refused.sentence
        return False
    return True


def _found(item: Initiative, words: str) -> list[Person]:
    """Who may have applied it first: anybody on the union's roster but its authors."""
    if len(words) < 2:
        return []
    there = [a.person_id for a in item.authorships.all() if a.person_id]
    roster = people_queries.roster(item.handler).exclude(pk__in=there)
    return list(people_queries.search(roster, words).order_by("sort_key")[:MOST_FOUND])


@signed_in
@require_POST
def ask_first_user(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a person of the roster for their opinion."""
    item, chosen = own_or_404(request, code), request.POST.get("person", "")
    roster = people_queries.roster(item.handler)
    found = roster.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    if found is None:
        raise Http404(chosen)
    try:
        benefits.ask_first_user(item, found, by=desk.person_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect_after(request, "member:people", "", code)
    return redirect_after(request, "member:people", _("Đã gửi lời xin ý kiến."), code)


@signed_in
def first_use(request: HttpRequest, code: str) -> HttpResponse:
    """The page of whoever was asked: what it is about, and their word."""
    person = desk.person_of(request)
    asked = FirstUse.objects.filter(initiative__code=code, person=person).select_related("initiative__unit").first()
    if asked is None or asked.initiative.state == "withdrawn":
        raise Http404(code)
    form = FirstUseForm(request.POST or None)
    if request.method == "POST" and asked.stated_at is None and form.is_valid():
        try:
            benefits.answer_first_use(asked, by=person, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect_after(request, "member:first-use", _("Cảm ơn, ý kiến của bạn đã được ghi."), code)
    context = {"asked": asked, "item": asked.initiative, "form": form}
    return answer(request, "member/pages/first_use.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def object_to_share(request: HttpRequest, code: str) -> HttpResponse:
    """A co-author does not agree with the share."""
    item, person = own_or_404(request, code), desk.person_of(request)
    try:
        shares.object_to(item.authorships.get(person=person), by=person, reason=request.POST.get("reason", ""))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect_after(request, "member:initiative", "", code)
    return redirect_after(request, "member:initiative", _("Đã báo cho các tác giả khác."), code)


@signed_in
@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """A co-author takes the own name back; the dossier is then the others'."""
    item, person = own_or_404(request, code), desk.person_of(request)
    try:
        departures.leave(item, by=person, reason=request.POST.get("reason", ""))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect_after(request, "member:initiative", "", code)
    return redirect_after(request, "member:home", _("Đã rút tên bạn khỏi hồ sơ; các tác giả khác được báo."))


paths = [
    path("sang-kien/<str:code>/viet/nguoi-tham-gia/", people, name="people"),
    path("sang-kien/<str:code>/nguoi-ap-dung/", ask_first_user, name="ask-first-user"),
    path("sang-kien/<str:code>/chua-dong-y/", object_to_share, name="object-to-share"),
    path("sang-kien/<str:code>/rut-ten/", leave, name="leave"),
    path("ap-dung-lan-dau/<str:code>/", first_use, name="first-use"),
]
