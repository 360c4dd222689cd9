"""What a password must be, and setting it. Nobody but its owner ever sees one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from thidua.accounts import rules
from thidua.accounts.domain import delays
from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Account, Person

SHORTEST, LONGEST = 10, 128
_LISTS = Path(__file__).parents[1] / "passwords"


def _bare(word: str) -> str:
    """'Mật-Khẩu@123' -> 'matkhau123'"""
    return re.sub(r"[^a-z0-9]", "", text.fold(word))


@cache
def _common() -> frozenset[str]:
    """The words of our list (Vietnamese and English), without signs."""
    lines = (_LISTS / "common.txt").read_text("utf-8").splitlines()
    return frozenset(_bare(line) for line in lines if line.strip() and not line.startswith("#"))


def faults(password: str, person: Person | None = None) -> list[str]:
    """Sentences that say what to change; none when the password will do."""
    found = []
    if len(password) < SHORTEST:
        found.append(_("Mật khẩu cần ít nhất %(count)s ký tự; một câu ngắn dễ nhớ là tốt nhất.") % {"count": SHORTEST})
    if len(password) > LONGEST:
        found.append(_("Mật khẩu dài nhất %(count)s ký tự.") % {"count": LONGEST})
    if password and len(set(password.lower())) < 4:
        found.append(_("Mật khẩu lặp lại quá ít ký tự khác nhau."))
    if _is_common(password):
        found.append(_("Mật khẩu này nhiều người dùng, rất dễ đoán: hãy ghép vài từ không liên quan."))
    if person is not None and _names(password, person):
        found.append(_("Mật khẩu không được chứa số điện thoại, mã đoàn viên, email hay họ tên của bạn."))
    return found


def _is_common(password: str) -> bool:
    bare = _bare(password)
    core = bare.strip("0123456789")
    if bare in _common() or (core in _common() and len(bare) - len(core) <= 8) or (bare and not core):
        return True
    return any(len(run) >= 8 and run in bare and len(bare) - len(run) <= 2 for run in ("1234567890", "qwertyuiop"))


def _names(password: str, person: Person) -> bool:
    bare = _bare(password)
    own = {
        _bare(person.code),
        _bare(person.full_name),
        person.phone or "",
        _bare((person.email or "").partition("@")[0]),
    }
    return any(len(word) >= 5 and word in bare for word in own)


def refuse_weak(password: str, person: Person | None, field: str) -> None:
    found = faults(password, person)
    if found:
        raise Refused(" ".join(found), field=field)


def give(account: Account, password: str, *, by: acts.Actor, field: str = "password") -> Account:
    """Set the password of an account, after its rules."""
    refuse_weak(password, account.person, field)
    with transaction.atomic():
        account.set_password(password)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        acts.record("accounts.password.set", account, by=by, unit_id=account.person.unit_id)
    return account


def prove(account: Account, password: str, *, field: str = "password") -> None:
    """The person at the keyboard knows the password; wrong ones are slowed like signing in."""
    gates = [delays.Gate(rules.PAIR, ("old-password", str(account.pk)))]
    delays.enter(gates)
    if not account.check_password(password):
        raise Refused(_("Mật khẩu hiện tại không đúng."), field=field)
    delays.leave(gates, forgive=gates)


def change(account: Account, old: str, new: str) -> Account:
    """The owner's own change."""
    prove(account, old, field="old_password")
    if old == new:
        raise Refused(_("Mật khẩu mới phải khác mật khẩu hiện tại."), field="password")
    return give(account, new, by=account.person)


class Validator:
    """The same rules for Django's own commands (changepassword)."""

    def validate(self, password: str, user: Any = None) -> None:
        found = faults(password, getattr(user, "person", None))
        if found:
            raise ValidationError(found)

    def get_help_text(self) -> str:
        return help_text()


def help_text() -> str:
    return _("Ít nhất %(count)s ký tự, ví dụ bốn từ không liên quan viết liền; không dùng tên, số điện thoại, mã.") % {
        "count": SHORTEST
    }
