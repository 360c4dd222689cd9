"""Certificates of a whole decision in one PDF: a handful at once, more of them in the background."""

from __future__ import annotations

from typing import BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import queries
from thidua.awards.choices import CertificateState
from thidua.awards.domain import certificates
from thidua.awards.models import AwardDecision, Certificate
from thidua.documents.rendering import certificates as rendering
from thidua.exchange.domain import exports
from thidua.exchange.makers import Maker
from thidua.exchange.models import OutgoingFile
from thidua.initiatives.models import Authorship, Recognition
from thidua.initiatives.queries import recognitions_together
from thidua.kernel.verdicts import Refused
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless

PACKED = ".zip"
AT_ONCE = 10  # sheets; printing is quick, issuing each of them first is what takes time
_RECOGNISED, _AWARDED = "certificates-recognised", "certificates-awarded"


def print_recognised(recognition: Recognition, *, by: Person, base_url: str) -> bytes | OutgoingFile:
    """Every certificate of the decision that made a recognition."""
    refuse_unless(grants.may(by, Permission.INITIATIVE_RECOGNISE, recognition.unit))
    together = recognitions_together(recognition)
    sheets = Authorship.objects.filter(initiative__recognitions__in=together).count()
    if sheets <= AT_ONCE:
        return certificates.pdf(_of_recognised(recognition, by), base_url)
    name = f"giay-chung-nhan-{_plain(recognition.decision_number) or recognition.pk}{_suffix(sheets)}"
    given = {"recognition": recognition.pk, "base": base_url}
    return exports.ask_for(_RECOGNISED, name, recognition.unit, by=by, given=given)


def print_awarded(decision: AwardDecision, *, by: Person, base_url: str) -> bytes | OutgoingFile:
    """Every valid certificate of a decision on commendation."""
    found = _of_awarded(decision.code, by)
    sheets = found.count()
    if sheets <= AT_ONCE:
        return certificates.pdf(list(found), base_url)
    given = {"decision": decision.code, "base": base_url}
    return exports.ask_for(_AWARDED, f"giay-khen-{decision.code}{_suffix(sheets)}", decision.unit, by=by, given=given)


def _of_recognised(recognition: Recognition, by: Person) -> list[Certificate]:
    return [c for r in recognitions_together(recognition) for c in certificates.issue_for_recognition(r, by=by)]


def _of_awarded(code: str, by: Person) -> QuerySet[Certificate]:
    visible = queries.certificates(by).filter(nominee__nomination__decision__code=code, state=CertificateState.VALID)
    return visible.order_by("register_number")


def _write_recognised(asked: OutgoingFile, target: BinaryIO) -> int:
    recognition = Recognition.objects.select_related("unit").get(pk=asked.given["recognition"])
    return _write(_of_recognised(recognition, asked.asked_by), asked, target)


def _write_awarded(asked: OutgoingFile, target: BinaryIO) -> int:
    return _write(list(_of_awarded(asked.given["decision"], asked.asked_by)), asked, target)


def _write(found: list[Certificate], asked: OutgoingFile, target: BinaryIO) -> int:
    if not found:
        raise Refused(_("Không còn giấy nào có hiệu lực để in."))
    if asked.name.endswith(PACKED):
        certificates.pack(found, asked.given["base"], target)
    else:
        target.write(certificates.pdf(found, asked.given["base"]))
    return len(found)


def _suffix(sheets: int) -> str:
    return PACKED if sheets > rendering.AT_ONCE else ".pdf"


def _plain(number: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in number).split())


MAKERS = (Maker(_RECOGNISED, _write_recognised), Maker(_AWARDED, _write_awarded))
