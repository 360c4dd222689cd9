"""Whether every author agrees with the own share, by the rule in force: what a recognition waits for.

An author agrees by saying so, by a paper the office has noted, or by not answering within the time of the
rule pack. Silence speaks only for those who could answer: whoever has no account was asked on paper or not
at all. An objection stands until the share is changed or its author agrees.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thidua.initiatives import rules
from thidua.initiatives.choices import Channel, Consent
from thidua.initiatives.models import Authorship, Initiative
from thidua.kernel import clock, formats, rulepacks
from thidua.kernel.verdicts import Verdict, no
from thidua.ledger.acts import System
from thidua.people.models import Person


def rule() -> dict[str, Any]:
    """What is demanded today."""
    return rulepacks.in_force("share-consent", clock.today()).rules


def answer_by(authorship: Authorship, initiative: Initiative) -> date | None:
    """The last day to answer; None where silence says nothing."""
    days = rule()["silence_agrees_after_days"]
    if days is None or not _can_answer(authorship):
        return None
    asked = authorship.asked_at or initiative.created_at
    return timezone.localtime(asked).date() + timedelta(days=days)


def may_note(actor: Person | System, initiative: Initiative) -> Verdict:
    """A consent on paper is noted by whoever has the dossier in hand and gains nothing by it."""
    if rules.is_author(actor, initiative):
        return no(_("Bạn là tác giả: người khác ghi nhận sự đồng ý của đồng tác giả."))
    return rules.may_receive(actor, initiative)


def _can_answer(authorship: Authorship) -> bool:
    account = getattr(authorship.person, "account", None)
    return account is not None and account.is_active


def consent_of(authorship: Authorship, initiative: Initiative) -> Consent:
    """Where one author stands."""
    if authorship.objection:
        return Consent.OBJECTED
    if authorship.confirmed_at:
        return Consent.CONFIRMED
    if authorship.position == 0 and initiative.channel == Channel.OPEN:
        return Consent.CONFIRMED  # sent it, without an account
    if authorship.noted_by_id or (authorship.position == 0 and initiative.consent_noted):
        return Consent.NOTED
    last_day = answer_by(authorship, initiative) if authorship.person_id else None
    return Consent.SILENT if last_day and clock.today() > last_day else Consent.WAITING


def of_each(initiative: Initiative) -> list[tuple[Authorship, Consent | None]]:
    """The authors in their order with where each stands; an only author is asked nothing."""
    authors = list(initiative.authorships.all())
    is_shared = len(authors) > 1
    return [(a, consent_of(a, initiative) if is_shared else None) for a in authors]


def silent_authors(initiative: Initiative) -> list[str]:
    """Who is taken to agree because no answer came: written down with the decision."""
    return [a.name for a, consent in of_each(initiative) if consent == Consent.SILENT]


def shares_agreed(initiative: Initiative) -> str | None:
    """None when nobody is waited for; else who, until when, and what the office can do."""
    if not rule()["demanded_before_recognition"]:
        return None
    each = of_each(initiative)
    said = []
    if objecting := _names(a.name for a, consent in each if consent == Consent.OBJECTED):
        said.append(_("%(names)s chưa đồng ý tỷ lệ đóng góp: hãy sửa tỷ lệ rồi hỏi lại.") % {"names": objecting})
    waiting = [a for a, consent in each if consent == Consent.WAITING and a.person_id]
    if waited := _names(_waited_for(a, initiative) for a in waiting):
        words = _("Còn chờ %(names)s xác nhận tỷ lệ đóng góp; có giấy đồng ý thì cán bộ ghi nhận ở mục Tác giả.")
        said.append(words % {"names": waited})
    return " ".join(said) or None


def _waited_for(authorship: Authorship, initiative: Initiative) -> str:
    last_day = answer_by(authorship, initiative)
    if last_day:
        return _("%(name)s (đến hết ngày %(day)s)") % {"name": authorship.name, "day": formats.day(last_day)}
    if _can_answer(authorship):
        return authorship.name
    return _("%(name)s (chưa có tài khoản)") % {"name": authorship.name}


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
