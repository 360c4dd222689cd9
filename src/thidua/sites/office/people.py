"""The roster of a unit and the page of a person: enter, correct, transfer, pause, leave, come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.kernel import clock
from thidua.kernel.sheets.importers import Scope
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger.models import Act
from thidua.orgs import mentions
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import duplicates, queries
from thidua.people import forms as people_forms
from thidua.people.choices import RosterFilter
from thidua.people.domain import absences, moves, rosters
from thidua.people.models import Merger, Person
from thidua.sites.office import suggestions
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after

ACCOUNT_FILTER = (("co", gettext_lazy("Đã có tài khoản")), ("chua", gettext_lazy("Chưa có tài khoản")))


def unit_seen(request: HttpRequest, code: str) -> Unit:
    """A unit whose roster the officer may read; else it does not exist."""
    unit = org_queries.by_code(code)
    if unit is None or not grants.may(desk.person_of(request), Permission.UNIT_VIEW, unit):
        raise Http404(code)
    return unit


def person_seen(request: HttpRequest, code: str) -> Person:
    found = queries.people().select_related("unit__kind", "account", "merged_into").filter(code=code)
    person = grants.visible(desk.person_of(request), Permission.UNIT_VIEW, found).first()
    if person is None:
        raise Http404(code)
    return person


@needs(Permission.UNIT_VIEW)
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The roster of a unit and all below it; names that nearly match when none does."""
    unit, given = unit_seen(request, code), request.GET
    words, state, account = given.get("q", "").strip(), given.get("tinh-trang", ""), given.get("tai-khoan", "")
    everybody = queries.narrowed(queries.sought(unit, words), state, account)
    if words or state or account:
        page, how_many = queries.found_page(everybody, words, given.get("cursor", ""))
    else:
        page, how_many = queries.roster_page(unit, given.get("cursor", ""))
    near = list(queries.alike(unit, words, state, account)[:10]) if words and not page.rows else []
    context = {
        "unit": unit,
        "page": page,
        "near": near,
        "away": queries.absent(page.rows),
        "words": words,
        "state": state,
        "account": account,
        "states": RosterFilter.choices,
        "accounts": ACCOUNT_FILTER,
        "how_many": how_many,
        "may_manage": grants.may(desk.person_of(request), Permission.PERSON_MANAGE, unit),
    }
    return answer(request, "office/people/list.html", context)


@needs(Permission.PERSON_MANAGE)
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Put somebody on the roster, after a look at who may be the same person."""
    unit, by = unit_seen(request, code), desk.person_of(request)
    grants.may(by, Permission.PERSON_MANAGE, unit).or_refuse(forbidden=True)
    form = people_forms.NewPersonForm(request.POST or None)
    alike: list[Person] = []
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        if "sure" not in request.POST:
            alike = duplicates.like(unit, given["full_name"], given["birth_year"])
        if not alike:
            gender = given.pop("gender")
            given["is_woman"] = {"woman": True, "man": False}.get(gender)
            made = _try(form, lambda: rosters.enter(unit=unit, by=by, **given))
            if made:
                return redirect_after(request, "office:person", _("Đã thêm %(name)s.") % {"name": made}, made.code)
    context = {"unit": unit, "form": form, "alike": alike}
    return answer(request, "office/people/enter.html", context, status=422 if form.is_bound else 200)


def _try(form: forms.Form, verb: Callable[[], Any]) -> Any:
    """The verb's answer; or None, with its refusal at the field."""
    try:
        return verb() or True
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None


