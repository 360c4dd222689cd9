"""Who may reorganise what."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Verdict
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.reorganisations.models import Order


def may_order(actor: Person | System, order: Order) -> Verdict:
    return grants.may(actor, Permission.UNIT_MANAGE, order.unit)


def has_lines(order: Order) -> str | None:
    return None if order.lines.exists() else _("Quyết định chưa có nội dung nào: hãy thêm ít nhất một dòng.")
