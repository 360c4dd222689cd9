"""One-time codes: the way in for whoever has no password yet, or has lost it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.accounts import messages, queries, rules
from thidua.accounts.domain import delays, passwords
from thidua.accounts.models import OneTimeCode
from thidua.kernel import clock, codes
from thidua.kernel.formats import moment
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Account, Person

LIFETIME = timedelta(days=14)
# 11 random letters of 30 (54 bits) and a check letter that catches slips of the pen without a try.
_RANDOM = 11
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Issued:
    """A code in the clear, once, for the slip."""

    person: Person
    code: str
    expires_at: datetime

    @property
    def written(self) -> str:
        """'ABCDEFGHJKMN' -> 'ABCD-EFGH-JKMN'"""
        return "-".join(self.code[i : i + 4] for i in range(0, len(self.code), 4))


def tidy(typed: str) -> str:
    """As people type it: small letters, spaces, a missing hyphen, O for 0."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())


def _digest(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"one-time:" + tidy(code).encode(), hashlib.sha256).hexdigest()


def issue(person: Person, *, by: acts.Actor) -> Issued:
    """A new code for a person with or without an account; an older open one stops working."""
    rules.may_issue(by, person).or_refuse(forbidden=True)  # type: ignore[arg-type]
    now = clock.running()
    code = codes.new_code("", _RANDOM).lstrip("-")
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        queries.open_codes().filter(person=person).update(withdrawn_at=now)
        made = OneTimeCode.objects.create(
            person=person,
            digest=_digest(code),
            made_by=by if isinstance(by, Person) else None,
            made_at=now,
            expires_at=now + LIFETIME,
        )
        acts.record("accounts.code.issued", person, by=by, after={"expires": made.expires_at})
        messages.code_issued(person, by)
    return Issued(person, code, made.expires_at)


def issue_many(people: Iterable[Person], *, by: acts.Actor) -> list[Issued]:
    """Codes for a list of people, all or none."""
    chosen = list(people)
    if not chosen:
        raise Refused(_("Hãy chọn ít nhất một người."))
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(_("Mỗi lần in tối đa %(count)s phiếu.") % {"count": MOST_AT_ONCE})
    with transaction.atomic():
        return [issue(person, by=by) for person in chosen]


def withdraw(person: Person, *, by: Person) -> None:
    """The slip was lost: its code stops working."""
    rules.may_issue(by, person).or_refuse(forbidden=True)
    with transaction.atomic():
        if queries.open_codes().filter(person=person).update(withdrawn_at=clock.running()):
            acts.record("accounts.code.withdrawn", person, by=by)


def read(typed: str, *, network: str) -> OneTimeCode:
    """The open code that was typed. Refused with what to do: mistyped, used, expired, withdrawn.

    Only whoever holds a real slip learns that it is used or expired; guesses all get one answer.
    """
    if not tidy(typed):
        raise Refused(_("Hãy nhập mã ghi trên phiếu."), field="code")
    if not codes.is_plausible(tidy(typed)) or len(tidy(typed)) != _RANDOM + 1:
        raise Refused(_("Mã không đúng: hãy xem lại từng chữ trên phiếu (12 chữ và số)."), field="code")
    gates = [delays.Gate(rules.CODES, ("codes", delays.network_of(network)))]
    delays.enter(gates)
    found = OneTimeCode.objects.select_related("person__unit__kind", "made_by").filter(digest=_digest(typed)).first()
    if found is None:
        raise Refused(_("Mã không đúng. Nếu đã xem lại từng chữ, hãy xin cán bộ công đoàn mã mới."), field="code")
    delays.leave(gates)
    _refuse_closed(found)
    return found


def _refuse_closed(code: OneTimeCode) -> None:
    if code.used_at is not None:
        raise Refused(
            _(
                "Mã này đã được dùng lúc %(when)s. Nếu không phải bạn, hãy báo ngay cán bộ công đoàn; nếu quên mật khẩu, hãy xin mã mới."
            )
            % {"when": moment(code.used_at)},
            field="code",
        )
    if code.withdrawn_at is not None:
        raise Refused(_("Mã này đã được thay bằng mã mới: hãy dùng phiếu in sau cùng."), field="code")
    if code.expires_at <= clock.running():
        raise Refused(
            _("Mã đã hết hạn lúc %(when)s: hãy xin cán bộ công đoàn mã mới.") % {"when": moment(code.expires_at)},
            field="code",
        )
    if code.person.left_on is not None:
        raise Refused(_("Hồ sơ này không còn trong danh sách: hãy hỏi cán bộ công đoàn."), field="code")


def redeem(typed: str, password: str, *, network: str) -> Account:
    """Use up the code: the person's account is opened if there is none, and has this password."""
    found = read(typed, network=network)
    passwords.refuse_weak(password, found.person, "password")
    try:
        with transaction.atomic():
            used = queries.open_codes().filter(pk=found.pk).update(used_at=clock.running())
            if not used:
                found.refresh_from_db()
                _refuse_closed(found)
            account, _made = Account.objects.get_or_create(person=found.person, defaults={"login": found.person.code})
            rules.is_open(account).or_refuse()
            acts.record("accounts.code.used", found.person, by=found.person)
            return passwords.give(account, password, by=found.person)
    except IntegrityError as error:
        raise Refused(_("Mã này vừa được dùng ở nơi khác."), field="code") from error
