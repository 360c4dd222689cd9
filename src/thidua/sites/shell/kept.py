"""Files that came with a form that was not complete: kept in the session until it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.http import HttpRequest

from thidua.access.grants import Actor
from thidua.documents.models import StoredFile
from thidua.initiatives.domain import dossiers, uploads
from thidua.initiatives.models import Initiative
from thidua.orgs.models import Unit

MOST_FILES = 6


def _name(key: str) -> str:
    return f"kept:{key}"


def keep(request: HttpRequest, key: str, given: Iterable[tuple[str, File[Any]]], *, unit: Unit, by: Actor) -> list[str]:
    """Store what was sent with the form `key`; gives the sentences of what was refused."""
    held = request.session.get(_name(key), [])
    stored, faults = uploads.keep_all(unit, given, by=by, most=MOST_FILES - len(held))
    if stored:
        request.session[_name(key)] = [*held, *(str(s.pk) for s in stored)]
    return faults


def kept(request: HttpRequest, key: str) -> list[StoredFile]:
    return list(StoredFile.objects.filter(pk__in=request.session.get(_name(key), [])).order_by("given_at"))


def hand_over(request: HttpRequest, key: str, initiative: Initiative, *, by: Actor) -> None:
    """Attach them to the dossier the form has become."""
    for stored in kept(request, key):
        dossiers.attach_kept(initiative, stored, by=by)
    request.session.pop(_name(key), None)
