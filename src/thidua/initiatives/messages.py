"""Which notices an initiative sends, and to whom."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.models import Initiative
from thidua.ledger.acts import Actor
from thidua.notify import outbox
from thidua.people.models import Person


def _person(actor: Actor) -> Person | None:
    return actor if isinstance(actor, Person) else None


def tell_authors(
    initiative: Initiative, kind: str, headline: str, *, by: Actor, body: str = "", act: bool = False
) -> None:
    """Every author is always told, except of what they did themselves."""
    authors = [a.person for a in initiative.authorships.select_related("person") if a.person]
    outbox.tell(
        authors,
        f"initiatives.{kind}.author",
        about=initiative,
        headline=headline,
        body=body,
        needs_action=act,
        but_not=_person(by),
    )


def tell_office(initiative: Initiative, kind: str, headline: str, *, by: Actor, act: bool = False) -> None:
    """Those who receive for the grassroots union that handles it."""
    outbox.tell(
        grants.holders(Permission.INITIATIVE_RECEIVE, initiative.handler),
        f"initiatives.{kind}",
        about=initiative,
        headline=headline,
        needs_action=act,
        but_not=_person(by),
    )


def submitted(initiative: Initiative, by: Actor, *, again: bool = False) -> None:
    words = _("Tác giả đã bổ sung và gửi lại: %(title)s") if again else _("Sáng kiến chờ tiếp nhận: %(title)s")
    tell_office(initiative, "submitted", words % {"title": initiative.title}, by=by, act=True)
    tell_authors(initiative, "submitted", _("Đã gửi sáng kiến: %(title)s") % {"title": initiative.title}, by=by)


def credited(initiative: Initiative, by: Actor, *, known: Collection[int | None]) -> None:
    """Co-authors just named are asked whether their share is right."""
    added = [a.person for a in initiative.authorships.select_related("person") if a.person and a.person_id not in known]
    outbox.tell(
        added,
        "initiatives.credited.author",
        about=initiative,
        headline=_("Bạn được ghi là đồng tác giả: %(title)s") % {"title": initiative.title or initiative.code},
        body=_("Hãy mở hồ sơ và xác nhận tỷ lệ đóng góp của bạn."),
        needs_action=True,
        but_not=_person(by),
    )


def withdrawn(initiative: Initiative, by: Actor) -> None:
    headline = _("Sáng kiến đã được rút: %(title)s") % {"title": initiative.title}
    tell_office(initiative, "withdrawn", headline, by=by)
    tell_authors(initiative, "withdrawn", headline, by=by)


def received(initiative: Initiative, by: Actor) -> None:
    tell_authors(initiative, "received", _("Công đoàn đã tiếp nhận: %(title)s") % {"title": initiative.title}, by=by)


def returned(initiative: Initiative, by: Actor) -> None:
    headline = _("Cần bổ sung: %(title)s") % {"title": initiative.title}
    tell_authors(initiative, "returned", headline, by=by, body=initiative.reason, act=True)


def concluded(initiative: Initiative, by: Actor) -> None:
    headline = _("%(state)s: %(title)s") % {"state": initiative.get_state_display(), "title": initiative.title}
    tell_authors(initiative, "concluded", headline, by=by, body=initiative.reason)


def adopted(initiative: Initiative, unit_name: str, by: Actor) -> None:
    headline = _("%(unit)s đăng ký áp dụng sáng kiến của bạn: %(title)s") % {
        "unit": unit_name,
        "title": initiative.title,
    }
    tell_authors(initiative, "adopted", headline, by=by)
