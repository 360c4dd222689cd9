"""Posts and rights: who holds what where, give and end, and why somebody may or may not."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import explanations, grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES, Role
from thidua.appointments import queries, rules
from thidua.appointments.domain import posts
from thidua.appointments.forms import EndForm, GrantForm, PersonField, UnitField
from thidua.kernel import clock, paging
from thidua.kernel.verdicts import Refused
from thidua.orgs.models import Unit
from thidua.people.models import Post
from thidua.sites.office import suggestions
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


class WhyForm(forms.Form):
    person = PersonField(label=gettext_lazy("Người"), help_text=gettext_lazy("Mã đoàn viên, số điện thoại hoặc email."))
    permission = forms.ChoiceField(label=gettext_lazy("Được làm gì?"), choices=Permission.choices)
    unit = UnitField(label=gettext_lazy("Ở đơn vị nào?"), help_text=gettext_lazy("Mã đơn vị."))


def _unit(request: HttpRequest, code: str) -> Unit:
    found = Unit.objects.filter(code__iexact=code).select_related("kind")
    unit = grants.visible(desk.person_of(request), Permission.UNIT_VIEW, found, "").first()
    if unit is None:
        raise Http404
    return unit


def _post(request: HttpRequest, pk: int) -> Post:
    post = queries.manageable_by(desk.person_of(request)).filter(pk=pk).first()
    if post is None:
        raise Http404
    return post


@needs(Permission.UNIT_VIEW)
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Posts at a unit and everything below it."""
    unit = _unit(request, code)
    role, former = request.GET.get("vai-tro", ""), request.GET.get("xem") == "cu"
    found = queries.posts_below(unit, role=role if role in ROLES else "", former=former)
    page = paging.page(found, ("unit__lft", "id"), request.GET.get("cursor", ""), 30)
    for post in page.rows:
        post.role_label = ROLES[post.role].label if post.role in ROLES else post.role
    context = {
        "unit": unit,
        "page": page,
        "roles": ROLES,
        "role": role,
        "former": former,
        "may_grant": grants.may(desk.person_of(request), Permission.POST_GRANT, unit),
        "today": clock.today(),
    }
    return answer(request, "office/posts/list.html", context)


@needs(Permission.POST_GRANT)
def new(request: HttpRequest, code: str) -> HttpResponse:
    unit, by = _unit(request, code), desk.person_of(request)
    grants.may(by, Permission.POST_GRANT, unit).or_refuse(forbidden=True)
    roles = rules.roles_for(by, unit)
    form = GrantForm(request.POST or None, roles=roles, initial={"since": clock.today()})
    suggestions.offer(form)
    if request.method == "POST" and form.is_valid():
        try:
            post = posts.grant(unit=unit, by=by, **form.cleaned_data)
            return redirect_after(
                request, "office:posts", _("Đã giao chức danh cho %(name)s.") % {"name": post.person}, unit.code
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"unit": unit, "form": form, "beyond": [(r, v) for r, v in roles if not v]}
    return answer(request, "office/posts/new.html", context, status=422 if request.method == "POST" else 200)


@needs(Permission.POST_GRANT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            posts.end(post, by=desk.person_of(request), **form.cleaned_data)
            return redirect_after(request, "office:posts", _("Đã kết thúc chức danh."), post.unit.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"post": post, "form": form, "unit": post.unit, "role": ROLES[post.role]}
    return answer(request, "office/posts/end.html", context, status=422 if request.method == "POST" else 200)


@needs(Permission.UNIT_VIEW)
def rights(request: HttpRequest) -> HttpResponse:
    """Roles × rights in plain words, on one screen."""
    rows = [(right.label, [(role, _reach(role, right)) for role in ROLES.values()]) for right in Permission]
    return answer(request, "office/posts/rights.html", {"roles": ROLES.values(), "rows": rows})


def _reach(role: Role, permission: Permission) -> str:
    if permission in role.below:
        return "below"
    if permission in role.sections:
        return "sections"
    return "own" if permission in role.own else ""


@needs(Permission.POST_GRANT)
def why(request: HttpRequest) -> HttpResponse:
    """Why may, or may not, this person do that there? Only about places within one's own rights."""
    by = desk.person_of(request)
    form = WhyForm(request.GET or None)
    suggestions.offer(form)
    explanation = None
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        within = grants.may(by, Permission.POST_GRANT, asked["unit"])
        known = grants.may(by, Permission.POST_GRANT, asked["person"].unit)
        if within and known:
            explanation = explanations.explain(asked["person"], Permission(asked["permission"]), asked["unit"])
        else:
            form.add_error("person" if within else "unit", _("Không thuộc phạm vi bạn quản lý."))
    asked = form.cleaned_data if form.is_bound else {}
    right = Permission(asked["permission"]).label if "permission" in asked else ""
    context = {"form": form, "explanation": explanation, "asked": asked, "right": right}
    return answer(request, "office/posts/why.html", context)


paths = [
    path("don-vi/<slug:code>/chuc-danh/", index, name="posts"),
    path("don-vi/<slug:code>/chuc-danh/giao/", new, name="post-new"),
    path("chuc-danh/<int:pk>/ket-thuc/", end, name="post-end"),
    path("quyen/", rights, name="rights"),
    path("quyen/vi-sao/", why, name="why"),
]
