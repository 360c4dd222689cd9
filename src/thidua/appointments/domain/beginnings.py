"""The first unit and its first administrator; and posts that nobody in the system can give.

Whoever runs these commands owns the machine, so no post is asked for; the ledger names the machine.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access.roles import ROLES
from thidua.accounts.domain import codes, second_steps
from thidua.accounts.domain.codes import Issued
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger.acts import System
from thidua.orgs.domain import changes, kinds
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.people.domain import rosters
from thidua.people.models import Account, Person, Post

MACHINE = System("Người vận hành máy chủ")


def found(
    *, code: str, name: str, kind: str, short_name: str = "", place: str = "", full_name: str, phone: str, email: str
) -> tuple[Unit, Issued]:
    """The unit at the top of this installation, and an administrator with a one-time code.

    Raises Refused naming the field, and when there is a unit already.
    """
    kinds.load()
    if Unit.objects.exists():
        raise Refused(_("Cài đặt này đã có đơn vị: các đơn vị khác do quản trị thành lập trong trang Sắp xếp tổ chức."))
    chosen = UnitKind.objects.filter(pk=kind).first()
    if chosen is None:
        known = ", ".join(UnitKind.objects.values_list("code", flat=True))
        raise Refused(_("Không có loại đơn vị «%(kind)s»: hãy chọn trong %(known)s.") % {"kind": kind, "known": known})
    with transaction.atomic():
        unit = changes.establish(
            code=code,
            name=name,
            short_name=short_name,
            place=place,
            kind=chosen,
            parent=None,
            decision=Decision(clock.today()),
            by=MACHINE,
        )
        person = rosters.enter(full_name, unit, phone=phone, email=email, by=MACHINE)
        return unit, appoint(person, unit)


def appoint(person: Person, unit: Unit, role: str = "administrator", *, forget_second_step: str = "") -> Issued:
    """Give somebody a role nobody in the system can give, with a fresh one-time code: at the top unit, or
    when no administrator is left.

    `forget_second_step`: why the person's second steps are taken away (a lost telephone).
    """
    if role not in ROLES or role == "member":
        raise Refused(_("Hãy chọn chức danh trong danh sách."), field="role")
    if person.left_on is not None:
        raise Refused(_("%(name)s đã rời danh sách đoàn viên.") % {"name": person.full_name})
    with transaction.atomic():
        held = Post.objects.filter(person=person, unit=unit, role=role, valid__contains=clock.today())
        if not held.exists():
            rosters.appoint(person, unit, role, since=clock.today(), by=MACHINE)
        account = Account.objects.filter(person=person).first()
        if account and forget_second_step:
            second_steps.reset(account, by=MACHINE, reason=forget_second_step)
        return codes.issue(person, by=MACHINE)
