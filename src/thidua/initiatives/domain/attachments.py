"""Photos and papers of a dossier: taken in, each once, and taken off again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access.grants import Actor
from thidua.documents.choices import Purpose
from thidua.documents.domain import files
from thidua.documents.models import StoredFile
from thidua.initiatives import rules
from thidua.initiatives.domain import evidence
from thidua.initiatives.models import Attachment, Initiative
from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless

MAX_FILES = 20


def attach(
    initiative: Initiative, content: bytes, name: str, purpose: str, *, by: Actor, caption: str = "", kind: str = ""
) -> Attachment:
    """Add a photo or paper. Raises Refused when it is too big, not of a kind we take, or one too many."""
    refuse_unless(rules.may_write(by, initiative))
    return _attach(initiative, content, name, purpose, by, caption, kind)


def bring_awaited(initiative: Initiative, content: bytes, name: str, purpose: str, *, by: Person) -> Attachment:
    """Add what a list has named for the dossier."""
    refuse_unless(rules.may_bring_awaited(by, initiative))
    return _attach(initiative, content, name, purpose, by)


def _attach(
    initiative: Initiative, content: bytes, name: str, purpose: str, by: Actor, caption: str = "", kind: str = ""
) -> Attachment:
    _refuse_too_many(initiative)
    with transaction.atomic():
        stored = keep_upload(content, name, purpose, unit=initiative.unit, by=by)
        attachment = attach_kept(initiative, stored, by=by, caption=caption, kind=kind)
        if attachment.file_id != stored.pk:  # sent twice: the first stays
            stored.stored.delete(save=False)
            stored.delete()
        return attachment


def keep_upload(content: bytes, name: str, purpose: str, *, unit: Unit, by: Actor) -> StoredFile:
    """Store a file for a dossier, before the dossier itself exists if need be."""
    is_photo = purpose in (Purpose.PHOTO_BEFORE, Purpose.PHOTO_AFTER)
    return files.store(
        content,
        name,
        purpose=purpose,
        allowed=files.PHOTOS if is_photo else files.EVIDENCE,
        unit=unit,
        by=by if isinstance(by, Person) else None,
    )


def attach_kept(
    initiative: Initiative, stored: StoredFile, *, by: Actor, caption: str = "", kind: str = ""
) -> Attachment:
    """Attach a stored file; the same content for the same purpose is kept once. `kind`: what it proves."""
    known = initiative.attachments.filter(file__digest=stored.digest, file__purpose=stored.purpose).first()
    if known:
        return known
    _refuse_too_many(initiative)
    with transaction.atomic():
        if stored.unit_id is None:
            stored.unit = initiative.unit
            stored.save(update_fields=["unit"])
        attachment = Attachment.objects.create(
            initiative=initiative,
            file=stored,
            caption=text.tidy(caption)[:200],
            kind=kind if evidence.kind(kind) else "",
        )
        acts.record("initiatives.initiative.attached", initiative, by=by, after={"file": stored.name})
    return attachment


def _refuse_too_many(initiative: Initiative) -> None:
    if initiative.attachments.count() >= MAX_FILES:
        raise Refused(_("Mỗi hồ sơ nhận tối đa %(n)d tệp.") % {"n": MAX_FILES}, field="file")


def detach(attachment: Attachment, *, by: Actor) -> None:
    """Take a file off a dossier that is still being written."""
    initiative = attachment.initiative
    refuse_unless(rules.may_write(by, initiative))
    with transaction.atomic():
        name = attachment.file.name
        attachment.delete()
        acts.record("initiatives.initiative.detached", initiative, by=by, before={"file": name})
