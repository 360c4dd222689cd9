"""Kinds of units: everybody sees them; who manages the unit at the top adds and renames."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries, sums
from thidua.orgs.choices import Rank
from thidua.orgs.domain import kinds
from thidua.orgs.models import Unit
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên loại đơn vị"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Tên tiếng Anh"), max_length=120)


class KindForm(NameForm):
    rank = forms.TypedChoiceField(label=gettext_lazy("Cấp"), choices=Rank.choices, coerce=int)
    is_grassroots = forms.BooleanField(
        label=gettext_lazy("Trực tiếp nhận và công nhận sáng kiến của đoàn viên"),
        required=False,
        help_text=gettext_lazy("Chỉ công đoàn cơ sở, nghiệp đoàn cơ sở hoặc cấp dưới. Sau này không đổi được."),
    )


def _top(request: HttpRequest) -> Unit:
    """Kinds hold for the whole installation: they are kept at its top unit."""
    top = queries.units().filter(parent=None, ended_on=None).order_by("lft").first()
    if top is None:
        raise Http404
    return top


@needs(Permission.UNIT_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    top = _top(request)
    working = sums.figures("kind", [0], [top])[top.pk, 0]
    rows = [(kind, Rank(kind.rank).label, working[kind.code]) for kind in queries.kinds().order_by("rank", "code")]
    may_manage = grants.may(desk.person_of(request), Permission.UNIT_MANAGE, top)
    context = {"rows": rows, "may_manage": may_manage, "unit": desk.unit_of(request), "top": top}
    return answer(request, "office/kinds/list.html", context)


@needs(Permission.UNIT_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    top, by = _top(request), desk.person_of(request)
    grants.may(by, Permission.UNIT_MANAGE, top).or_refuse(forbidden=True)
    form = KindForm(request.POST or None, initial={"rank": Rank.UPPER})
    if request.method == "POST" and form.is_valid():
        try:
            kind = kinds.add(top=top, by=by, **form.cleaned_data)
            return redirect_after(request, "office:kinds", _("Đã thêm loại «%(name)s».") % {"name": kind.name})
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
    return _form(request, form, {"title": _("Thêm loại đơn vị"), "wanted": _("Thêm")})


@needs(Permission.UNIT_MANAGE)
def rename(request: HttpRequest, kind: str) -> HttpResponse:
    top, by = _top(request), desk.person_of(request)
    grants.may(by, Permission.UNIT_MANAGE, top).or_refuse(forbidden=True)
    found = queries.kinds().filter(pk=kind).first()
    if found is None:
        raise Http404
    form = NameForm(request.POST or None, initial={"name": found.name, "name_en": found.name_en})
    if request.method == "POST" and form.is_valid():
        try:
            kinds.rename(found, top=top, by=by, **form.cleaned_data)
            return redirect_after(request, "office:kinds", _("Đã lưu tên loại đơn vị."))
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
    return _form(request, form, {"title": _("Đổi tên loại đơn vị"), "wanted": _("Lưu"), "kind": found})


def _form(request: HttpRequest, form: forms.Form, told: dict[str, Any]) -> HttpResponse:
    context = {"form": form, "unit": desk.unit_of(request), **told}
    return answer(request, "office/kinds/form.html", context, status=422 if request.method == "POST" else 200)


paths = [
    path("loai-don-vi/", index, name="kinds"),
    path("loai-don-vi/them/", new, name="kind-new"),
    path("loai-don-vi/<slug:kind>/", rename, name="kind-rename"),
]
