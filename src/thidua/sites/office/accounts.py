"""Accounts of people on the roster: who can sign in, and the slips with one-time codes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.accounts import papers, queries, rules
from thidua.accounts.domain import codes, second_steps
from thidua.kernel import paging
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.models import Person
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download, redirect_after
from thidua.sites.shell.files import address


def _unit(request: HttpRequest, code: str) -> Unit:
    """A unit on whose roster the officer may keep accounts."""
    unit = org_queries.by_code(code)
    if unit is None or not grants.may(desk.person_of(request), Permission.PERSON_MANAGE, unit):
        raise Http404
    return unit


def _person(request: HttpRequest, code: str) -> Person:
    person = people_queries.people().select_related("unit__kind", "account").filter(code=code).first()
    by = desk.person_of(request)
    if person is None or not grants.visible(by, Permission.UNIT_VIEW, Person.objects.filter(pk=person.pk)).exists():
        raise Http404
    return person


@needs(Permission.PERSON_MANAGE)
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Who on the roster cannot sign in yet; choose, and print their slips."""
    unit = _unit(request, code)
    words = request.GET.get("q", "")
    found = people_queries.search(queries.without_account(unit), words)
    context = {
        "unit": unit,
        "words": words,
        "page": paging.page(found, ("sort_key", "id"), request.GET.get("cursor", ""), 50),
        "how_many": paging.bounded_count(found),
        "most": codes.MOST_AT_ONCE,
    }
    return answer(request, "office/accounts/list.html", context)


@needs(Permission.PERSON_MANAGE)
@require_POST
def slips(request: HttpRequest, code: str) -> HttpResponse:
    """New codes for the chosen (or all) people without an account, as a PDF to cut."""
    unit = _unit(request, code)
    chosen = queries.without_account(unit, unissued_only="all" in request.POST)
    if "all" not in request.POST:
        chosen = chosen.filter(pk__in=[pk for pk in request.POST.getlist("person") if pk.isdecimal()])
    chosen = chosen.order_by("unit__lft", "sort_key", "id")
    issued = codes.issue_many(chosen.select_related("unit__kind")[: codes.MOST_AT_ONCE + 1], by=desk.person_of(request))
    made = papers.code_slips(issued, address(request, "shell:claim"))
    return download(made, f"phieu-ma-{unit.code}.pdf", "application/pdf")


@needs(Permission.PERSON_MANAGE)
@never_cache
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One person's way in: account, open code, last use; a new code shown once."""
    person, by = _person(request, code), desk.person_of(request)
    issued, fault = None, ""
    if request.method == "POST":
        try:
            issued = codes.issue(person, by=by)
        except Refused as refused:
            fault = refused.sentence
        if issued and request.POST.get("as") == "slip":
            made = papers.code_slips([issued], address(request, "shell:claim"))
            return download(made, f"phieu-ma-{person.code}.pdf", "application/pdf")
    context = _standing(request, person) | {"issued": issued, "fault": fault}
    return answer(request, "office/accounts/show.html", context, status=422 if fault else 200)


def _standing(request: HttpRequest, person: Person) -> dict[str, Any]:
    account, by = getattr(person, "account", None), desk.person_of(request)
    return {
        "subject": person,
        "account": account,
        "waiting": queries.code_of(person),
        "may_issue": rules.may_issue(by, person),
        "steps": second_steps.authenticators(account) if account else [],
        "may_reset": rules.may_reset_second_step(by, person),
        "claim_address": address(request, "shell:claim"),
    }


@needs(Permission.POST_GRANT)
@require_POST
def reset_second_step(request: HttpRequest, code: str) -> HttpResponse:
    """The telephone is lost: take the second steps away, saying why."""
    person, reason = _person(request, code), request.POST.get("reason", "")
    if not hasattr(person, "account"):
        raise Http404
    try:
        second_steps.reset(person.account, by=desk.person_of(request), reason=reason)
    except Forbidden:
        raise
    except Refused as refused:
        context = _standing(request, person) | {"reason_fault": refused.sentence, "reason": reason}
        return answer(request, "office/accounts/show.html", context, status=422)
    said = _("Đã gỡ các bước xác minh thứ hai của %(name)s.") % {"name": person}
    return redirect_after(request, "office:account", said, person.code)


@needs(Permission.PERSON_MANAGE)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """The slip was lost."""
    person = _person(request, code)
    codes.withdraw(person, by=desk.person_of(request))
    return redirect_after(request, "office:account", _("Đã huỷ mã của %(name)s.") % {"name": person}, person.code)


paths = [
    path("don-vi/<slug:code>/tai-khoan/", index, name="accounts"),
    path("don-vi/<slug:code>/tai-khoan/phieu/", slips, name="account-slips"),
    path("tai-khoan/<str:code>/", show, name="account"),
    path("tai-khoan/<str:code>/huy-ma/", withdraw, name="account-withdraw"),
    path("tai-khoan/<str:code>/go-buoc-hai/", reset_second_step, name="account-reset-step"),
]
