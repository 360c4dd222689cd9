"""Who proposes and who decides, and which forms a level may give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards.models import Nomination
from thidua.kernel import clock, rulepacks
from thidua.kernel.verdicts import Verdict
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person


@dataclass(frozen=True)
class AwardForm:
    code: str
    label: str
    deciders: frozenset[str]
    nominees: frozenset[str]


def forms(day: date | None = None) -> dict[str, AwardForm]:
    """The catalogue in force on a day."""
    in_english = (get_language() or "vi").startswith("en")
    pack = rulepacks.in_force("award-catalogue", day or clock.today())
    return {
        code: AwardForm(
            code,
            item["label_en" if in_english else "label"],
            frozenset(item["deciders"]),
            frozenset(item["nominees"]),
        )
        for code, item in pack.rules.items()
    }


def forms_of(unit: Unit) -> list[AwardForm]:
    """What a unit may give."""
    return [form for form in forms().values() if unit.kind_id in form.deciders]


def may_nominate(actor: Person | System, nomination: Nomination) -> Verdict:
    return grants.may(actor, Permission.AWARD_NOMINATE, nomination.unit)


def may_decide(actor: Person | System, nomination: Nomination) -> Verdict:
    return grants.may(actor, Permission.AWARD_DECIDE, nomination.decider)


def may_send_back(actor: Person | System, nomination: Nomination) -> Verdict:
    """Whoever decides, or prepares at the deciding unit."""
    return grants.may(actor, Permission.AWARD_NOMINATE, nomination.decider)


def has_nominees(nomination: Nomination) -> str | None:
    if not nomination.nominees.exists():
        return _("Danh sách chưa có cá nhân, tập thể nào.")
    return None


def decidable_there(nomination: Nomination) -> str | None:
    form = forms().get(nomination.award_form)
    if form is None or nomination.decider.kind_id not in form.deciders:
        return _("%(unit)s không có thẩm quyền với hình thức khen này.") % {"unit": nomination.decider.short_name}
    return None
