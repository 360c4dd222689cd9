"""Reasons kept ready: a unit's own, else those of the nearest unit above, else what the software suggests."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.choices import CannedFor
from thidua.initiatives.models import CannedReason
from thidua.kernel import text
from thidua.kernel.prepared import composed_once
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless

MOST = 12
SUGGESTED = {
    CannedFor.RETURN: (
        gettext_lazy("Đề nghị ghi ngày áp dụng lần đầu của sáng kiến."),
        gettext_lazy("Đề nghị mô tả rõ cách làm cũ và cách làm mới."),
        gettext_lazy("Đề nghị bổ sung ảnh hoặc số liệu minh chứng hiệu quả."),
        gettext_lazy("Đề nghị ghi đủ đồng tác giả và tỷ lệ đóng góp."),
    ),
    CannedFor.REFUSE: (
        gettext_lazy("Giải pháp chưa có tính mới trong đơn vị: đã áp dụng từ trước."),
        gettext_lazy("Giải pháp chưa được áp dụng nên chưa xác định được hiệu quả."),
        gettext_lazy("Nội dung thuộc nhiệm vụ thường xuyên, chưa phải là sáng kiến."),
    ),
    CannedFor.REVOKE: (
        gettext_lazy("Xác minh lại: giải pháp trùng với sáng kiến đã được công nhận trước đó."),
        gettext_lazy("Xác minh lại: người được ghi không phải là tác giả của giải pháp."),
    ),
}


def reasons_for(unit: Unit) -> dict[str, list[str]]:
    """Per step, for the forms of a unit: one query."""
    found: dict[str, list[str]] = {}
    nearest: dict[str, int] = {}
    for row in _over(unit.pk):
        if nearest.setdefault(row.step, row.unit_id) == row.unit_id:
            found.setdefault(row.step, []).append(row.text)
    return {step: found.get(step) or [str(words) for words in SUGGESTED[step]] for step in CannedFor}


@composed_once
def _over(unit: int) -> QuerySet[CannedReason]:
    found = CannedReason.objects.filter(unit__in=org_queries.over(Unit(pk=unit)))
    return found.order_by("-unit__lft", "position", "pk")


def own(unit: Unit) -> dict[str, list[str]]:
    """What the unit itself has written, for its form."""
    found: dict[str, list[str]] = {step.value: [] for step in CannedFor}
    for row in CannedReason.objects.filter(unit=unit):
        found[row.step].append(row.text)
    return found


def write(unit: Unit, step: str, lines: Iterable[str], *, by: Person) -> None:
    """Replace the unit's reasons for a step; none at all: those from above are used again."""
    refuse_unless(grants.may(by, Permission.INITIATIVE_RECEIVE, unit))
    wanted = list(dict.fromkeys(tidy for line in lines if (tidy := text.tidy(line))))
    if len(wanted) > MOST:
        raise Refused(_("Mỗi bước giữ tối đa %(n)d lý do mẫu.") % {"n": MOST}, field=step)
    for line in wanted:
        if not 20 <= len(line) <= 500:
            raise Refused(_("Mỗi lý do mẫu dài từ 20 đến 500 ký tự: «%(line)s».") % {"line": line[:60]}, field=step)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        before = list(CannedReason.objects.filter(unit=unit, step=step).values_list("text", flat=True))
        if before == wanted:
            return
        CannedReason.objects.filter(unit=unit, step=step).delete()
        made = CannedReason.objects.bulk_create(
            [CannedReason(unit=unit, step=CannedFor(step), text=line, position=n) for n, line in enumerate(wanted)]
        )
        subject = made[0] if made else CannedReason(pk=0, unit=unit, step=step)
        acts.record(
            "initiatives.cannedreason.written",
            subject,
            by=by,
            unit_id=unit.pk,
            before={step: before},
            after={step: wanted},
        )
