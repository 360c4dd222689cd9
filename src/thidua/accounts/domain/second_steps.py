"""The second step: an app's six digits or a passkey (passkeys.py), and recovery codes for the day both are lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thidua.accounts import messages, rules
from thidua.accounts.choices import Step
from thidua.accounts.domain import delays
from thidua.accounts.domain import one_time_passwords as otp
from thidua.accounts.models import Authenticator, RecoveryCode
from thidua.documents.rendering.ornaments import qr
from thidua.kernel import clock, codes
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.people.models import Account, Person

ISSUER = "Thi Đua"
RECOVERY_CODES = 10
_RECOVERY_LETTERS = 10


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second-step:{key}".encode()).digest())) for key in keys]
    )


def _safe() -> MultiFernet:
    """Secrets lie encrypted in the database: a stolen dump gives nobody a second step."""
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def authenticators(account: Account) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(account=account).order_by("created_at", "pk")


def exist(account: Account) -> bool:
    return authenticators(account).exists()


def app_of(account: Account) -> Authenticator | None:
    return Authenticator.objects.filter(account=account, kind=Step.APP).first()


def picture(account: Account, secret: str) -> str:
    """The QR code an authenticator app scans, as SVG."""
    return qr(otp.address(secret, issuer=ISSUER, label=account.login))


def add_app(account: Account, secret: str, code: str) -> list[str]:
    """Turn the app on after one right code; gives recovery codes when this is the first step."""
    if app_of(account) is not None:
        raise Refused(_("Tài khoản đã có một ứng dụng xác minh: hãy bỏ ứng dụng cũ trước."))
    counter = otp.counter_of(secret, _digits(code), clock.running())
    if counter is None:
        raise Refused(
            _("Mã chưa đúng: hãy xem giờ trên điện thoại có đúng không, rồi nhập mã đang hiện."), field="code"
        )
    made = Authenticator(
        account=account,
        kind=Step.APP,
        name=str(Step.APP.label),
        secret=_safe().encrypt(secret.encode()).decode(),
        counter=counter,
    )
    return add(made)


def add(made: Authenticator) -> list[str]:
    """Keep a new step, record and tell; gives the recovery codes that come with the first."""
    account = made.account
    with transaction.atomic():
        is_first = not Account.objects.select_for_update().get(pk=account.pk).authenticators.exists()
        made.created_at = clock.running()
        made.save()
        acts.record("accounts.second_step.added", account, by=account.person, after={"step": made.name})
        messages.security_changed(account, _("Đã thêm bước xác minh thứ hai: %(step)s") % {"step": made.name})
        return renew_recovery_codes(account) if is_first else []


def remove(account: Account, pk: int) -> str:
    """Take one step away; the last one stays while the person's posts require it. Gives its name."""
    with transaction.atomic():
        found = authenticators(account).select_for_update()
        leaving = next((each for each in found if each.pk == pk), None)
        if leaving is None:
            raise Refused(_("Bước xác minh này đã được bỏ."))
        if len(found) == 1 and rules.needs_second_step(account.person):
            raise Refused(_("Chức danh của bạn bắt buộc có bước thứ hai: hãy thêm bước khác trước khi bỏ bước này."))
        leaving.delete()
        if len(found) == 1:
            RecoveryCode.objects.filter(account=account).delete()
        acts.record("accounts.second_step.removed", account, by=account.person, before={"step": leaving.name})
        messages.security_changed(account, _("Đã bỏ bước xác minh thứ hai: %(step)s") % {"step": leaving.name})
    return leaving.name


def reset(account: Account, *, by: Person | System, reason: str) -> None:
    """Somebody lost the telephone: an administrator takes every step away, saying why."""
    rules.may_reset_second_step(by, account.person).or_refuse(forbidden=True)
    if len(reason.strip()) < 10:
        raise Refused(_("Hãy ghi lý do và cách bạn đã xác nhận đúng người (ít nhất 10 ký tự)."), field="reason")
    with transaction.atomic():
        Authenticator.objects.filter(account=account).delete()
        RecoveryCode.objects.filter(account=account).delete()
        unit_id = account.person.unit_id
        acts.record("accounts.second_step.reset", account, by=by, unit_id=unit_id, reason=reason.strip())
        messages.security_changed(account, _("%(name)s đã gỡ các bước xác minh thứ hai của bạn") % {"name": by})


def check(account: Account, code: str) -> None:
    """Six digits of the app or a recovery code; each works once, wrong ones slow the next down."""
    gates = [delays.Gate(rules.SECOND_STEP, ("second-step", str(account.pk)))]
    delays.enter(gates)
    if not (_takes_app_code(account, _digits(code)) or _takes_recovery_code(account, code)):
        raise Refused(_("Mã không đúng hoặc đã dùng: hãy nhập mã đang hiện trong ứng dụng."), field="code")
    delays.leave(gates, forgive=gates)


def _digits(code: str) -> str:
    return "".join(code.split())[: otp.DIGITS + 1]


def _takes_app_code(account: Account, code: str) -> bool:
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(account=account, kind=Step.APP).first()
        if found is None:
            return False
        secret = _safe().decrypt(found.secret.encode()).decode()
        counter = otp.counter_of(secret, code, clock.running(), after=found.counter)
        if counter is None:
            return False
        used(found, counter)
    return True


def used(found: Authenticator, counter: int) -> None:
    found.counter, found.last_used_at = counter, clock.running()
    found.save(update_fields=["counter", "last_used_at"])


def recovery_codes_left(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account).count()


def renew_recovery_codes(account: Account) -> list[str]:
    """Ten new codes, shown once; older ones stop working."""
    if not exist(account):
        raise Refused(_("Hãy thêm bước xác minh thứ hai trước."))
    made = [codes.new_code("", _RECOVERY_LETTERS - 1).lstrip("-") for _each in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(account=account).delete()
        RecoveryCode.objects.bulk_create([RecoveryCode(account=account, digest=_digest(code)) for code in made])
    return [f"{code[:5]}-{code[5:]}" for code in made]


def _digest(code: str) -> str:
    tidy = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.new(settings.SECRET_KEY.encode(), b"recovery:" + tidy.encode(), hashlib.sha256).hexdigest()


def _takes_recovery_code(account: Account, code: str) -> bool:
    with transaction.atomic():
        if not RecoveryCode.objects.filter(account=account, digest=_digest(code)).delete()[0]:
            return False
        left = recovery_codes_left(account)
        acts.record("accounts.second_step.recovery_used", account, by=account.person, after={"left": left})
        messages.security_changed(account, counted("Đã đăng nhập bằng mã dự phòng; còn %(n)d mã", left))
    return True
