"""Who may do what with a file of many records, and when."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.sheets.importers import Importer, Scope
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.ledger.acts import System
from thidua.people.models import Person


def scope_of(person: Person, importer: Importer) -> Scope:
    """The parts of the tree in which each line must lie."""
    wanted = Permission(importer.permission)
    intervals = []
    for grant in grants.grants_of(person):
        if wanted in grant.below:
            intervals.append((grant.unit.lft, grant.unit.rgt))
        elif wanted in grant.role.own:
            intervals.append((grant.unit.lft, grant.unit.lft))
    return Scope(tuple(intervals))


def may_work(actor: Any, upload: Any) -> Verdict:
    """Apply, undo, drop: the right of the importer, at the unit whose desk the file came to."""
    return grants.may(actor, Permission(upload.kind.permission), upload.unit)


def is_the_worker(actor: Any, upload: Any) -> Verdict:
    return YES if isinstance(actor, System) else no(_("Bước này do hệ thống thực hiện."))


def has_something_to_write(upload: Any) -> str | None:
    return None if upload.good else _("Không có dòng nào để ghi: hãy sửa các dòng lỗi rồi tải lên lại.")
