"""Units and people: the tree one node a page, the roster with search."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.kernel import clock, paging
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.domain import rosters
from thidua.people.models import Post
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


class PersonForm(forms.Form):
    full_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    code = forms.CharField(
        label=gettext_lazy("Mã đoàn viên"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Để trống thì hệ thống đặt mã."),
    )
    phone = forms.CharField(label=gettext_lazy("Số điện thoại"), max_length=20, required=False)
    email = forms.EmailField(label=gettext_lazy("Email"), required=False)
    job_title = forms.CharField(label=gettext_lazy("Nghề nghiệp, chức danh"), max_length=120, required=False)
    is_direct_worker = forms.BooleanField(label=gettext_lazy("Người lao động trực tiếp"), required=False)


def _unit(request: HttpRequest, code: str) -> Unit:
    unit = org_queries.by_code(code)
    visible = Unit.objects.filter(pk=unit.pk) if unit else Unit.objects.none()
    if unit is None or not grants.visible(desk.person_of(request), Permission.UNIT_VIEW, visible, "").exists():
        raise Http404
    return unit


@needs(Permission.UNIT_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Search over the units within one's rights; without words, the desk's own page."""
    words = request.GET.get("q", "").strip()
    person = desk.person_of(request)
    if not words:
        unit = desk.unit_of(request)
        return show(request, unit.code)  # type: ignore[return-value]
    found = org_queries.search(grants.visible(person, Permission.UNIT_VIEW, org_queries.active(), ""), words)
    page = paging.page(found, ("sort_key", "id"), request.GET.get("cursor", ""))
    return answer(request, "office/units/search.html", {"page": page, "words": words})


@needs(Permission.UNIT_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    person = desk.person_of(request)
    children = list(org_queries.children(unit)[:200])
    above = org_queries.ancestors(unit)
    members = org_queries.members_of([unit, *children])
    context: dict[str, Any] = {
        "unit": unit,
        "path": above,
        "may_climb": set(grants.visible(person, Permission.UNIT_VIEW, above, "").values_list("pk", flat=True)),
        "children": children,
        "headcount": unit.headcounts.order_by("-on").first(),
        "posts": Post.objects.filter(unit=unit, valid__contains=clock.today())
        .select_related("person")
        .order_by("role", "pk"),
        "roles": ROLES,
        "names": unit.names.order_by("valid"),
        "may_manage": grants.may(person, Permission.PERSON_MANAGE, unit),
        "changes": unit.changes.all(),
    }
    context |= {"rows": [(child, members[child.pk]) for child in children], "own_members": members[unit.pk]}
    return answer(request, "office/units/show.html", context)


@needs(Permission.UNIT_VIEW)
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The roster of a unit and all below it."""
    unit = _unit(request, code)
    words = request.GET.get("q", "")
    found = people_queries.search(people_queries.roster(unit), words)
    page = paging.page(found, ("sort_key", "id"), request.GET.get("cursor", ""), 30)
    context = {
        "unit": unit,
        "page": page,
        "words": words,
        "how_many": paging.bounded_count(found),
        "may_manage": grants.may(desk.person_of(request), Permission.PERSON_MANAGE, unit),
    }
    return answer(request, "office/units/people.html", context)


@needs(Permission.PERSON_MANAGE)
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Put somebody on the roster."""
    unit = _unit(request, code)
    by = desk.person_of(request)
    grants.may(by, Permission.PERSON_MANAGE, unit).or_refuse(forbidden=True)
    form = PersonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person = rosters.enter(unit=unit, by=by, **form.cleaned_data)
                return redirect_after(request, "office:people", _("Đã thêm %(name)s.") % {"name": person}, unit.code)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return answer(request, "office/units/enter.html", {"unit": unit, "form": form}, status=status)


paths = [
    path("don-vi/", index, name="units"),
    path("don-vi/<slug:code>/", show, name="unit"),
    path("don-vi/<slug:code>/doan-vien/", people, name="people"),
    path("don-vi/<slug:code>/doan-vien/them/", enter, name="person-new"),
]
