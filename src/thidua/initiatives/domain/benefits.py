"""The benefit in three voices: the author states it, whoever applied it first says theirs, somebody else confirms."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.initiatives import messages, rules
from thidua.initiatives.choices import Benefit
from thidua.initiatives.models import FirstUse, Initiative
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless

OPINION_MIN = 10


def ask_first_user(initiative: Initiative, person: Person, *, by: Person) -> FirstUse:
    """Ask somebody on the roster who applied it first. Asking another one forgets an answer not yet given."""
    refuse_unless(rules.may_write(by, initiative))
    if rules.is_author(person, initiative):
        raise Refused(_("Người áp dụng lần đầu phải là người khác tác giả."), field="first_user")
    _refuse_answered(initiative)
    with transaction.atomic():
        asked, _is_new = FirstUse.objects.update_or_create(
            initiative=initiative,
            defaults={
                "person": person,
                "name": person.full_name,
                "position": f"{person.job_title}, {person.unit.short_name}".strip(", ")[:200],
                "asked_at": clock.now(),
                "recorded_by": None,
            },
        )
        acts.record("initiatives.first_use.asked", initiative, by=by, after={"person": person.full_name})
        messages.asked_first_user(initiative, person, by)
    return asked


def answer_first_use(asked: FirstUse, *, by: Person, benefit: str, amount: int | None, opinion: str) -> None:
    """Whoever was asked says what it brought."""
    refuse_unless(rules.may_state_first_use(by, asked.initiative, asked.person_id))
    _state(asked, by=by, benefit=benefit, amount=amount, opinion=opinion)


def record_first_use(
    initiative: Initiative,
    *,
    by: Person,
    name: str,
    position: str = "",
    benefit: str,
    amount: int | None,
    opinion: str,
) -> FirstUse:
    """The office writes down what a signed paper of the first user says."""
    refuse_unless(rules.may_state_first_use(by, initiative, None))
    _refuse_answered(initiative)
    tidy = text.tidy(name)[:200]
    if len(tidy) < 2:
        raise Refused(_("Hãy ghi tên người hoặc đơn vị áp dụng lần đầu."), field="name")
    with transaction.atomic():
        asked, _is_new = FirstUse.objects.update_or_create(
            initiative=initiative,
            defaults={
                "person": None,
                "name": tidy,
                "position": text.tidy(position)[:200],
                "asked_at": clock.now(),
                "recorded_by": by,
            },
        )
        _state(asked, by=by, benefit=benefit, amount=amount, opinion=opinion)
    return asked


def _refuse_answered(initiative: Initiative) -> None:
    if FirstUse.objects.filter(initiative=initiative, stated_at__isnull=False).exists():
        raise Refused(_("Người áp dụng lần đầu đã cho ý kiến rồi."), field="first_user")


def _state(asked: FirstUse, *, by: Person, benefit: str, amount: int | None, opinion: str) -> None:
    said = text.nfc(opinion).strip()
    if benefit not in (Benefit.MONEY, Benefit.NOT_QUANTIFIABLE):
        raise Refused(_("Hãy chọn tính được bằng tiền hoặc không."), field="benefit")
    if benefit == Benefit.MONEY and (amount is None or amount < 0):
        raise Refused(_("Hãy ghi số tiền làm lợi, hoặc chọn «Không tính được bằng tiền»."), field="amount")
    if len(said) < OPINION_MIN:
        raise Refused(_("Hãy ghi ý kiến, ít nhất %(n)d ký tự.") % {"n": OPINION_MIN}, field="opinion")
    initiative = asked.initiative
    with transaction.atomic():
        asked.benefit, asked.amount = benefit, amount if benefit == Benefit.MONEY else None
        asked.opinion, asked.stated_at = said, clock.now()
        asked.save(update_fields=["benefit", "amount", "opinion", "stated_at"])
        noted = {"name": asked.name, "amount": asked.amount}
        acts.record("initiatives.first_use.stated", initiative, by=by, after=noted)
        messages.first_use_stated(initiative, asked.name, by)
