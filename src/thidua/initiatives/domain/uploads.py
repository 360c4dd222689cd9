"""Files that come with a form: what can be kept is kept, what cannot is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from thidua.access.grants import Actor
from thidua.documents.domain import files
from thidua.documents.models import StoredFile
from thidua.initiatives.domain import attachments
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused
from thidua.orgs.models import Unit


def content_of(upload: File[Any]) -> bytes:
    """The bytes, not read at all when there are too many of them."""
    if (upload.size or 0) > files.MAX_BYTES:
        raise Refused(
            _("Tệp «%(name)s» lớn hơn %(limit)d MB: hãy nén hoặc chia nhỏ.")
            % {"name": upload.name, "limit": files.MAX_BYTES // 2**20},
            field="file",
        )
    return upload.read()


def attach_all(
    initiative: Initiative, uploads: Iterable[tuple[str, File[Any]]], *, by: Actor, kind: str = ""
) -> list[str]:
    """Attach each (purpose, upload); give the sentences of those that were refused."""
    faults = []
    for purpose, upload in uploads:
        try:
            attachments.attach(initiative, content_of(upload), upload.name or "", purpose, by=by, kind=kind)
        except Refused as refused:
            faults.append(refused.sentence)
    return faults


def keep_all(
    unit: Unit, uploads: Iterable[tuple[str, File[Any]]], *, by: Actor, most: int
) -> tuple[list[StoredFile], list[str]]:
    """Store what came before there is a dossier; `most` bounds how many a visitor may leave."""
    kept: list[StoredFile] = []
    faults = []
    for purpose, upload in uploads:
        try:
            if len(kept) >= most:
                raise Refused(_("Chỉ nhận tối đa %(n)d tệp khi gửi không đăng nhập.") % {"n": most})
            kept.append(attachments.keep_upload(content_of(upload), upload.name or "", purpose, unit=unit, by=by))
        except Refused as refused:
            faults.append(refused.sentence)
    return kept, faults
