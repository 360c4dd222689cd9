"""Pure rules: how long to wait, who may hand out a code, who needs a second step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import installation
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.ledger.acts import System
from thidua.orgs import queries as org_queries
from thidua.people.models import Account, Person


@dataclass(frozen=True)
class Limit:
    """Failures that cost nothing, then a wait that doubles up to the longest; forgotten after a while."""

    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta

    def wait(self, failures: int) -> timedelta:
        if failures <= self.free:
            return timedelta()
        return min(self.first * 2 ** min(failures - self.free - 1, 20), self.longest)


# One person at one place; one account from anywhere; one network (a factory has one address for
# thousands); a device that has been in before, which no stranger's failures can slow down.
PAIR = Limit(5, timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=1))
ANYWHERE = Limit(20, timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1))
NETWORK = Limit(60, timedelta(seconds=2), timedelta(minutes=1), timedelta(minutes=15))
KNOWN_DEVICE = Limit(8, timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=1))
CODES = Limit(10, timedelta(seconds=10), timedelta(minutes=5), timedelta(hours=1))
SECOND_STEP = Limit(5, timedelta(seconds=15), timedelta(minutes=15), timedelta(hours=1))


def may_issue(by: Person | System, person: Person) -> Verdict:
    """Who keeps the roster hands out codes, but never one that opens more rights than his own."""
    if isinstance(by, System):
        return YES
    if by.pk == person.pk:
        return no(_("Không tự cấp mã cho mình: hãy đổi mật khẩu ở trang Bảo mật."))
    if person.left_on is not None:
        return no(_("%(name)s đã rời danh sách đoàn viên.") % {"name": person.full_name})
    grassroots = org_queries.grassroots_of(person.unit) or person.unit  # its officers keep the sections' rosters too
    if not any(grants.may(by, Permission.PERSON_MANAGE, unit) for unit in (person.unit, grassroots)):
        return grants.may(by, Permission.PERSON_MANAGE, person.unit)
    for grant in grants.grants_of(person):
        if grant.role.name == "member" or grants.may(by, Permission.POST_GRANT, grant.unit):
            continue
        if not all(grants.may(by, permission, grant.unit) for permission in grant.role.permissions):
            return no(
                _("%(name)s giữ chức danh %(role)s tại %(unit)s: chỉ người quản trị của đơn vị đó cấp được mã.")
                % {"name": person.full_name, "role": grant.role.label, "unit": grant.unit.short_name}
            )
    return YES


def may_reset_second_step(by: Person | System, person: Person) -> Verdict:
    """Only who may grant posts wherever the person holds one; never for oneself."""
    if isinstance(by, System):
        return YES
    if by.pk == person.pk:
        return no(_("Không tự gỡ bước xác minh của mình: hãy nhờ người quản trị khác."))
    for grant in grants.grants_of(person):
        verdict = grants.may(by, Permission.POST_GRANT, grant.unit)
        if not verdict:
            return verdict
    return YES


def needs_second_step(person: Person) -> bool:
    """Whoever holds one of the rights named in the settings, except in a demonstration."""
    if installation.current().is_demonstration:
        return False
    wanted = set(settings.SECOND_STEP_PERMISSIONS)
    return any(wanted & {p.value for p in grant.role.permissions} for grant in grants.grants_of(person))


def is_open(account: Account) -> Verdict:
    return YES if account.is_active else no(_("Tài khoản này đã bị khoá: hãy hỏi công đoàn của bạn."))
