"""What a unit states of itself: headcounts by date, and how its papers are marked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.orgs.choices import Employer
from thidua.orgs.domain import descriptions, headcounts
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


class HeadcountForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Tính đến ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    members = forms.IntegerField(label=gettext_lazy("Đoàn viên"), min_value=0)
    women = forms.IntegerField(label=gettext_lazy("Trong đó nữ"), min_value=0, required=False)
    direct_workers = forms.IntegerField(label=gettext_lazy("Lao động trực tiếp"), min_value=0, required=False)


class DescriptionForm(forms.Form):
    symbol = forms.CharField(
        label=gettext_lazy("Chữ viết tắt trong số, ký hiệu văn bản"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Ví dụ CĐYT trong 17/KH-CĐYT."),
    )
    place = forms.CharField(label=gettext_lazy("Địa danh trên văn bản"), max_length=120, required=False)
    sector = forms.CharField(
        label=gettext_lazy("Ngành"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Viết như các đơn vị cùng ngành, ví dụ Y tế, Giáo dục, Dệt may, Công Thương."),
    )
    employer = forms.ChoiceField(label=gettext_lazy("Loại hình sử dụng lao động"), choices=Employer.choices)
    accepts_open_filing = forms.BooleanField(
        label=gettext_lazy("Nhận sáng kiến gửi qua mã QR không cần tài khoản"),
        required=False,
        help_text=gettext_lazy("Hồ sơ chờ cán bộ xác nhận người gửi."),
    )


def _unit(request: HttpRequest, code: str, *permissions: Permission) -> Unit:
    unit = Unit.objects.filter(code__iexact=code).select_related("kind").first()
    by = desk.person_of(request)
    if unit is None or not any(grants.may(by, permission, unit) for permission in permissions):
        raise Http404
    return unit


@needs(Permission.PERSON_MANAGE, Permission.UNIT_MANAGE)
def headcount(request: HttpRequest, code: str) -> HttpResponse:
    """The headcounts a unit has declared, and a form to declare one; the roster gives a first guess."""
    unit = _unit(request, code, Permission.PERSON_MANAGE, Permission.UNIT_MANAGE)
    counted = people_queries.headcount_of(unit)
    form = HeadcountForm(request.POST or None, initial={"on": clock.today(), **counted})
    if request.method == "POST" and form.is_valid():
        try:
            headcounts.declare(unit, by=desk.person_of(request), **form.cleaned_data)
            return redirect_after(request, "office:unit-headcount", _("Đã ghi số đoàn viên."), unit.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context: dict[str, Any] = {
        "unit": unit,
        "form": form,
        "counted": counted,
        "rows": unit.headcounts.order_by("-on")[:60],
    }
    return answer(request, "office/units/headcount.html", context, status=422 if request.method == "POST" else 200)


@needs(Permission.UNIT_MANAGE)
def describe(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code, Permission.UNIT_MANAGE)
    form = DescriptionForm(request.POST or None, initial={name: getattr(unit, name) for name in descriptions.FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            descriptions.describe(unit, by=desk.person_of(request), **form.cleaned_data)
            return redirect_after(request, "office:unit", _("Đã lưu."), unit.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"unit": unit, "form": form}
    return answer(request, "office/units/describe.html", context, status=422 if request.method == "POST" else 200)


paths = [
    path("don-vi/<slug:code>/so-doan-vien/", headcount, name="unit-headcount"),
    path("don-vi/<slug:code>/thong-tin/", describe, name="unit-describe"),
]
