"""Councils of a unit: their decision, term, rules and members; what each person has to judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.forms import DayField
from thidua.kernel import clock, paging, text
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.people import queries as people_queries
from thidua.people.models import Person
from thidua.review import queries, rules
from thidua.review.choices import Chair
from thidua.review.domain import councils as verbs
from thidua.review.domain import sessions as session_verbs
from thidua.review.models import Council
from thidua.sites.shell import desk
from thidua.sites.shell.access import fully_signed_in, needs
from thidua.sites.shell.answers import answer, redirect_after


class CouncilForm(forms.Form):
    """What the decision that sets a council up says."""

    name = forms.CharField(label=gettext_lazy("Tên hội đồng"), max_length=200)
    decision_number = forms.CharField(label=gettext_lazy("Số quyết định thành lập"), max_length=60)
    decided_on = DayField(label=gettext_lazy("Ngày quyết định"))
    term_from = DayField(label=gettext_lazy("Nhiệm kỳ từ ngày"))
    term_to = DayField(label=gettext_lazy("Đến hết ngày (để trống nếu chưa định)"), required=False)
    ruleset = forms.ChoiceField(label=gettext_lazy("Cách biểu quyết"))
    is_secret = forms.BooleanField(
        label=gettext_lazy("Bỏ phiếu kín: chỉ cho biết tổng số phiếu"), required=False, initial=True
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        field = self.fields["ruleset"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, rule.name) for key, rule in rules.rulesets(clock.today()).items()]


class SessionForm(forms.Form):
    held_on = DayField(label=gettext_lazy("Ngày họp, cũng là hạn chấm"))
    place = forms.CharField(label=gettext_lazy("Nơi họp"), required=False, max_length=200)


def council_or_404(request: HttpRequest, code: str) -> Council:
    found = queries.councils_for(desk.person_of(request)).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


@fully_signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What one has to judge, and the councils one sits in or runs."""
    person, unit = desk.person_of(request), desk.unit_of(request)
    page = paging.page(queries.councils_for(person), ("-term_from", "-id"), request.GET.get("cursor", ""))
    context = {
        "waiting": list(queries.to_judge(person)[:50]),
        "page": page,
        "unit": unit,
        "may_set_up": bool(grants.may(person, Permission.COUNCIL_MANAGE, unit)),
    }
    return answer(request, "office/councils/home.html", context)


@needs(Permission.COUNCIL_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Set a council up for the desk's unit."""
    person, unit = desk.person_of(request), desk.unit_of(request)
    grants.may(person, Permission.COUNCIL_MANAGE, unit).or_refuse(forbidden=True)
    first = {"name": _("Hội đồng sáng kiến %(unit)s") % {"unit": unit.short_name}, "term_from": clock.today()}
    form = CouncilForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            council = verbs.set_up(unit, by=person, **form.cleaned_data)
            return redirect_after(request, "office:council", _("Đã lập hội đồng. Hãy thêm thành viên."), council.code)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"form": form, "unit": unit}
    return answer(request, "office/councils/new.html", context, status=422 if form.errors else 200)


@fully_signed_in
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Members and sessions."""
    council, person = council_or_404(request, code), desk.person_of(request)
    return answer(request, "office/councils/council.html", _page(request, council, person))


def _page(request: HttpRequest, council: Council, person: Person, **more: Any) -> dict[str, Any]:
    words = text.tidy(request.GET.get("q", "") or request.POST.get("q", ""))
    may_change = bool(grants.may(person, Permission.COUNCIL_MANAGE, council.unit))
    # A council may seat experts of other units: everybody under the highest unit the officer manages is found.
    found = people_queries.search(people_queries.people().filter(left_on__isnull=True), words) if words else None
    sessions = queries.sessions_for(person).filter(council=council)
    return {
        "council": council,
        "seats": [s for s in council.seats.all() if s.left_on is None],
        "rule": rules.rulesets(clock.today())[council.ruleset],
        "roles": Chair.choices,
        "words": words,
        "found": list(found.order_by("sort_key")[:10]) if found is not None and may_change else [],
        "may_change": may_change,
        "may_manage": bool(rules.may_manage(person, council)),
        "page": paging.page(sessions, ("-held_on", "-id"), request.GET.get("cursor", "")),
        "session_form": SessionForm(initial={"held_on": clock.today()}),
        **more,
    }


@needs(Permission.COUNCIL_MANAGE)
@require_POST
def seat(request: HttpRequest, code: str) -> HttpResponse:
    """Give a seat to somebody found, or take one."""
    council, person = council_or_404(request, code), desk.person_of(request)
    try:
        if gone := request.POST.get("unseat"):
            place = next((s for s in council.seats.all() if str(s.pk) == gone), None)
            if place is None:
                raise Http404(gone)
            verbs.unseat(place, by=person)
            return redirect_after(request, "office:council", _("Đã cho thôi thành viên."), code)
        wanted = request.POST.get("person", "")
        chosen = people_queries.people().filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
        if chosen is None:
            raise Refused(_("Hãy chọn một người trong danh sách."))
        role = request.POST.get("role", "")
        title = request.POST.get("title", "")
        verbs.seat(council, chosen, by=person, role=role if role in Chair.values else Chair.MEMBER, title=title)
    except Forbidden:
        raise
    except Refused as refused:
        context = _page(request, council, person, fault=refused.sentence)
        return answer(request, "office/councils/council.html", context, status=422)
    return redirect_after(request, "office:council", _("Đã thêm thành viên."), code)


@fully_signed_in
@require_POST
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """A new session."""
    council, person = council_or_404(request, code), desk.person_of(request)
    form = SessionForm(request.POST)
    if form.is_valid():
        try:
            session = session_verbs.plan(council, by=person, **form.cleaned_data)
            return redirect_after(request, "office:session", _("Đã lập phiên họp. Hãy chọn hồ sơ."), session.code)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = _page(request, council, person, session_form=form)
    return answer(request, "office/councils/council.html", context, status=422)


paths = [
    path("hoi-dong/", home, name="councils"),
    path("hoi-dong/moi/", new, name="council-new"),
    path("hoi-dong/<str:code>/", show, name="council"),
    path("hoi-dong/<str:code>/thanh-vien/", seat, name="council-seat"),
    path("hoi-dong/<str:code>/phien-moi/", plan, name="council-plan"),
]
