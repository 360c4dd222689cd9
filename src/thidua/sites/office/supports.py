"""What employers and authorities give to a plan: listed, recorded, summed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.kernel import clock, paging
from thidua.kernel.verdicts import Refused
from thidua.programmes import queries, rules
from thidua.programmes.choices import Party
from thidua.programmes.domain import supports
from thidua.programmes.forms.steps import Given
from thidua.programmes.models import Plan, Support
from thidua.sites.office.plans import at_desk
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


def _plan(request: HttpRequest, code: str) -> Plan:
    plan = queries.plan_for(desk.person_of(request), code)
    if plan is None or not plan.is_issued:
        raise Http404
    return plan


@needs(Permission.PLAN_VIEW)
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """Every support at and below the unit at the desk, and the form to record one."""
    plan, person, unit = _plan(request, code), desk.person_of(request), desk.unit_of(request)
    form, status = Given(request.POST or None, initial={"given_on": clock.today()}), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                supports.record(plan, unit, by=person, **form.cleaned_data)
                return redirect_after(request, "office:plan-supports", _("Đã ghi hỗ trợ."), plan.code)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        status = 422
    found = queries.supports_visible_to(person, plan)
    sums = queries.support_sums(person, plan)
    context = {
        "plan": plan,
        "page": paging.page(found, ("-given_on", "-pk"), request.GET.get("cursor", "")),
        "sums": [(label, sums[party]) for party, label in Party.choices if sums[party]],
        "count": sums["count"],
        "form": form,
        "may_record": plan.unit.covers(unit) and bool(rules.may_receive(person, unit)),
        "unit": unit,
    }
    return answer(request, "office/plans/supports.html", context | at_desk(plan, person, unit), status=status)


@needs(Permission.PLAN_RECEIVE)
@require_POST
def drop(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    plan = _plan(request, code)
    support = Support.objects.select_related("unit", "plan").filter(plan=plan, pk=pk).first()
    if support is None:
        raise Http404
    supports.drop(support, by=desk.person_of(request))
    return redirect_after(request, "office:plan-supports", _("Đã xoá."), plan.code)


paths = [
    path("ke-hoach/<slug:code>/ho-tro/", listing, name="plan-supports"),
    path("ke-hoach/<slug:code>/ho-tro/<int:pk>/xoa/", drop, name="plan-support-drop"),
]
