"""What account holders are told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thidua.ledger import acts
from thidua.notify import outbox
from thidua.people.models import Account, Person


def code_issued(person: Person, by: acts.Actor) -> None:
    outbox.tell(
        [person],
        "accounts.code.issued",
        about=person,
        headline=_("%(name)s vừa cấp mã dùng một lần cho bạn") % {"name": by.full_name},
        body=_("Mã cho phép đặt mật khẩu mới. Nếu bạn không xin, hãy báo ngay công đoàn cấp trên."),
    )


def new_device(account: Account, device_name: str) -> None:
    outbox.tell(
        [account.person],
        "accounts.device.new",
        about=account.person,
        headline=_("Đăng nhập từ thiết bị mới: %(device)s") % {"device": device_name},
        body=_("Nếu không phải bạn, hãy mở trang Bảo mật, đăng xuất mọi thiết bị và đổi mật khẩu."),
    )


def security_changed(account: Account, headline: str) -> None:
    outbox.tell(
        [account.person],
        "accounts.security.changed",
        about=account.person,
        headline=headline,
        body=_("Nếu không phải bạn, hãy đổi mật khẩu và báo ngay công đoàn của bạn."),
    )
