"""Certificates: issued with a code, printed with a QR, revoked with a reason."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import papers
from thidua.awards.choices import CertificateKind, CertificateState
from thidua.awards.models import AwardDecision, Certificate, Nominee
from thidua.documents.rendering import certificates as rendering
from thidua.initiatives import queries
from thidua.initiatives.models import Authorship, Recognition
from thidua.initiatives.rules import limits
from thidua.kernel import clock, codes
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.models import Act
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.workflow.engine import refuse_short, refuse_unless

REASON_MIN = 20
_ALWAYS = (2000, 1, 1, 0, 0, 0)  # the same sheets give the same file
SYSTEM = acts.System("Hệ thống giấy chứng nhận")


def issue_for_nominee(nominee: Nominee, decision: AwardDecision, title: str, *, by: acts.Actor) -> Certificate:
    """The certificate of an approved nominee; a second call gives the same one."""
    if known := nominee.certificates.exclude(state=CertificateState.CORRECTED).first():
        return known
    return _issue(
        by,
        kind=CertificateKind.AWARD,
        code=codes.new_code("GK"),
        unit=decision.unit,
        holder=str(nominee),
        holder_note=nominee.person.unit.name if nominee.person else "",
        person=nominee.person,
        collective=nominee.collective,
        title=title,
        citation=nominee.citation,
        decision_number=decision.paper.full_number,
        decided_on=decision.decided_on,
        signer=decision.signer,
        nominee=nominee,
    )


def issue_for_recognition(recognition: Recognition, *, by: acts.Actor) -> list[Certificate]:
    """One certificate per co-author, each naming the others; a second call issues nothing new.

    Gives the valid ones: what was revoked by itself is not issued again.
    """
    if isinstance(by, Person):
        refuse_unless(grants.may(by, Permission.INITIATIVE_RECOGNISE, recognition.unit))
    with transaction.atomic():
        held = Recognition.objects.select_for_update().get(pk=recognition.pk)
        if held.revoked_on:
            raise Refused(_("Công nhận này đã bị huỷ bỏ nên không cấp giấy chứng nhận."))
        authors = list(recognition.initiative.authorships.select_related("person__unit"))
        current = recognition.certificates.exclude(state=CertificateState.CORRECTED)
        issued = {(c.person_id, c.person_id or c.holder): c for c in current}
        found = [
            issued.get((a.person_id, a.person_id or a.name)) or _issue_to_author(a, authors, recognition, by)
            for a in authors
        ]
    return [c for c in found if c.state == CertificateState.VALID]


def _issue_to_author(
    author: Authorship, authors: Sequence[Authorship], recognition: Recognition, by: acts.Actor
) -> Certificate:
    others = ", ".join(a.name for a in authors if a.pk != author.pk)
    role = f"đồng tác giả cùng với {others}" if others else "tác giả"
    return _issue(
        by,
        kind=CertificateKind.INITIATIVE,
        code=codes.new_code("CN"),
        unit=recognition.unit,
        holder=author.person.full_name if author.person else author.name,
        holder_note=author.person.unit.name if author.person else recognition.unit.name,
        person=author.person,
        title="Giấy chứng nhận sáng kiến",
        citation=f"Là {role} của sáng kiến “{recognition.initiative.title}”.",
        decision_number=recognition.decision_number,
        decided_on=recognition.decided_on,
        signer=recognition.decided_by,
        recognition=recognition,
    )


def _issue(by: acts.Actor, **fields: object) -> Certificate:
    unit = fields["unit"]
    assert isinstance(unit, Unit)
    Unit.objects.select_for_update().get(pk=unit.pk)
    number = Certificate.objects.filter(unit=unit, issued_at__year=clock.now().year).count() + 1
    certificate = Certificate.objects.create(register_number=number, issued_at=clock.now(), **fields)
    acts.record("awards.certificate.issued", certificate, by=by)
    return certificate


def pdf(certificates: Sequence[Certificate], base_url: str) -> bytes:
    """All sheets in one PDF; the QR leads to the public page at `base_url`. Only what is valid is printed."""
    with translation.override("vi"):
        return rendering.to_pdf(_sheets(certificates, base_url))


def pack(certificates: Sequence[Certificate], base_url: str, target: BinaryIO) -> None:
    """Very many sheets: PDFs of a hundred each, in one ZIP. A PDF joined from several could not be archived."""
    with translation.override("vi"), zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        first = 1
        for part in rendering.to_pdfs(_sheets(certificates, base_url)):
            last = min(first + rendering.AT_ONCE - 1, len(certificates))
            packed.writestr(zipfile.ZipInfo(f"to-{first:04}-{last:04}.pdf", _ALWAYS), part)
            first = last + 1


def _sheets(certificates: Sequence[Certificate], base_url: str) -> list[rendering.Certificate]:
    if not certificates:
        raise Refused(_("Không còn giấy nào có hiệu lực để in."))
    for certificate in certificates:
        if certificate.state != CertificateState.VALID:
            raise Refused(_("Giấy %(code)s không còn hiệu lực nên không in được.") % {"code": certificate.code})
    return [papers.sheet(c, f"{base_url}/xac-minh/{c.code}/") for c in certificates]


def revoke(certificate: Certificate, *, by: acts.Actor, reason: str) -> None:
    """Take a certificate back; the public page says so from now on."""
    with transaction.atomic():
        _end(
            certificate,
            CertificateState.REVOKED,
            by=by,
            reason=reason,
            changes={"revoked_on": clock.today(), "revoked_reason": reason.strip()},
        )
        acts.record("awards.certificate.revoked", certificate, by=by, reason=reason)


def correct(
    certificate: Certificate,
    *,
    by: acts.Actor,
    reason: str,
    holder: str = "",
    holder_note: str = "",
    citation: str = "",
) -> Certificate:
    """Issue it again with a word mended, under a new code; the old code leads to "replaced".

    What is left empty stays as it was.
    """
    with transaction.atomic():
        _end(certificate, CertificateState.CORRECTED, by=by, reason=reason, changes={})
        renewed = _issue(
            by,
            kind=certificate.kind,
            code=codes.new_code(certificate.code.partition("-")[0]),
            unit=certificate.unit,
            holder=holder.strip() or certificate.holder,
            holder_note=holder_note.strip() or certificate.holder_note,
            person=certificate.person,
            collective=certificate.collective,
            title=certificate.title,
            citation=citation.strip() or certificate.citation,
            decision_number=certificate.decision_number,
            decided_on=certificate.decided_on,
            signer=certificate.signer,
            nominee=certificate.nominee,
            recognition=certificate.recognition,
        )
        acts.record("awards.certificate.corrected", certificate, by=by, reason=reason, after={"by": renewed.code})
    return renewed


def _end(
    certificate: Certificate, state: CertificateState, *, by: acts.Actor, reason: str, changes: dict[str, object]
) -> None:
    """A valid certificate stops being so, once, with a reason."""
    if isinstance(by, Person):
        refuse_unless(grants.may(by, Permission.AWARD_DECIDE, certificate.unit))
    refuse_short(reason, REASON_MIN)
    valid = Certificate.objects.filter(pk=certificate.pk, state=CertificateState.VALID)
    if not valid.update(state=state, **changes):
        raise Refused(_("Giấy này không còn hiệu lực từ trước."))
    certificate.refresh_from_db()


def read_recognitions(read: list[Act]) -> None:
    """The certificates of a decision are prepared once it can no longer be undone (ledger reader)."""
    held = Recognition.objects.filter(initiative__in={a.subject_id for a in read}, revoked_on__isnull=True)
    decisions: dict[tuple[object, ...], int] = {}
    for pk, *decision in held.order_by("pk").values_list("pk", "unit", "decision_number", "decided_on"):
        decisions.setdefault(tuple(decision), pk)
    wait = {"hours": limits()["undo_hours"]}
    for pk in decisions.values():
        # Named, not imported: tasks stand above the domain.
        job = app.configure_task("awards.prepare", queueing_lock=f"awards.prepare.{pk}", schedule_in=wait)
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(recognition_id=pk)


def prepare(recognition_id: int) -> int:
    """Issue what a whole decision still lacks; gives how many are valid. Safe to repeat after a stop."""
    recognition = Recognition.objects.get(pk=recognition_id)  # itself perhaps revoked since
    return sum(len(issue_for_recognition(r, by=SYSTEM)) for r in queries.recognitions_together(recognition))


def read_revocations(read: list[Act]) -> None:
    """A revoked recognition takes its certificates along (ledger reader)."""
    for act in read:
        valid = Certificate.objects.filter(
            recognition__initiative_id=act.subject_id,
            recognition__revoked_on__isnull=False,
            state=CertificateState.VALID,
        )
        for certificate in valid:
            revoke(certificate, by=SYSTEM, reason=f"Huỷ bỏ công nhận sáng kiến: {act.reason}")
