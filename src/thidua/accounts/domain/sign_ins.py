"""Judge a sign-in, remember the session and its device, and end sessions."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thidua.accounts import messages, queries, rules
from thidua.accounts.domain import delays
from thidua.accounts.models import Device, SignIn
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people import queries as people_queries
from thidua.people.models import Account

# The browser's name first met wins: Edge and Opera also call themselves Chrome, Chrome Safari.
_BROWSERS = (
    ("zalo", "Zalo"), ("edg", "Edge"), ("opr/", "Opera"), ("coc_coc", "Cốc Cốc"), ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"), ("fxios", "Firefox"), ("crios", "Chrome"), ("chrome", "Chrome"), ("safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("android", "Android"), ("iphone", "iPhone"), ("ipad", "iPad"), ("windows", "Windows"), ("mac os", "Mac"),
    ("cros", "ChromeOS"), ("linux", "Linux"),
)  # fmt: skip
# A session's last use is kept to the quarter of an hour: enough to recognise it, little to tell.
TOUCH_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Visit:
    """Where an attempt comes from; nothing of it is stored but the device's name."""

    network: str
    device_token: str = ""
    device_name: str = ""


def device_name(user_agent: str) -> str:
    """'Chrome trên Android', from the line every browser sends."""
    line = user_agent.lower()
    browser = next((name for mark, name in _BROWSERS if mark in line), _("Trình duyệt"))
    system = next((name for mark, name in _SYSTEMS if mark in line), "")
    return _("%(browser)s trên %(system)s") % {"browser": browser, "system": system} if system else browser


def check(identifier: str, password: str, visit: Visit) -> Account:
    """The account, when the password is right and nobody knocks too often.

    Unknown names, wrong passwords and closed accounts get one answer, and the same work is done for each.
    """
    account = people_queries.account_for(identifier)
    known = queries.device(visit.device_token, account)
    gates = _gates(identifier, visit, known)
    slowed = delays.enter(gates)
    if account is None:
        make_password(password)
        right = False
    else:
        right = account.check_password(password) and account.is_active
    if not right or account is None:
        if slowed and account is not None:
            _tell_slowed(account, len(gates), slowed[0].failures)
        raise Refused(_("Không đúng. Hãy kiểm tra số điện thoại, mã đoàn viên hoặc email, và mật khẩu."))
    delays.leave(gates, forgive=gates[:1])
    return account


def _gates(identifier: str, visit: Visit, known: Device | None) -> list[delays.Gate]:
    """The first is the one a right password clears altogether."""
    if known is not None:
        return [delays.Gate(rules.KNOWN_DEVICE, ("device", str(known.pk)))]
    # By what was typed, not by whom it means: waits must not tell that two names are one person.
    typed = people_queries.tidy_phone(identifier) or re.sub(r"\s", "", identifier).casefold()[:200]
    network = delays.network_of(visit.network)
    return [
        delays.Gate(rules.PAIR, ("pair", typed, network)),
        delays.Gate(rules.ANYWHERE, ("anywhere", typed)),
        delays.Gate(rules.NETWORK, ("network", network)),
    ]


def _tell_slowed(account: Account, gates: int, failures: int) -> None:
    """On the ledger when a wait begins and then at every tenth failure, not at each knock."""
    if failures % 10 not in (0, 6) and gates > 1:
        return
    with transaction.atomic():
        acts.record(
            "accounts.sign_in.slowed",
            account,
            by=acts.System(_("Hệ thống")),
            unit_id=account.person.unit_id,
            after={"failures": failures},
        )


def opened(account: Account, session_key: str, method: str, visit: Visit) -> str:
    """Write down a session that has just begun; gives the device's token for its cookie."""
    now = clock.running()
    with transaction.atomic():
        device = queries.device(visit.device_token, account)
        token = visit.device_token
        if device is None:
            token = secrets.token_urlsafe(24)
            is_first = not account.devices.exists()
            device = Device.objects.create(
                account=account,
                digest=queries.digest_of(token),
                name=visit.device_name[:80],
                first_seen_at=now,
                last_seen_at=now,
            )
            if not is_first:
                messages.new_device(account, device.name)
        else:
            Device.objects.filter(pk=device.pk).update(last_seen_at=now)
        SignIn.objects.create(
            account=account,
            device=device,
            session_key=session_key,
            device_name=device.name,
            method=method,
            started_at=now,
            last_used_at=now,
        )
        acts.record(
            "accounts.sign_in.succeeded",
            account,
            by=account.person,
            unit_id=account.person.unit_id,
            after={"method": method, "device": device.name},
        )
    return token


def touch(session_key: str) -> None:
    SignIn.objects.filter(session_key=session_key).update(last_used_at=clock.running())


def closed(session_key: str) -> None:
    """Signed out by the person."""
    SignIn.objects.filter(session_key=session_key).delete()


def moved(old_key: str, new_key: str) -> None:
    """The session got a new key (after a change of password)."""
    SignIn.objects.filter(session_key=old_key).update(session_key=new_key)


def end(account: Account, pk: int) -> SignIn:
    """End one of the account's sessions; Refused when it has ended meanwhile."""
    found = queries.sign_ins(account).filter(pk=pk).first()
    if found is None:
        raise Refused(_("Phiên này đã kết thúc."))
    _end(account, queries.sign_ins(account).filter(pk=pk))
    return found


def end_others(account: Account, session_key: str) -> int:
    """End every session but this one, and forget the other devices."""
    return _end(account, queries.sign_ins(account).exclude(session_key=session_key))


def end_all(account: Account) -> int:
    return _end(account, queries.sign_ins(account))


def _end(account: Account, found: QuerySet[SignIn]) -> int:
    with transaction.atomic():
        rows = list(found.select_for_update())
        kept = SignIn.objects.filter(account=account).exclude(pk__in=[r.pk for r in rows]).values("device")
        Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
        devices = [row.device_id for row in rows if row.device_id]
        SignIn.objects.filter(pk__in=[row.pk for row in rows]).delete()
        # A lost telephone must not stay a known device.
        Device.objects.filter(pk__in=devices).exclude(pk__in=kept).delete()
        if rows:
            acts.record(
                "accounts.sign_in.ended",
                account,
                by=account.person,
                unit_id=account.person.unit_id,
                after={"sessions": len(rows)},
            )
    return len(rows)


def sweep() -> int:
    """Drop the rows of sessions that ran out by themselves."""
    live = Session.objects.filter(expire_date__gt=clock.running()).values("session_key")
    return SignIn.objects.exclude(session_key__in=live).delete()[0]
