"""The officer's word on a likeness."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.initiatives.domain import adoptions, dossiers, reception, recognitions
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Person
from thidua.similarity import queries, rules
from thidua.similarity.choices import Finding
from thidua.similarity.models import Judgement
from thidua.workflow.engine import refuse_unless


def judge(
    initiative: Initiative,
    finding: str,
    *,
    by: Person,
    other: Initiative | None = None,
    reason: str = "",
    then: str = "",
) -> Judgement:
    """Record what was found, with its consequences; a later judgement replaces an earlier one.

    `then` takes the step that follows from it (return, refuse) at once, with the reason for the author.
    """
    refuse_unless(rules.may_judge(by, initiative))
    _refuse_incomplete(finding, initiative, other, reason)
    with transaction.atomic():
        Initiative.objects.select_for_update().get(pk=initiative.pk)
        if finding == Finding.ADOPTION and other is not None:
            refuse_unless(rules.may_adopt(by, initiative, other))
            adoptions.register(other, initiative.handler, by=by, intention=_intention(initiative, reason))
        is_no_own_work = finding in (Finding.COPY, Finding.ADOPTION)
        dossiers.mark_duplicate(initiative, other if is_no_own_work else None, by=by)
        judgement = Judgement.objects.create(
            initiative=initiative,
            other=other if finding != Finding.NEW else None,
            finding=finding,
            reason=reason.strip(),
            by=by,
            at=clock.now(),
        )
        after = {"finding": Finding(finding).label, "other": other.code if judgement.other and other else ""}
        acts.record("similarity.initiative.judged", initiative, by=by, reason=judgement.reason, after=after)
        if judgement.other and other:
            acts.record("similarity.initiative.cited", other, by=by, after={"by": initiative.code})
        if then and is_no_own_work and other:
            _conclude(initiative, then, finding, other, by, judgement.reason)
    return judgement


def _refuse_incomplete(finding: str, initiative: Initiative, other: Initiative | None, reason: str) -> None:
    if finding not in Finding.values:
        raise Refused(_("Hãy chọn một kết luận."), field="finding")
    if finding == Finding.NEW and len(reason.strip()) < rules.REASON_MIN:
        raise Refused(
            _("Hãy ghi vì sao đây là sáng kiến mới, ít nhất %(n)d ký tự.") % {"n": rules.REASON_MIN}, field="reason"
        )
    if finding != Finding.NEW and (other is None or other.pk == initiative.pk):
        raise Refused(_("Hãy chọn sáng kiến đã có để đối chiếu."), field="other")
    held = queries.judgement_of(initiative)
    if held and held.finding == Finding.ADOPTION:
        raise Refused(_("Hồ sơ này đã chuyển thành đăng ký áp dụng: hãy dừng áp dụng ở mục Nhân rộng nếu cần."))


def _conclude(initiative: Initiative, step: str, finding: str, other: Initiative, by: Person, reason: str) -> None:
    said = (
        _("Sau khi so sánh: hồ sơ trùng với sáng kiến đã có %(code)s.")
        if finding == Finding.COPY
        else _("Sau khi so sánh: giải pháp đã có ở sáng kiến %(code)s; đơn vị đã đăng ký áp dụng sáng kiến ấy.")
    )
    whole = f"{said % {'code': other.code}} {reason}".strip()
    initiative.refresh_from_db()
    match step:
        case "refuse":
            recognitions.refuse(initiative, by=by, reason=whole)
        case "send_back":
            reception.send_back(initiative, by=by, reason=whole)
        case _:
            raise Refused(_("Không có bước này."), field="then")


def _intention(initiative: Initiative, reason: str) -> str:
    proposed = _("Từ hồ sơ %(code)s «%(title)s».") % {"code": initiative.code, "title": initiative.title}
    return f"{proposed} {reason.strip()}".strip()
