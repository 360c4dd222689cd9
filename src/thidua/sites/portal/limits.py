"""How much may be filed without an account: tight for one device, wide for the network of a whole factory."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from thidua.initiatives import queries
from thidua.kernel import clock, counters
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries

PER_PHONE_A_DAY = 5
PER_DEVICE_AN_HOUR = 20
PER_KIOSK_AN_HOUR = 120
MEMBERS_AN_HOUR = 4  # a quarter of the members may file within an hour from the one address of their factory


def refuse_robots(request: HttpRequest, key: str) -> None:
    """Robots fill the box people do not see, and forms that were never opened have no key."""
    if request.POST.get("website") or not key:
        raise Refused(_("Mẫu gửi không hợp lệ: hãy tải lại trang rồi gửi lại."))


def refuse_flood(request: HttpRequest, handler: Unit, key: str, phone: str, *, is_kiosk: bool) -> None:
    """Nobody sends dozens; sending the same form again is never counted."""
    if queries.by_submission_key(key):
        return
    device = request.session.session_key
    most = PER_KIOSK_AN_HOUR if is_kiosk else PER_DEVICE_AN_HOUR
    if device and _count(f"device:{device}") > most:
        raise Refused(_("Máy này vừa gửi quá nhiều lượt: hãy thử lại sau một giờ, hoặc đăng nhập để gửi."))
    if not is_kiosk and _count(f"network:{request.META.get('REMOTE_ADDR', '')}:{handler.pk}") > _wide(handler):
        raise Refused(_("Có quá nhiều lượt gửi từ mạng này: hãy thử lại sau một giờ, hoặc đăng nhập để gửi."))
    tidy = people_queries.tidy_phone(phone)
    if queries.open_filed_since(tidy, clock.now() - timedelta(days=1)) >= PER_PHONE_A_DAY:
        raise Refused(
            _("Số điện thoại này đã gửi %(n)d sáng kiến trong một ngày: hãy đăng nhập để gửi thêm.")
            % {"n": PER_PHONE_A_DAY},
            field="phone",
        )


def _wide(handler: Unit) -> int:
    members = org_queries.members_of([handler]).get(handler.pk, 0)
    return max(settings.OPEN_FILINGS_AN_HOUR, members // MEMBERS_AN_HOUR)


def _count(name: str) -> int:
    return counters.count(f"open-filing:{name}", timedelta(hours=1))
