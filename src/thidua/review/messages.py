"""Which notices a council sends."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thidua.kernel import formats
from thidua.ledger.acts import Actor
from thidua.notify import outbox
from thidua.people.models import Person
from thidua.review.choices import Chair
from thidua.review.models import Seat, Session


def _person(actor: Actor) -> Person | None:
    return actor if isinstance(actor, Person) else None


def _seated(session: Session) -> list[Person]:
    return [s.person for s in session.council.seats.filter(left_on__isnull=True).select_related("person")]


def seated(seat: Seat, by: Actor) -> None:
    headline = _("Bạn là %(role)s của %(council)s") % {
        "role": seat.get_role_display().lower(),
        "council": seat.council.name,
    }
    outbox.tell([seat.person], "review.seated", about=seat.council, headline=headline, but_not=_person(by))


def opened(session: Session, how_many: int, by: Actor) -> None:
    headline = formats.counted(
        "%(n)d hồ sơ cần chấm và biểu quyết trước %(day)s", how_many, day=formats.day(session.held_on)
    )
    outbox.tell(_seated(session), "review.opened", about=session, headline=headline, needs_action=True)


def closed(session: Session, by: Actor) -> None:
    """Those who sign."""
    signers = session.council.seats.filter(left_on__isnull=True, role__in=[Chair.CHAIR, Chair.DEPUTY])
    people = [s.person for s in signers.select_related("person")]
    headline = _("Đã kiểm phiếu, chờ ký biên bản: %(session)s") % {"session": session}
    outbox.tell(people, "review.closed", about=session, headline=headline, needs_action=True, but_not=_person(by))


def signed(session: Session, by: Actor) -> None:
    headline = _("Đã ký biên bản: %(session)s") % {"session": session}
    outbox.tell(_seated(session), "review.signed", about=session, headline=headline, but_not=_person(by))


def cancelled(session: Session, by: Actor) -> None:
    headline = _("Đã huỷ phiên họp: %(session)s") % {"session": session}
    outbox.tell(_seated(session), "review.cancelled", about=session, headline=headline, but_not=_person(by))
