"""Raise a difficulty to the level above; answer it by the deadline."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, codes, formats, rulepacks
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger import acts
from thidua.notify import outbox
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Programme
from thidua.reports.choices import DifficultyState
from thidua.reports.models import Difficulty
from thidua.workflow.engine import refuse_unless

QUESTION_MIN = 20
ANSWER_MIN = 10


def raise_to_upper(unit: Unit, question: str, *, by: Person, programme: Programme | None = None) -> Difficulty:
    """Ask the unit directly above; the answer is due within the limit of the rule pack."""
    refuse_unless(grants.may(by, Permission.DIFFICULTY_RAISE, unit))
    if unit.parent is None:
        raise Refused(_("Đơn vị bạn không có cấp trên trực tiếp."))
    if len(question.strip()) < QUESTION_MIN:
        raise Refused(_("Hãy mô tả khó khăn, ít nhất %(n)d ký tự.") % {"n": QUESTION_MIN}, field="question")
    if programme is not None and not programme.unit.covers(unit):
        raise Refused(_("Chương trình này không thuộc phạm vi của đơn vị."), field="programme")
    limit = rulepacks.in_force("initiative-procedure", clock.today()).rules["difficulty_answer_working_days"]
    with transaction.atomic():
        difficulty = Difficulty.objects.create(
            code=codes.new_code("VM", 5),
            unit=unit,
            addressee=unit.parent,
            programme=programme,
            question=question.strip(),
            asked_by=by,
            asked_at=clock.now(),
            due_on=formats.add_working_days(clock.today(), limit),
        )
        acts.record("reports.difficulty.raised", difficulty, by=by)
        outbox.tell(
            grants.holders(Permission.DIFFICULTY_ANSWER, unit.parent),
            "reports.difficulty_raised",
            about=difficulty,
            headline=_("%(unit)s phản ánh khó khăn, vướng mắc") % {"unit": unit.short_name},
            body=question.strip(),
            needs_action=True,
            but_not=by,
        )
    return difficulty


def answer(difficulty: Difficulty, text: str, *, by: Person) -> None:
    """Answer once; the unit that asked is told."""
    refuse_unless(grants.may(by, Permission.DIFFICULTY_ANSWER, difficulty.addressee))
    if len(text.strip()) < ANSWER_MIN:
        raise Refused(_("Hãy ghi câu trả lời, ít nhất %(n)d ký tự.") % {"n": ANSWER_MIN}, field="answer")
    with transaction.atomic():
        answered = Difficulty.objects.filter(pk=difficulty.pk, state=DifficultyState.OPEN).update(
            state=DifficultyState.ANSWERED, answer=text.strip(), answered_by=by, answered_at=clock.now()
        )
        if not answered:
            raise Stale(_("Câu hỏi này vừa được người khác trả lời."))
        difficulty.refresh_from_db()
        acts.record("reports.difficulty.answered", difficulty, by=by)
        outbox.tell(
            [*grants.holders(Permission.DIFFICULTY_RAISE, difficulty.unit), difficulty.asked_by],
            "reports.difficulty_answered",
            about=difficulty,
            headline=_("%(unit)s đã trả lời khó khăn, vướng mắc của đơn vị")
            % {"unit": difficulty.addressee.short_name},
            body=text.strip(),
            but_not=by,
        )
