"""One's own telephone number, e-mail and language."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from thidua.accounts import messages, rules
from thidua.accounts.domain import delays
from thidua.accounts.models import EmailChange, Preference
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people import queries as people_queries
from thidua.people.domain import batches
from thidua.people.models import Account, Person

LIFETIME = timedelta(hours=1)
_ATTEMPTS = 5


def can_send() -> bool:
    """Whether this installation sends e-mail at all."""
    return bool(settings.EMAIL_HOST)


def _prefer(account: Account, **values: str) -> None:
    Preference.objects.update_or_create(account=account, defaults=values)


def choose_language(account: Account, language: str) -> None:
    """The language of every later sign-in, on any device."""
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("Chưa có ngôn ngữ này."), field="language")
    _prefer(account, language=language)


def change_phone(account: Account, typed: str) -> None:
    """One's own word: the number signs in, but proves nothing to a provider until an officer has entered it."""
    phone = people_queries.tidy_phone(typed)
    if typed.strip() and not phone:
        raise Refused(_("Số điện thoại «%(phone)s» không đúng: cần 10 chữ số.") % {"phone": typed}, field="phone")
    if phone == (account.person.phone or ""):
        return
    gates = [delays.Gate(rules.CODES, ("phone", str(account.pk)))]  # trying numbers out is slowed
    delays.enter(gates)
    with transaction.atomic():
        if phone and Person.objects.exclude(pk=account.person_id).filter(phone=phone).exists():
            raise Refused(
                _("Số này đang ghi cho người khác: nếu là số của bạn, hãy nhờ cán bộ công đoàn sửa."), field="phone"
            )
        _write(account, {"phone": phone or None})
        _prefer(account, own_phone=phone)
        messages.security_changed(account, _("Số điện thoại để đăng nhập đã đổi"))


def _write(account: Account, values: dict[str, str | None]) -> None:
    person = account.person
    batches.amend_many([(person, values)], by=person)
    acts.record("accounts.contact.changed", person, by=person, after={"fields": sorted(values)})


def ask_email(account: Account, typed: str) -> None:
    """Send a code to the new address; it counts once the code has come back.

    Nothing tells whether somebody else has the address: its owner alone learns more.
    """
    email = typed.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("Địa chỉ email chưa đúng."), field="email") from error
    if not can_send():
        raise Refused(_("Máy chủ này chưa gửi được email: hãy nhờ cán bộ công đoàn sửa giúp."), field="email")
    delays.enter([delays.Gate(rules.PAIR, ("email", str(account.pk)))])  # no flooding of somebody's mailbox
    code = f"{secrets.randbelow(10**6):06}"
    EmailChange.objects.update_or_create(
        account=account,
        defaults={
            "email": email,
            "digest": _digest(account, email, code),
            "attempts_left": _ATTEMPTS,
            "expires_at": clock.running() + LIFETIME,
        },
    )
    body = _(
        "Chào %(name)s,\n\nmã xác nhận địa chỉ email này là %(code)s, dùng được trong một giờ. Nếu bạn không yêu cầu, hãy bỏ qua thư này."
    )
    send_mail(_("Thi Đua: xác nhận email"), body % {"name": account.person.full_name, "code": code}, None, [email])


def _digest(account: Account, email: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"email:{account.pk}:{email}:{code}".encode(), sha256).hexdigest()


def confirm_email(account: Account, code: str) -> str:
    """The code came back: the address is the person's. Five tries, then a new code."""
    with transaction.atomic():
        waiting = EmailChange.objects.select_for_update().filter(account=account).first()
        if waiting is None or waiting.expires_at <= clock.running() or not waiting.attempts_left:
            raise Refused(_("Mã đã hết hạn hoặc sai quá nhiều lần: hãy xin mã mới."), field="code")
        right = hmac.compare_digest(waiting.digest, _digest(account, waiting.email, "".join(code.split())))
        if right:
            _take(account, waiting)
        else:
            waiting.attempts_left -= 1
            waiting.save(update_fields=["attempts_left"])
    if not right:
        raise Refused(_("Mã chưa đúng: hãy xem lại thư mới nhất."), field="code")
    return waiting.email


def _take(account: Account, waiting: EmailChange) -> None:
    if Person.objects.exclude(pk=account.person_id).filter(email__iexact=waiting.email).exists():
        raise Refused(_("Email này đang ghi cho người khác: hãy nhờ cán bộ công đoàn sửa giúp."), field="email")
    _write(account, {"email": waiting.email})
    waiting.delete()
    messages.security_changed(account, _("Email để đăng nhập đã đổi"))


def give_up_email(account: Account) -> None:
    EmailChange.objects.filter(account=account).delete()
