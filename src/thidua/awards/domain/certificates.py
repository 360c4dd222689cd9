"""Certificates: issued with a code, printed with a QR, revoked with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import papers
from thidua.awards.choices import CertificateKind, CertificateState
from thidua.awards.models import AwardDecision, Certificate, Nominee
from thidua.documents.rendering import certificates as rendering
from thidua.initiatives.models import Recognition
from thidua.kernel import clock, codes
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.models import Act
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless

SYSTEM = acts.System("Hệ thống giấy chứng nhận")


def issue_for_nominee(nominee: Nominee, decision: AwardDecision, title: str, *, by: acts.Actor) -> Certificate:
    """The certificate of an approved nominee; a second call gives the same one."""
    if known := nominee.certificates.first():
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
    """One certificate per co-author, each naming the others; a second call issues nothing new."""
    initiative = recognition.initiative
    authors = list(initiative.authorships.select_related("person__unit"))
    issued = {c.person_id: c for c in recognition.certificates.all()}
    found = []
    with transaction.atomic():
        for author in authors:
            if author.person is None:
                continue
            others = [a.name for a in authors if a.pk != author.pk]
            role = _("đồng tác giả cùng với %(names)s") % {"names": ", ".join(others)} if others else _("tác giả")
            citation = _("Là %(role)s của sáng kiến “%(title)s”.") % {"role": role, "title": initiative.title}
            found.append(
                issued.get(author.person_id)
                or _issue(
                    by,
                    kind=CertificateKind.INITIATIVE,
                    code=codes.new_code("CN"),
                    unit=recognition.unit,
                    holder=author.person.full_name,
                    holder_note=author.person.unit.name,
                    person=author.person,
                    title="Giấy chứng nhận sáng kiến",
                    citation=citation,
                    decision_number=recognition.decision_number,
                    decided_on=recognition.decided_on,
                    signer=recognition.decided_by,
                    recognition=recognition,
                )
            )
    return found


def _issue(by: acts.Actor, **fields: object) -> Certificate:
    unit = fields["unit"]
    assert isinstance(unit, Unit)
    Unit.objects.select_for_update().get(pk=unit.pk)
    number = Certificate.objects.filter(unit=unit, issued_at__year=clock.now().year).count() + 1
    certificate = Certificate.objects.create(register_number=number, issued_at=clock.now(), **fields)
    acts.record("awards.certificate.issued", certificate, by=by)
    return certificate


def pdf(certificates: Sequence[Certificate], base_url: str) -> bytes:
    """All sheets in one PDF; the QR leads to the public page at `base_url`."""
    return rendering.to_pdf([papers.sheet(c, f"{base_url}/xac-minh/{c.code}/") for c in certificates])


def revoke(certificate: Certificate, *, by: acts.Actor, reason: str) -> None:
    """Take a certificate back; the public page says so from now on."""
    if isinstance(by, Person):
        refuse_unless(grants.may(by, Permission.AWARD_DECIDE, certificate.unit))
    if len(reason.strip()) < 20:
        raise Refused(_("Hãy ghi lý do thu hồi, ít nhất 20 ký tự."), field="reason")
    with transaction.atomic():
        changed = Certificate.objects.filter(pk=certificate.pk, state=CertificateState.VALID).update(
            state=CertificateState.REVOKED, revoked_on=clock.today(), revoked_reason=reason.strip()
        )
        if not changed:
            raise Refused(_("Giấy này không còn hiệu lực từ trước."))
        certificate.refresh_from_db()
        acts.record("awards.certificate.revoked", certificate, by=by, reason=reason)


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
