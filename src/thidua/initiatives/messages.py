"""Which notices an initiative sends, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.choices import State
from thidua.initiatives.models import Authorship, Initiative, Recognition, ScopeProposal
from thidua.initiatives.rules import office_of
from thidua.kernel import formats
from thidua.kernel.formats import counted
from thidua.ledger.acts import Actor, System
from thidua.notify import outbox
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review.models import Case


def _person(actor: Actor) -> Person | None:
    return actor if isinstance(actor, Person) else None


def _people_of(initiative: Initiative) -> list[Person]:
    """The authors on the roster; whoever has read them for many dossiers does not read them again here."""
    are_read = "authorships" in getattr(initiative, "_prefetched_objects_cache", {})
    rows = initiative.authorships.all() if are_read else initiative.authorships.select_related("person")
    return [a.person for a in rows if a.person]


def tell_authors(
    initiative: Initiative, kind: str, headline: str, *, by: Actor, body: str = "", act: bool = False
) -> None:
    """Every author is always told, except of what they did themselves."""
    outbox.tell(
        _people_of(initiative),
        f"initiatives.{kind}.author",
        about=initiative,
        headline=headline,
        body=body,
        needs_action=act,
        but_not=_person(by),
    )


def tell_authors_of_many(initiatives: Iterable[Initiative], kind: str, words: str, *, by: Actor) -> None:
    """The same of a list of dossiers, in one statement; `words` with the title of each."""
    told = [outbox.Word(p, i, words % {"title": i.title}) for i in initiatives for p in _people_of(i)]
    outbox.tell_many(told, f"initiatives.{kind}.author", but_not=_person(by))


def tell_office(
    initiative: Initiative,
    kind: str,
    headline: str,
    *,
    by: Actor,
    act: bool = False,
    body: str = "",
    unit: Unit | None = None,
    permission: Permission = Permission.INITIATIVE_RECEIVE,
) -> None:
    """Those who receive for the grassroots union that handles it, or for another unit."""
    outbox.tell(
        grants.holders(permission, unit or initiative.handler),
        f"initiatives.{kind}",
        about=initiative,
        headline=headline,
        body=body,
        needs_action=act,
        but_not=_person(by),
    )


def submitted(initiative: Initiative, by: Actor, *, again: bool = False, tells_office: bool = True) -> None:
    words = _("Tác giả đã bổ sung và gửi lại: %(title)s") if again else _("Sáng kiến chờ tiếp nhận: %(title)s")
    if tells_office:
        tell_office(initiative, "submitted", words % {"title": initiative.title}, by=by, act=True)
    tell_authors(initiative, "submitted", _("Đã gửi sáng kiến: %(title)s") % {"title": initiative.title}, by=by)


def each_filed(initiatives: Iterable[Initiative], by: Actor) -> None:
    tell_authors_of_many(initiatives, "submitted", _("Đã gửi sáng kiến: %(title)s"), by=by)


def listed(example: Initiative, how_many: int, by: Actor) -> None:
    """A list was entered at once: the office of each union is told once."""
    headline = counted("%(n)d sáng kiến nhập hộ bằng Excel chờ tiếp nhận", how_many)
    tell_office(example, "listed", headline, by=by, act=True)


def each_taken_back(initiatives: Iterable[Initiative], by: Actor) -> None:
    tell_authors_of_many(initiatives, "withdrawn", _("Sáng kiến đã được rút: %(title)s"), by=by)


def list_taken_back(example: Initiative, how_many: int, by: Actor) -> None:
    """A whole list went again: the office of each union is told once."""
    headline = counted("%(n)d sáng kiến nhập hộ bằng Excel đã được rút", how_many)
    tell_office(example, "withdrawn", headline, by=by)


def credited(initiative: Initiative, by: Actor, *, asked: Collection[int]) -> None:
    """Co-authors just named are asked whether their share is right."""
    rows = [a for a in initiative.authorships.select_related("person") if a.person_id in asked]
    for is_noted in (True, False):
        told = [(a.person, initiative) for a in rows if a.person and (a.noted_by_id is not None) == is_noted]
        credited_all(told, by, is_noted=is_noted)


def credited_all(named: Iterable[tuple[Person, Initiative]], by: Actor, *, is_noted: bool = False) -> None:
    """What an officer has noted from a paper needs no answer, but may be contradicted."""
    headline, body = _("Bạn được ghi là đồng tác giả: %(title)s"), _("Hãy mở hồ sơ và xác nhận tỷ lệ đóng góp của bạn.")
    if is_noted:
        body = _("Cán bộ đã ghi nhận bạn đồng ý tỷ lệ đóng góp. Chưa đúng thì mở hồ sơ và báo lại.")
    words = [outbox.Word(person, i, headline % {"title": i.title or i.code}, body) for person, i in named]
    outbox.tell_many(words, "initiatives.credited.author", needs_action=not is_noted, but_not=_person(by))


def consent_noted(authorship: Authorship, by: Actor) -> None:
    """The co-author can contradict what an officer has noted from a paper."""
    if authorship.person:
        credited_all([(authorship.person, authorship.initiative)], by, is_noted=True)


def share_unanswered(initiative: Initiative, unanswered: Iterable[Authorship], last_day: date, by: Actor) -> None:
    headline = _("Hãy xác nhận tỷ lệ đóng góp trước hết ngày %(day)s: %(title)s") % {
        "day": formats.day(last_day),
        "title": initiative.title or initiative.code,
    }
    body = _("Sau ngày đó mà không có ý kiến thì được coi là đồng ý. Chưa đúng thì mở hồ sơ và báo lại.")
    words = [outbox.Word(a.person, initiative, headline, body) for a in unanswered if a.person]
    outbox.tell_many(words, "initiatives.share_unanswered.author", needs_action=True, but_not=_person(by))


def objected(authorship: Authorship, by: Actor) -> None:
    """A co-author does not agree with the share: the other authors, and the office once it has the dossier."""
    initiative = authorship.initiative
    headline = _("%(name)s chưa đồng ý tỷ lệ đóng góp: %(title)s") % {
        "name": authorship.name,
        "title": initiative.title or initiative.code,
    }
    tell_authors(initiative, "share_objected", headline, by=by, body=authorship.objection, act=True)
    if initiative.state in (State.SUBMITTED, State.RECEIVED):
        tell_office(initiative, "share_objected", headline, by=by)


def author_left(initiative: Initiative, by: Person, reason: str) -> None:
    """The authors who stay confirm their shares anew; the office knows who applies now."""
    named = {"name": by.full_name, "title": initiative.title or initiative.code}
    headline = _("%(name)s đã rút tên khỏi danh sách tác giả: %(title)s") % named
    anew = _("Tỷ lệ đóng góp được chia lại theo phần của từng người: hãy xem và xác nhận lại.")
    body = f"{reason}\n{anew}" if reason else anew
    tell_authors(initiative, "author_left", headline, by=by, body=body, act=True)
    if initiative.state in (State.SUBMITTED, State.RECEIVED, State.PASSED_UP):
        tell_office(initiative, "author_left", headline, by=by, body=reason, unit=office_of(initiative))


def asked_first_user(initiative: Initiative, person: Person, by: Actor) -> None:
    outbox.tell(
        [person],
        "initiatives.first_use.asked",
        about=initiative,
        headline=_("Xin ý kiến của người áp dụng lần đầu: %(title)s") % {"title": initiative.title or initiative.code},
        body=_("Hãy cho biết lợi ích thực tế khi bạn áp dụng sáng kiến này."),
        needs_action=True,
        but_not=_person(by),
    )


def first_use_stated(initiative: Initiative, name: str, by: Actor) -> None:
    headline = _("%(name)s đã cho ý kiến về lợi ích: %(title)s") % {
        "name": name,
        "title": initiative.title or initiative.code,
    }
    tell_authors(initiative, "first_use_stated", headline, by=by)


def withdrawn(initiative: Initiative, by: Actor) -> None:
    headline = _("Sáng kiến đã được rút: %(title)s") % {"title": initiative.title}
    tell_office(initiative, "withdrawn", headline, by=by)
    tell_authors(initiative, "withdrawn", headline, by=by)


def received(initiative: Initiative, by: Actor) -> None:
    tell_authors(initiative, "received", _("Công đoàn đã tiếp nhận: %(title)s") % {"title": initiative.title}, by=by)


def returned(initiative: Initiative, by: Actor) -> None:
    headline = _("Cần bổ sung: %(title)s") % {"title": initiative.title}
    tell_authors(initiative, "returned", headline, by=by, body=initiative.reason, act=True)


def concluded(initiative: Initiative, by: Actor, decision: str = "") -> None:
    headline = _("%(state)s: %(title)s") % {"state": initiative.get_state_display(), "title": initiative.title}
    tell_authors(initiative, "concluded", headline, by=by, body=initiative.reason or decision)


def benefit_confirmed(initiative: Initiative, by: Actor) -> None:
    headline = _("Giá trị làm lợi được xác nhận %(amount)s mỗi năm: %(title)s") % {
        "amount": formats.vnd(initiative.benefit_confirmed),
        "title": initiative.title,
    }
    tell_authors(initiative, "benefit", headline, by=by)


def adopted(initiative: Initiative, unit_name: str, by: Actor) -> None:
    headline = _("%(unit)s đăng ký áp dụng sáng kiến của bạn: %(title)s") % {
        "unit": unit_name,
        "title": initiative.title,
    }
    tell_authors(initiative, "adopted", headline, by=by)


def passed_up(initiative: Initiative, by: Actor, reason: str) -> None:
    unit = initiative.decider.short_name if initiative.decider else ""
    headline = _("Chuyển lên %(unit)s quyết định: %(title)s") % {"unit": unit, "title": initiative.title}
    tell_office(initiative, "passed_up", headline, by=by, act=True, body=reason, unit=initiative.decider)
    tell_authors(initiative, "passed_up", headline, by=by, body=reason)


def handed_down(initiative: Initiative, by: Actor, was_with: Unit, reason: str) -> None:
    headline = _("Hồ sơ về lại cơ sở quyết định: %(title)s") % {"title": initiative.title}
    tell_office(initiative, "handed_down", headline, by=by, act=True, body=reason)
    tell_office(initiative, "handed_down", headline, by=by, unit=was_with)
    tell_authors(initiative, "handed_down", headline, by=by, body=reason)


def undone(initiative: Initiative, by: Actor) -> None:
    headline = _("Bước vừa rồi được hoàn tác, hồ sơ về «%(state)s»: %(title)s") % {
        "state": initiative.get_state_display(),
        "title": initiative.title,
    }
    tell_authors(initiative, "undone", headline, by=by)


def due(initiative: Initiative, level: int, by: Actor) -> None:
    """0 before the deadline, 1 past it: whose turn it is; 2: the level above as well, and the authors."""
    words = (
        _("Sắp đến hạn %(day)s: %(title)s"),
        _("Quá hạn từ %(day)s: %(title)s"),
        _("Quá hạn từ %(day)s, đã báo cấp trên: %(title)s"),
    )[level]
    headline = words % {"day": formats.day(initiative.due_on), "title": initiative.title}
    if initiative.state == State.RETURNED:
        tell_authors(initiative, "due", headline, by=by, body=initiative.reason, act=True)
        return
    office = office_of(initiative)
    is_deciding = initiative.state in (State.RECEIVED, State.PASSED_UP)
    needed = Permission.INITIATIVE_RECOGNISE if is_deciding else Permission.INITIATIVE_RECEIVE
    tell_office(initiative, "due", headline, by=by, act=True, unit=office, permission=needed)
    if level == 2:
        tell_authors(initiative, "due", headline, by=by)
        if office.parent:
            tell_office(initiative, "due.above", headline, by=by, unit=office.parent)


def scope_asked(proposal: ScopeProposal, by: Actor) -> None:
    headline = _("Đề nghị công nhận phạm vi %(scope)s: %(title)s") % {
        "scope": proposal.get_scope_display().lower(),
        "title": proposal.initiative.title,
    }
    tell_office(
        proposal.initiative,
        "scope",
        headline,
        by=by,
        act=True,
        body=proposal.grounds,
        unit=proposal.unit,
        permission=Permission.INITIATIVE_RECOGNISE,
    )
    tell_authors(proposal.initiative, "scope", headline, by=by)


def scope_answered(proposal: ScopeProposal, by: Actor) -> None:
    headline = f"{proposal.get_state_display()} ({proposal.get_scope_display()}): {proposal.initiative.title}"
    act = proposal.state == "returned"
    tell_office(proposal.initiative, "scope", headline, by=by, act=act, body=proposal.reason)
    tell_authors(proposal.initiative, "scope", headline, by=by, body=proposal.reason)


def scope_revoked(recognition: Recognition, by: Actor) -> None:
    headline = _("Huỷ bỏ công nhận phạm vi %(scope)s: %(title)s") % {
        "scope": recognition.get_scope_display().lower(),
        "title": recognition.initiative.title,
    }
    tell_office(recognition.initiative, "scope", headline, by=by, body=recognition.revoked_reason)
    tell_authors(recognition.initiative, "scope", headline, by=by, body=recognition.revoked_reason)


def judged(initiative: Initiative, case: Case) -> None:
    """The council's minutes are signed: the head decides, the authors know."""
    headline = f"{case.get_outcome_display()} ({case.yes}/{case.base}): {initiative.title}"
    clock = System("Hội đồng")
    office = office_of(initiative)
    needed = Permission.INITIATIVE_RECOGNISE
    tell_office(initiative, "judged", headline, by=clock, act=True, unit=office, permission=needed)
    tell_authors(initiative, "judged", headline, by=clock)
