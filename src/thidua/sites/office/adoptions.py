"""Adopting published initiatives and reporting the effect."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries
from thidua.initiatives.domain import adoptions
from thidua.initiatives.forms import DayField, MoneyField
from thidua.kernel import paging
from thidua.kernel.verdicts import Refused
from thidua.sites.office import repeats
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


class EffectReportForm(forms.Form):
    applied_on = DayField(label=gettext_lazy("Ngày áp dụng tại đơn vị"))
    effect = forms.CharField(
        label=gettext_lazy("Kết quả áp dụng"), min_length=10, widget=forms.Textarea(attrs={"rows": 4})
    )
    adapted = forms.CharField(
        label=gettext_lazy("Đã điều chỉnh gì so với bản gốc?"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    benefit = MoneyField(label=gettext_lazy("Giá trị làm lợi một năm tại đơn vị (đồng), nếu có"), required=False)


REGISTERED = "initiatives.adoption.registered"


@needs(Permission.ADOPTION_REGISTER)
def index(request: HttpRequest) -> HttpResponse:
    unit = desk.unit_of(request)
    page = paging.page(queries.adoptions_by(unit), ("-registered_on", "-id"), request.GET.get("cursor", ""))
    return answer(request, "office/adoptions/list.html", {"page": page, "unit": unit})


@needs(Permission.ADOPTION_REGISTER)
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    """Register that one's unit means to apply a published initiative."""
    initiative = queries.public_by_code(code)
    if initiative is None:
        raise Http404
    unit, person = desk.unit_of(request), desk.person_of(request)
    fault = ""
    if request.method == "POST":
        try:
            adoptions.register(initiative, unit, by=person, intention=request.POST.get("intention", ""))
            return redirect_after(
                request, "office:adoptions", _("Đã đăng ký áp dụng. Tác giả và đơn vị bạn đã được báo.")
            )
        except Refused as refused:
            fault = refused.sentence
            if any(
                repeats.is_last_act(a, REGISTERED, person)
                for a in queries.adoptions_by(unit).filter(initiative=initiative)
            ):
                return redirect_after(request, "office:adoptions", repeats.said())
    context = {"initiative": initiative, "unit": unit, "fault": fault, "typed": request.POST.get("intention", "")}
    return answer(request, "office/adoptions/adopt.html", context, status=422 if fault else 200)


@needs(Permission.ADOPTION_REGISTER)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    person = desk.person_of(request)
    mine = grants.visible(person, Permission.ADOPTION_REGISTER, queries.adoptions_by(desk.unit_of(request)))
    adoption = mine.filter(pk=pk).first()
    if adoption is None:
        raise Http404
    form = EffectReportForm(
        request.POST or None, initial={"effect": adoption.effect, "applied_on": adoption.applied_on}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                adoptions.report_effect(adoption, by=person, **form.cleaned_data)
                return redirect_after(request, "office:adoptions", _("Đã ghi kết quả áp dụng."))
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return answer(request, "office/adoptions/report.html", {"adoption": adoption, "form": form}, status=status)


paths = [
    path("nhan-rong/", index, name="adoptions"),
    path("nhan-rong/dang-ky/<slug:code>/", adopt, name="adopt"),
    path("nhan-rong/<int:pk>/", report, name="adoption-report"),
]
