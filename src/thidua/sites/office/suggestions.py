"""What pickers offer while one types: units and people within one's sight."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import text
from thidua.kernel.pickers import Picker, code_of
from thidua.orgs import queries as org_queries
from thidua.people import queries as people_queries
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer


def offer(form: forms.Form) -> None:
    """Tell the pickers of a form where their suggestions come from."""
    for field in form.fields.values():
        if isinstance(field, Picker):
            field.widget.attrs["hx-get"] = reverse(f"office:{field.suggestions}")


@needs(Permission.UNIT_VIEW)
def units(request: HttpRequest) -> HttpResponse:
    """Units whose name or code begins like what is typed, for the pickers of every form."""
    return _units(request, Permission.UNIT_VIEW)


@needs(Permission.PERSON_MANAGE)
def rosters(request: HttpRequest) -> HttpResponse:
    """Units among whose people one may write."""
    return _units(request, Permission.PERSON_MANAGE)


def _units(request: HttpRequest, permission: Permission) -> HttpResponse:
    typed = code_of(next((request.GET[key] for key in request.GET if key != "cursor"), ""))
    visible = grants.visible(desk.person_of(request), permission, org_queries.active(), "")
    found = org_queries.search(visible, typed).order_by("sort_key")[:12] if len(typed) > 1 else []
    return answer(request, "office/units/_options.html", {"units": found})


@needs(Permission.PERSON_MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """People of one's rosters whose name, code or phone begins like what is typed."""
    typed = text.tidy(code_of(request.GET.get("person", "")))
    within = grants.visible(desk.person_of(request), Permission.PERSON_MANAGE, people_queries.people())
    on_roster = within.filter(left_on__isnull=True, merged_into__isnull=True)
    found = people_queries.search(on_roster, typed).order_by("sort_key", "pk")[:12] if len(typed) > 1 else []
    return answer(request, "office/people/_options.html", {"people": found})


paths = [
    path("don-vi-goi-y/", units, name="unit-options"),
    path("noi-sinh-hoat-goi-y/", rosters, name="roster-options"),
    path("nguoi-goi-y/", people, name="person-options"),
]
