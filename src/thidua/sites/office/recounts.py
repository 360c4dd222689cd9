"""Before a programme's rules change: who would gain, who would lose, and why. Nothing is written here."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.domain.files import XLSX
from thidua.initiatives.forms import DayField
from thidua.programmes import queries
from thidua.programmes.choices import BEFORE_ISSUE, PhaseBy
from thidua.programmes.models import Programme
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download
from thidua.tallies import exports
from thidua.tallies import queries as tally_queries
from thidua.tallies.domain import previews


class RulesForm(forms.Form):
    """The rules of a programme, to be tried."""

    eligible_from = DayField(label=_("Áp dụng lần đầu từ ngày"), required=False)
    eligible_to = DayField(label=_("Áp dụng lần đầu đến ngày"), required=False)
    needs_recognition = forms.BooleanField(label=_("Phải được công nhận"), required=False)
    phase_by = forms.ChoiceField(label=_("Tính vào giai đoạn theo"), choices=PhaseBy.choices)

    @classmethod
    def of(cls, programme: Programme, request: HttpRequest) -> RulesForm:
        now = {name: getattr(programme, name) for name in cls.base_fields}
        return cls(request.GET if "phase_by" in request.GET else None, initial=now)


@needs(Permission.PLAN_WRITE)
def trial(request: HttpRequest, code: str) -> HttpResponse:
    """Try other rules on everything filed so far."""
    person = desk.person_of(request)
    programme = queries.programme_for(person, code)
    if programme is None or not programme.counts_initiatives:
        raise Http404(code)
    grants.may(person, Permission.PLAN_WRITE, programme.unit).or_refuse(forbidden=True)
    form, found = RulesForm.of(programme, request), None
    if form.is_bound and form.is_valid():
        # A phase may narrow the window of its own; trying a programme-wide window leaves that as it is.
        proposed = replace(tally_queries.rules_of(programme), **form.cleaned_data)
        found = previews.difference(programme, proposed, reader=person)
        if "tai" in request.GET:
            return _sheet([(programme, found)], programme.short_name, programme.code)
    drafts = programme.plan.amended_by.filter(state__in=BEFORE_ISSUE)
    context = {"programme": programme, "form": form, "rows": _rows([(programme, found)]), "draft": drafts.first()}
    return answer(request, "office/recounts/trial.html", context, status=422 if form.errors else 200)


@needs(Permission.PLAN_WRITE)
def amendment(request: HttpRequest, code: str) -> HttpResponse:
    """What issuing an amendment would do to the count, programme by programme."""
    person = desk.person_of(request)
    plan = queries.plan_for(person, code)
    if plan is None or plan.amends_id is None:
        raise Http404(code)
    grants.may(person, Permission.PLAN_WRITE, plan.unit).or_refuse(forbidden=True)
    copies = plan.programmes.select_related("origin__unit", "unit").prefetch_related("phases", "origin__phases")
    pairs = [pair for copy in copies if (pair := previews.of_amendment(copy, person))]
    if "tai" in request.GET and pairs:
        return _sheet(pairs, plan.title, plan.code)
    return answer(request, "office/recounts/amendment.html", {"plan": plan, "rows": _rows(pairs)})


def _sheet(pairs: list[exports.Pair], title: str, code: str) -> HttpResponse:
    """The whole difference, to be taken along and discussed before anything is issued."""
    made = exports.of_differences(pairs, f"{_('Thay đổi kết quả tính')} – {title}")
    return download(made, f"thay-doi-ket-qua-{code}.xlsx", XLSX)


def _rows(pairs):  # type: ignore[no-untyped-def]
    """(programme, difference, [(heading, tone, shifts, how many)])"""
    return [
        (
            programme,
            found,
            [
                (_("Được tính thêm"), "success", found.gains, found.gained),
                (_("Không còn được tính"), "danger", found.losses, found.lost),
                (_("Chuyển giai đoạn"), "info", found.moves, found.moved),
            ],
        )
        for programme, found in pairs
        if found is not None
    ]


paths = [
    path("chuong-trinh/<slug:code>/thu-quy-tac/", trial, name="programme-trial"),
    path("ke-hoach/<str:code>/tinh-lai/", amendment, name="plan-recount"),
]
