"""Open dossiers go to the successor; what is concluded stays with the unit it was concluded at."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.initiatives.choices import AdoptionState, ScopeState, State
from thidua.initiatives.models import Adoption, Initiative, ScopeProposal
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.reorganisations.models import Handover
from thidua.reorganisations.succession import Heirloom, Passing
from thidua.reorganisations.succession import register as enrol

OPEN = (State.DRAFT, State.SUBMITTED, State.RECEIVED, State.RETURNED, State.PASSED_UP)


def _open_at(unit: Unit) -> QuerySet[Initiative]:
    return Initiative.objects.filter(Q(unit=unit) | Q(handler=unit) | Q(decider=unit), state__in=OPEN)


def _dossiers(passing: Passing) -> int:
    """`unit` and `handler` change; the author finds the line in the history of the dossier."""
    found = _open_at(passing.old)
    if passing.people is not None:
        found = found.filter(authorships__position=0, authorships__person__in=passing.people)
    handler = org_queries.grassroots_of(passing.new) or passing.new
    rows = list(found.distinct())
    for row in rows:
        passing.note(row, {"unit_id": row.unit_id, "handler_id": row.handler_id, "decider_id": row.decider_id})
        if row.unit_id == passing.old.pk:
            row.unit = passing.new
        if row.handler_id == passing.old.pk:
            row.handler = handler
        if row.decider_id == passing.old.pk:
            row.decider = passing.new
        row.save(update_fields=["unit", "handler", "decider"])
        noted = {"from": passing.old.code, "to": passing.new.code}
        acts.record("initiatives.initiative.handed_over", row, by=passing.by, unit_id=handler.pk, after=noted)
    return len(rows)


def _still_open(noted: list[Handover]) -> None:
    ids = [h.subject_id for h in noted]
    done = Initiative.objects.filter(pk__in=ids).exclude(state__in=OPEN).count()
    if done:
        raise Refused(counted("%(n)d hồ sơ đã bàn giao đã được xử lý xong ở đơn vị mới: không hoàn tác được.", done))
    for row in Initiative.objects.filter(pk__in=ids):
        acts.record("initiatives.initiative.handed_back", row, by=acts.System(str(_("Hệ thống sắp xếp tổ chức"))))


def _adoptions(passing: Passing) -> int:
    taken = Adoption.objects.filter(unit=passing.new).values("initiative")
    found = Adoption.objects.filter(unit=passing.old, state=AdoptionState.REGISTERED).exclude(initiative__in=taken)
    return passing.rows(found, "unit")


def _proposals(passing: Passing) -> int:
    return passing.rows(ScopeProposal.objects.filter(unit=passing.old, state=ScopeState.WAITING), "unit")


def _left_open(unit: Unit, day: date) -> int:
    return _open_at(unit).count()


def register() -> None:
    enrol(
        Heirloom(
            "initiatives",
            gettext_lazy("Hồ sơ sáng kiến đang mở"),
            ended=_dossiers,
            left_behind=_left_open,
            undoable=_still_open,
        ),
        Heirloom("proposals", gettext_lazy("Đề nghị công nhận phạm vi ảnh hưởng"), ended=_proposals),
        Heirloom("adoptions", gettext_lazy("Đăng ký áp dụng sáng kiến"), ended=_adoptions),
    )