@needs(Permission.UNIT_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Who, where since when, which posts, and what was done to the record."""
    person, by = person_seen(request, code), desk.person_of(request)
    may_manage = grants.may(by, Permission.PERSON_MANAGE, person.unit)
    mergers = Merger.objects.filter(kept=person, undone_at__isnull=True).select_related("dropped")
    subjects = [person.pk, *(merger.dropped_id for merger in mergers)]
    context = {
        "subject": person,
        "memberships": person.memberships.select_related("unit").order_by("-valid"),
        "posts": [(post, ROLES.get(post.role)) for post in person.posts.select_related("unit").order_by("-valid")],
        "absence": queries.absence_of(person),
        "absences": person.absences.order_by("-valid"),
        "mergers": mergers,
        "acts": Act.objects.filter(subject_type="people.person", subject_id__in=subjects).order_by("id"),
        "may_manage": may_manage,
        "shows_contact": bool(may_manage),
        "today": clock.today(),
    }
    return answer(request, "office/people/show.html", context)


def _managed(request: HttpRequest, code: str) -> Person:
    person = person_seen(request, code)
    grants.may(desk.person_of(request), Permission.PERSON_MANAGE, person.unit).or_refuse(forbidden=True)
    return person


def _target(request: HttpRequest, typed: str) -> Unit:
    """The unit that was typed, which must be one the officer manages people of."""
    by = desk.person_of(request)
    everywhere = Scope(tuple((u.lft, u.rgt) for u in grants.units_where(by, Permission.PERSON_MANAGE)))
    found = mentions.named([typed], everywhere).get(typed, [])
    if len(found) > 1:
        raise Refused(_("Có nhiều đơn vị tên này: hãy ghi mã."), field="unit")
    if not found or not grants.may(by, Permission.PERSON_MANAGE, found[0]):
        raise Refused(_("Không có đơn vị này trong phạm vi của bạn: hãy đề nghị cán bộ cấp trên chuyển."), field="unit")
    return found[0]


@needs(Permission.PERSON_MANAGE)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    person = _managed(request, code)
    form = people_forms.PersonForm(request.POST or None, initial=people_forms.PersonForm.initial_of(person))
    return _act(request, person, form, _("Sửa thông tin"), _("Đã lưu."), rosters.amend, with_values=True)


@needs(Permission.PERSON_MANAGE)
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    person = _managed(request, code)
    form = people_forms.TransferForm(request.POST or None, initial={"on": clock.today()})

    def verb(person: Person, *, by: Person, unit: str, **given: Any) -> None:
        moves.transfer(person, _target(request, unit), by=by, **given)

    return _act(request, person, form, _("Chuyển đơn vị"), _("Đã ghi nhận chuyển đơn vị."), verb)


@needs(Permission.PERSON_MANAGE)
def leave(request: HttpRequest, code: str) -> HttpResponse:
    person = _managed(request, code)
    form = people_forms.LeaveForm(request.POST or None, initial={"on": clock.today()})
    return _act(request, person, form, _("Ghi nhận thôi"), _("Đã ghi nhận thôi."), moves.leave)


@needs(Permission.PERSON_MANAGE)
def come_back(request: HttpRequest, code: str) -> HttpResponse:
    person = _managed(request, code)
    initial = {"on": clock.today(), "unit": person.unit.code}
    form = people_forms.ReturnForm(request.POST or None, initial=initial)

    def verb(person: Person, *, by: Person, unit: str, on: Any) -> None:
        moves.come_back(person, _target(request, unit), on=on, by=by)

    return _act(request, person, form, _("Ghi nhận trở lại"), _("Đã ghi nhận trở lại."), verb)


@needs(Permission.PERSON_MANAGE)
def pause(request: HttpRequest, code: str) -> HttpResponse:
    person = _managed(request, code)
    form = people_forms.PauseForm(request.POST or None, initial={"since": clock.today()})
    return _act(request, person, form, _("Ghi nhận tạm nghỉ"), _("Đã ghi nhận tạm nghỉ."), absences.pause)


@needs(Permission.PERSON_MANAGE)
def resume(request: HttpRequest, code: str) -> HttpResponse:
    person = _managed(request, code)
    absence = queries.absence_of(person)
    if absence is None:
        raise Http404(code)
    form = people_forms.ResumeForm(request.POST or None, initial={"on": clock.today()})

    def verb(person: Person, *, by: Person, on: Any) -> None:
        absences.resume(absence, on=on, by=by)

    return _act(request, person, form, _("Ghi nhận đi làm lại"), _("Đã ghi nhận đi làm lại."), verb)


def _act(
    request: HttpRequest,
    person: Person,
    form: forms.Form,
    heading: str,
    done: str,
    verb: Callable[..., Any],
    *,
    with_values: bool = False,
) -> HttpResponse:
    """One small form about a person; what was typed stays when it is refused."""
    suggestions.offer(form)
    by = desk.person_of(request)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if _try(form, lambda: verb(person, given, by=by) if with_values else verb(person, by=by, **given)):
            return redirect_after(request, "office:person", done, person.code)
    context = {"subject": person, "form": form, "heading": heading}
    return answer(request, "office/people/act.html", context, status=422 if form.is_bound else 200)


paths = [
    path("don-vi/<slug:code>/doan-vien/", people, name="people"),
    path("don-vi/<slug:code>/doan-vien/them/", enter, name="person-new"),
    path("doan-vien/<str:code>/", show, name="person"),
    path("doan-vien/<str:code>/sua/", edit, name="person-edit"),
    path("doan-vien/<str:code>/chuyen/", transfer, name="person-transfer"),
    path("doan-vien/<str:code>/thoi/", leave, name="person-leave"),
    path("doan-vien/<str:code>/tro-lai/", come_back, name="person-return"),
    path("doan-vien/<str:code>/tam-nghi/", pause, name="person-pause"),
    path("doan-vien/<str:code>/di-lam-lai/", resume, name="person-resume"),
]
