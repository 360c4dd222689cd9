"""Targets a unit sets itself, beside those it was given."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Refused
from thidua.programmes import queries as programme_queries
from thidua.sites.office.targets import PLACE, node
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after
from thidua.targets import queries
from thidua.targets.domain import owning
from thidua.targets.forms import OwnTargetForm


@needs(Permission.TARGET_ACCEPT)
def write(request: HttpRequest, programme_code: str, unit_code: str, pk: int = 0) -> HttpResponse:
    """A new target of the unit's own, or a change of one."""
    programme, unit = node(request, programme_code, unit_code)
    person = desk.person_of(request)
    grants.may(person, Permission.TARGET_ACCEPT, unit).or_refuse(forbidden=True)
    target = queries.target_for(unit, pk) if pk else None
    if pk and (target is None or target.programme_id != programme.pk):
        raise Http404
    initial = OwnTargetForm.saved(target) if target else {}
    known = list(programme_queries.indicators())
    form = OwnTargetForm(request.POST or None, programme=programme, indicators=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            owning.write(programme, unit, form.wanted(), by=person, target=target)
            return redirect_after(request, "office:targets", _("Đã ghi chỉ tiêu."), programme.code, unit.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"programme": programme, "unit": unit, "form": form, "target": target}
    return answer(request, "office/targets/write.html", context, status=422 if form.errors else 200)


@needs(Permission.TARGET_ACCEPT)
@require_POST
def remove(request: HttpRequest, programme_code: str, unit_code: str, pk: int) -> HttpResponse:
    programme, unit = node(request, programme_code, unit_code)
    target = queries.target_for(unit, pk)
    if target is None or target.programme_id != programme.pk:
        raise Http404
    owning.remove(target, by=desk.person_of(request))
    return redirect_after(request, "office:targets", _("Đã bỏ chỉ tiêu."), programme.code, unit.code)


paths = [
    path(f"{PLACE}rieng/", write, name="target-new"),
    path(f"{PLACE}rieng/<int:pk>/", write, name="target-write"),
    path(f"{PLACE}rieng/<int:pk>/bo/", remove, name="target-remove"),
]
