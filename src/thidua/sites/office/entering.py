"""An officer enters an initiative for a worker, who stays its author."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import Purpose
from thidua.initiatives import rules
from thidua.initiatives.choices import Channel
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.forms import BehalfForm
from thidua.initiatives.models import Initiative
from thidua.kernel import text
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.domain import rosters
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.sites.shell import desk, kept
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after

QUICK_FILES = (("before", Purpose.PHOTO_BEFORE), ("after", Purpose.PHOTO_AFTER), ("papers", Purpose.EVIDENCE))


def _unit(request: HttpRequest) -> Unit:
    """The desk's unit if one may enter there, else the officer's first such unit."""
    person, home = desk.person_of(request), desk.unit_of(request)
    if grants.may(person, Permission.INITIATIVE_ENTER, home):
        return home
    return grants.units_where(person, Permission.INITIATIVE_ENTER)[0]


@needs(Permission.INITIATIVE_ENTER)
def enter(request: HttpRequest) -> HttpResponse:
    """Find the worker on the roster (or put a new one on it), then the quick form."""
    unit, person = _unit(request), desk.person_of(request)
    key = request.POST.get("submission_key", "")[:64] or verbs.new_submission_key()
    form, status = BehalfForm(request.POST if request.method == "POST" and "find" not in request.POST else None), 200
    if form.is_bound:
        initiative = _enter(request, form, unit, person, key)
        if initiative:
            return redirect_after(request, "office:dossier", _("Đã nhập hồ sơ cho người lao động."), initiative.code)
        status = 422
    elif request.method == "POST":
        form = BehalfForm(initial=request.POST.dict())
    words = text.tidy(request.POST.get("q", ""))
    roster = people_queries.roster(unit)
    context = {
        "form": form,
        "unit": unit,
        "submission_key": key,
        "words": words,
        "people": people_queries.search(roster, words).order_by("sort_key")[:10] if len(words) > 1 else [],
        "author": _listed(unit, request.POST.get("author", "")),
        "kept": kept.kept(request, key),
    }
    return answer(request, "office/dossiers/enter.html", context, status=status)


def _listed(unit: Unit, pk: str) -> Person | None:
    is_number = pk.isdecimal() and len(pk) < 19
    return people_queries.roster(unit).filter(pk=pk).first() if is_number else None


def _enter(request: HttpRequest, form: BehalfForm, unit: Unit, person: Person, key: str) -> Initiative | None:
    """The dossier, or None with the faults on the form; the files sent so far are kept."""
    given = [(purpose, f) for name, purpose in QUICK_FILES for f in request.FILES.getlist(name)]
    for fault in kept.keep(request, key, given, unit=unit, by=person):
        form.add_error(None, fault)
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            author = _listed(unit, form.cleaned_data["author"]) or _new_person(form, unit, person)
            initiative = verbs.start(
                author,
                author.unit,
                by=person,
                programme=programme_queries.counting_programmes(unit).first(),
                channel=Channel.ON_BEHALF,
                consent_noted=form.cleaned_data["consent_noted"],
                submission_key=key,
                **form.idea(),
            )
            kept.hand_over(request, key, initiative, by=person)
            if request.POST.get("act") != "draft" and initiative.state == "draft":
                verbs.submit(initiative, by=person)
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    return initiative


def _new_person(form: BehalfForm, unit: Unit, by: Person) -> Person:
    given = form.cleaned_data
    if not given["full_name"].strip():
        raise Refused(_("Hãy chọn người lao động trong danh sách, hoặc ghi họ tên người mới."), field="full_name")
    rules.may_enter_people(by, unit).or_refuse(forbidden=True)
    return rosters.enter(
        given["full_name"],
        unit,
        by=by,
        phone=given["phone"],
        job_title=given["job_title"],
        is_direct_worker=given["is_direct_worker"],
    )


paths = [path("sang-kien/nhap-ho/", enter, name="dossier-enter")]
