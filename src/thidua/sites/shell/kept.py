"""Files that came before their form was complete: sent in pieces, or with the form itself; kept until it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.http import HttpRequest

from thidua.access.grants import Actor
from thidua.documents.domain import resumption
from thidua.documents.models import StoredFile
from thidua.initiatives.domain import attachments, uploads
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused
from thidua.orgs.models import Unit
from thidua.sites.shell import uploading

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
    """What has arrived for the form `key`, in pieces or with it."""
    with_form = StoredFile.objects.filter(pk__in=request.session.get(_name(key), [])).order_by("given_at")
    arrived = resumption.finished(uploading.holder_of(request), key) if key else []
    return [*with_form, *(u.file for u in arrived if u.file)]


def hand_over(request: HttpRequest, key: str, initiative: Initiative, *, by: Actor, kind: str = "") -> list[str]:
    """Attach them to the dossier the form has become; the sentences of those it cannot take."""
    faults: list[str] = []

    def take(stored: StoredFile) -> None:
        try:
            attachments.attach_kept(initiative, stored, by=by, kind=kind)
        except Refused as refused:
            faults.append(refused.sentence)

    for stored in StoredFile.objects.filter(pk__in=request.session.pop(_name(key), [])).order_by("given_at"):
        take(stored)
    if key:
        resumption.hand_over(uploading.holder_of(request), key, take)
    return faults
