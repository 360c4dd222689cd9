"""Stored files and posters: whoever may see the record may see its file; nobody else learns it exists."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.models import Paper, StoredFile
from thidua.documents.rendering import posters
from thidua.initiatives import queries, rules
from thidua.kernel import installation
from thidua.orgs import queries as org_queries
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.sites.shell.access import needs, public
from thidua.sites.shell.answers import download
from thidua.sites.shell.desk import person_of
from thidua.sites.shell.files import address, send
from thidua.tallies.models import Declaration


def _of_initiative(person: Person | None, stored: StoredFile) -> bool:
    """Photos of what is public; its authors; those who may see the dossier, and what is kept if they examine it."""
    initiative = queries.initiative_of_file(stored.pk)
    if initiative is None:
        return False
    is_kept = "files" in initiative.kept_parts and initiative.attachments.filter(file=stored).exists()
    if queries.is_public(initiative) and stored.is_image and not is_kept:
        return True
    if person is None:
        return False
    if rules.is_author(person, initiative):
        return True
    is_seen = queries.visible_to(person).filter(pk=initiative.pk).exists()
    return is_seen and (not is_kept or rules.may_examine(person, initiative))


def _of_paper(person: Person | None, stored: StoredFile) -> bool:
    papers = Paper.objects.filter(Q(docx=stored) | Q(pdf=stored) | Q(xlsx=stored))
    return person is not None and grants.visible(person, Permission.PAPER_VIEW, papers).exists()


def _of_plan(person: Person | None, stored: StoredFile) -> bool:
    if person is None:
        return False
    return (
        programme_queries.plans_visible_to(person)
        .filter(Q(source_file=stored) | Q(paper__pdf=stored) | Q(paper__docx=stored))
        .exists()
    )


def _of_declaration(person: Person | None, stored: StoredFile) -> bool:
    if person is None:
        return False
    return grants.visible(person, Permission.PROGRESS_VIEW, Declaration.objects.filter(evidence=stored)).exists()


READERS = (_of_initiative, _of_paper, _of_plan, _of_declaration)


@public
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Pictures and papers the system wrote open in the browser; everything else is downloaded, never run."""
    stored = StoredFile.objects.filter(pk=pk).first()
    person = person_of(request) if request.user.is_authenticated else None
    if stored is None or not any(may_read(person, stored) for may_read in READERS):
        raise Http404(str(pk))
    return send(stored, inline="tai" not in request.GET, small="nho" in request.GET)


@needs(Permission.INITIATIVE_VIEW)
def poster(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The A4 poster with the QR code of a unit and a programme."""
    programme, unit = programme_queries.open_by_code(programme_code), org_queries.by_code(unit_code)
    if programme is None or unit is None or not programme.unit.covers(unit):
        raise Http404(programme_code)
    if not grants.visible(person_of(request), Permission.INITIATIVE_VIEW, org_queries.below(unit), "").exists():
        raise Http404(unit_code)
    ends = [p.ends_on for p in programme.phases.all() if p.ends_on]
    made = posters.Poster(
        unit=unit.name,
        programme=programme.name,
        url=address(request, "portal:quick", programme.code, unit.code),
        until=max(ends, default=None),
        demonstration=installation.current().is_demonstration,
    )
    return download(posters.to_pdf(made), f"ap-phich-{unit.code}-{programme.code}.pdf", "application/pdf", inline=True)


paths = [
    path("tep/<uuid:pk>/", file, name="file"),
    path("ap-phich/<str:programme_code>/<str:unit_code>/", poster, name="poster"),
]
