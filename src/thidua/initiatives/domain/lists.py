"""A whole list of dossiers at once: the verbs of `dossiers`, with statements by the batch."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from thidua.access.grants import Actor
from thidua.initiatives import messages
from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.initiatives.workflow import WORKFLOW
from thidua.kernel.verdicts import Refused
from thidua.workflow.engine import take_many

NAMED = 5  # dossiers a refusal names; the rest it counts


def take_back(pks: Collection[int], *, by: Actor) -> list[Initiative]:
    """Withdraw what a list has filed, while nobody has dealt with any of it: all or none.

    The authors are told here; the caller tells the office once of the whole list.
    """
    with transaction.atomic():
        held = Initiative.objects.select_for_update(of=("self",)).select_related("unit", "handler")
        items = list(held.filter(pk__in=pks).order_by("pk"))
        if dealt_with := [item for item in items if item.state != State.SUBMITTED]:
            raise Refused(_dealt_with(dealt_with))
        prefetch_related_objects(items, "authorships__person")
        take_many(WORKFLOW, "withdraw", items, by=by, changes={"due_on": None})
        messages.each_taken_back(items, by)
    return items


def _dealt_with(items: list[Initiative]) -> str:
    codes = ", ".join(item.code for item in items[:NAMED])
    if len(items) <= NAMED:
        return _("Hồ sơ %(code)s đã được xử lý nên không hoàn tác cả tệp được.") % {"code": codes}
    return _("Hồ sơ %(codes)s và %(n)d hồ sơ nữa đã được xử lý nên không hoàn tác cả tệp được.") % {
        "codes": codes,
        "n": len(items) - NAMED,
    }
