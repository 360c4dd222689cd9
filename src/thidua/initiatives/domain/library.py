"""What is public: its author decides."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.initiatives import rules
from thidua.initiatives.choices import Disclosure
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden
from thidua.ledger import acts


def set_disclosure(initiative: Initiative, disclosure: str, *, by: acts.Actor) -> None:
    """An author decides who may read it; the office cannot make it public for them."""
    if not rules.is_author(by, initiative) and not isinstance(by, acts.System):  # type: ignore[arg-type]
        raise Forbidden(_("Chỉ tác giả mới chọn được mức công khai."))
    with transaction.atomic():
        initiative.disclosure, initiative.changed_at = Disclosure(disclosure), clock.now()
        initiative.save(update_fields=["disclosure", "changed_at"])
        acts.record("initiatives.initiative.disclosed", initiative, by=by, after={"disclosure": disclosure})
