"""Who may do what with an initiative, by role and place; and what makes one complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.choices import Benefit, Channel, State
from thidua.initiatives.models import Authorship, Initiative, ScopeProposal
from thidua.kernel import clock, formats, rulepacks
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.ledger import queries as ledger
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review import queries as review

TITLE_MIN = 8
TEXT_MIN = 10
MONTHS_A_YEAR = 12
OPEN_TO_AUTHORS = (State.DRAFT, State.RETURNED)
OPEN_TO_OFFICE = (State.DRAFT, State.SUBMITTED, State.RECEIVED, State.RETURNED)
OPEN_TO_CO_AUTHORS = (*OPEN_TO_OFFICE, State.PASSED_UP)  # nothing is decided yet
# What ended without a recognition may be tried a second time.
WRITTEN_ANEW = (State.REFUSED, State.WITHDRAWN)


def limits() -> dict[str, int]:
    """Time limits and lengths in force today."""
    return rulepacks.in_force("initiative-procedure", clock.today()).rules


def escalated_before(today: date) -> date:
    """What was due before this day has been told to the level above (see `domain/deadlines`)."""
    day = today
    while formats.add_working_days(day, limits()["escalate_after_working_days"]) >= today:
        day -= timedelta(days=1)
    return day + timedelta(days=1)


def office_of(initiative: Initiative) -> Unit:
    """Whose turn it is in the office: the unit it was passed up to, else the union that handles it."""
    if initiative.state == State.PASSED_UP and initiative.decider is not None:
        return initiative.decider
    return initiative.handler


def is_author(person: Person | System, initiative: Initiative) -> bool:
    if isinstance(person, System):
        return False
    return any(a.person_id == person.pk for a in initiative.authorships.all())


def may_file(actor: Person | System, author: Person, handler: Unit, home: Unit | None) -> Verdict:
    """One's own at one's own grassroots union; somebody else's only as its officer.

    `home` is the union that handles what the author makes where the author belongs.
    """
    if isinstance(actor, System):
        return YES
    if actor.pk != author.pk:
        return grants.may(actor, Permission.INITIATIVE_ENTER, handler)
    if home is not None and home.pk == handler.pk:
        return YES
    return no(
        _("Bạn không thuộc %(unit)s: hãy gửi sáng kiến cho công đoàn cơ sở của bạn.") % {"unit": handler.short_name}
    )


def _may_send(actor: Person | System, initiative: Initiative) -> Verdict:
    """An author, or the office for what it entered or for an author who has no account yet."""
    if isinstance(actor, System) or is_author(actor, initiative):
        return YES
    if initiative.entered_by_id is not None or initiative.channel == Channel.OPEN:
        return grants.may(actor, Permission.INITIATIVE_ENTER, initiative.handler)
    return no(_("Chỉ tác giả mới gửi được hồ sơ này."))


def _was_received(initiative: Initiative) -> bool:
    return initiative.state == State.RETURNED and initiative.received_on is not None


def may_submit(actor: Person | System, initiative: Initiative) -> Verdict:
    if _was_received(initiative):
        return no(_("Hồ sơ này đã được tiếp nhận: gửi lại là về thẳng bước quyết định."))
    return _may_send(actor, initiative)


def may_resume(actor: Person | System, initiative: Initiative) -> Verdict:
    if not _was_received(initiative) or initiative.decider_id is not None:
        return no(_("Hồ sơ này chưa được tiếp nhận lần nào."))
    return _may_send(actor, initiative)


def may_resume_up(actor: Person | System, initiative: Initiative) -> Verdict:
    if not _was_received(initiative) or initiative.decider_id is None:
        return no(_("Hồ sơ này chưa được chuyển lên cấp trên."))
    return _may_send(actor, initiative)


def may_withdraw(actor: Person | System, initiative: Initiative) -> Verdict:
    """The lead author or whoever sent it takes all of it back; a co-author only the own name."""
    if isinstance(actor, System) or _speaks_for_all(actor, initiative):
        return YES
    if initiative.entered_by_id is not None and initiative.entered_by_id == actor.pk:
        return grants.may(actor, Permission.INITIATIVE_ENTER, initiative.handler)
    if is_author(actor, initiative):
        return no(_("Tác giả chính hoặc người đã gửi mới rút được cả hồ sơ; bạn có thể rút tên mình."))
    return no(_("Chỉ tác giả mới rút được hồ sơ này."))


def _speaks_for_all(person: Person, initiative: Initiative) -> bool:
    """The lead author; an author who began or sent it; any author while the lead is only a name."""
    if not is_author(person, initiative):
        return False
    if (lead := lead_of(initiative)) and lead.person_id in (None, person.pk):
        return True
    begun = [f"initiatives.initiative.{act}" for act in ("started", "submitted")]
    return ledger.timeline_of(initiative).filter(kind__in=begun, actor_id=person.pk).exists()


def lead_of(initiative: Initiative) -> Authorship | None:
    return min(initiative.authorships.all(), key=lambda a: a.position, default=None)


def may_leave(actor: Person | System, initiative: Initiative) -> Verdict:
    """A co-author takes the own name back while nothing is decided; the lead author withdraws, or names another lead."""
    if isinstance(actor, System) or not is_author(actor, initiative):
        return no(_("Bạn không phải là tác giả của hồ sơ này."))
    if (lead := lead_of(initiative)) and lead.person_id == actor.pk:
        return no(_("Bạn là tác giả chính: hãy rút hồ sơ, hoặc ghi một đồng tác giả khác là tác giả chính trước."))
    if initiative.state not in OPEN_TO_CO_AUTHORS:
        return no(_("Hồ sơ đã kết thúc nên không sửa được nữa."))
    return YES


def may_write_anew(actor: Person | System, initiative: Initiative) -> Verdict:
    return YES if is_author(actor, initiative) else no(_("Chỉ tác giả mới viết lại được hồ sơ này."))


def may_receive(actor: Person | System, initiative: Initiative) -> Verdict:
    return grants.may(actor, Permission.INITIATIVE_RECEIVE, office_of(initiative))


def may_pass_up(actor: Person | System, initiative: Initiative) -> Verdict:
    """The union that handles it gives it up, and may call it back while nothing is decided."""
    return grants.may(actor, Permission.INITIATIVE_RECEIVE, initiative.handler)


def _may_decide(actor: Person | System, unit: Unit, initiative: Initiative) -> Verdict:
    """The head of the unit, unless an author of it."""
    verdict = grants.may(actor, Permission.INITIATIVE_RECOGNISE, unit)
    if verdict and is_author(actor, initiative):
        return no(_("Bạn là tác giả nên không tự quyết định sáng kiến này: người được uỷ quyền quyết định."))
    return verdict


def may_recognise(actor: Person | System, initiative: Initiative) -> Verdict:
    return _may_decide(actor, office_of(initiative), initiative)


def may_revoke(actor: Person | System, initiative: Initiative) -> Verdict:
    return grants.may(actor, Permission.INITIATIVE_REVOKE, initiative.decider or initiative.handler)


def may_reopen(actor: Person | System, initiative: Initiative) -> Verdict:
    """Take a decision back that was just made: those who may make it."""
    return _may_decide(actor, initiative.decider or initiative.handler, initiative)


def may_take_back_return(actor: Person | System, initiative: Initiative) -> Verdict:
    return grants.may(actor, Permission.INITIATIVE_RECEIVE, initiative.decider or initiative.handler)


def may_propose_scope(actor: Person | System, initiative: Initiative) -> Verdict:
    """The head of the union that handles it puts a recognised initiative to a unit above."""
    return grants.may(actor, Permission.INITIATIVE_RECOGNISE, initiative.handler)


def may_send_proposal(actor: Person | System, proposal: ScopeProposal) -> Verdict:
    return may_propose_scope(actor, proposal.initiative)


def may_decide_scope(actor: Person | System, proposal: ScopeProposal) -> Verdict:
    return _may_decide(actor, proposal.unit, proposal.initiative)


def may_return_scope(actor: Person | System, proposal: ScopeProposal) -> Verdict:
    receive = grants.may(actor, Permission.INITIATIVE_RECEIVE, proposal.unit)
    return receive or grants.may(actor, Permission.INITIATIVE_RECOGNISE, proposal.unit)


def may_write(actor: Person | System, initiative: Initiative) -> Verdict:
    """Authors while it is theirs to write; the office while it is open."""
    if isinstance(actor, System):
        return YES
    if is_author(actor, initiative) and initiative.state in OPEN_TO_AUTHORS:
        return YES
    if initiative.state == State.PASSED_UP:
        return no(_("Hồ sơ đang ở cấp trên. Muốn sửa, hãy rút về hoặc chờ cấp trên trả lại."))
    if initiative.state not in OPEN_TO_OFFICE:
        return no(_("Hồ sơ đã kết thúc nên không sửa được nữa."))
    if is_author(actor, initiative):
        return no(_("Hồ sơ đang ở công đoàn cơ sở. Muốn sửa, hãy nhờ cán bộ trả lại."))
    if initiative.state == State.DRAFT and initiative.entered_by_id != actor.pk:
        return no(_("Bản nháp này là của người khác."))
    return grants.may(actor, Permission.INITIATIVE_RECEIVE, initiative.handler)


def may_bring_awaited(actor: Person | System, initiative: Initiative) -> Verdict:
    """A file that a list has named comes from the office, even when its officer is an author of it."""
    if initiative.state not in OPEN_TO_OFFICE:
        return may_write(actor, initiative)
    brings = grants.may(actor, Permission.INITIATIVE_ENTER, initiative.handler)
    return brings or may_write(actor, initiative)


def may_view(actor: Person | System, initiative: Initiative) -> Verdict:
    if is_author(actor, initiative):
        return YES
    return grants.may(actor, Permission.INITIATIVE_VIEW, initiative.unit)


def may_examine(actor: Person | System, initiative: Initiative) -> bool:
    """Read what the authors keep: they themselves, the offices in charge of it, the councils of these.

    A unit that is no longer in charge reads no more, and nor does its council, unless it is still to judge it.
    """
    if isinstance(actor, System) or not (initiative.kept_parts or initiative.confidential):
        return True
    if is_author(actor, initiative) or initiative.entered_by_id == actor.pk:
        return True
    if offices_in_charge(initiative) & offices_examined_by(actor):
        return True
    return review.is_to_judge(actor, initiative._meta.label_lower, initiative.pk)


def offices_in_charge(initiative: Initiative) -> set[int]:
    """Units whose office examines it, or did: it handles it, decides on it or was asked for a wider scope."""
    deciding = [initiative.decider_id] if initiative.decider_id else []
    return {initiative.handler_id, *deciding, *(p.unit_id for p in initiative.scope_proposals.all())}


def offices_examined_by(person: Person) -> set[int]:
    """The same from the reader's side: what these units have in charge the person may examine."""
    held = {unit.pk for unit in grants.units_where(person, Permission.INITIATIVE_EXAMINE)}
    return held | review.seated_at(person)


def may_enter_people(actor: Person | System, unit: Unit) -> Verdict:
    """Put a worker on the roster while entering an initiative or confirming an author."""
    return grants.may(actor, Permission.PERSON_MANAGE, unit)


def shares_fault(shares: Iterable[Decimal]) -> str | None:
    """None when the shares add up to exactly 100 %."""
    total = sum(shares, Decimal(0))
    if total == 100:
        return None
    return _("Tổng tỷ lệ đóng góp là %(sum)s %%, cần đúng 100 %%.") % {
        "sum": f"{total.normalize():f}".replace(".", ",")
    }


def yearly_benefit(before: int, after: int, volume: int, months: int, cost: int) -> int:
    """(before - after) x volume, brought to a year, less what the initiative cost. May be negative."""
    return round(Decimal(before - after) * volume * MONTHS_A_YEAR / months) - cost


def may_state_first_use(actor: Person | System, initiative: Initiative, person_id: int | None) -> Verdict:
    """Whoever was asked; or the office, from a paper."""
    if isinstance(actor, Person) and is_author(actor, initiative):
        return no(_("Tác giả không tự cho ý kiến thay người áp dụng lần đầu."))
    if isinstance(actor, Person) and actor.pk == person_id:
        return YES
    return grants.may(actor, Permission.INITIATIVE_RECEIVE, initiative.handler)


# What must be there before a step: each gives None or the sentence that names what is missing.


def has_idea(initiative: Initiative) -> str | None:
    if len(initiative.title.strip()) < TITLE_MIN:
        return _("Tên sáng kiến cần ít nhất %(n)d ký tự.") % {"n": TITLE_MIN}
    if len(initiative.problem_before.strip()) < TEXT_MIN:
        return _("Hãy mô tả vấn đề trước khi có sáng kiến.")
    if len(initiative.solution.strip()) < TEXT_MIN:
        return _("Hãy mô tả bạn đã làm khác đi như thế nào.")
    return None


def authors_fault(authors: Sequence[tuple[Person | str, Decimal]]) -> str | None:
    """Authors and shares as somebody gives them, named ones as text."""
    if not authors:
        return _("Hồ sơ cần ít nhất một tác giả.")
    people = [author.pk for author, _share in authors if not isinstance(author, str)]
    if len(set(people)) != len(people):
        return _("Một người được ghi hai lần trong danh sách tác giả.")
    return shares_fault(share for _author, share in authors)


def application_not_in_future(initiative: Initiative) -> str | None:
    applied = initiative.first_applied_on
    return _("Ngày áp dụng lần đầu nằm trong tương lai.") if applied and applied > clock.today() else None


def shares_complete(initiative: Initiative) -> str | None:
    return shares_fault(a.share for a in initiative.authorships.all())


def has_kind(initiative: Initiative) -> str | None:
    return None if initiative.kind else _("Chưa chọn loại giải pháp.")


def has_application_date(initiative: Initiative) -> str | None:
    return None if initiative.first_applied_on else _("Chưa ghi ngày áp dụng lần đầu.")


def authors_known(initiative: Initiative) -> str | None:
    unknown = ", ".join(a.name for a in initiative.authorships.all() if a.person_id is None)
    return _("Chưa xác định tác giả trong danh sách: %(names)s.") % {"names": unknown} if unknown else None


def has_effect(initiative: Initiative) -> str | None:
    is_said = initiative.benefit != Benefit.UNKNOWN or initiative.effect.strip()
    return None if is_said else _("Chưa ghi hiệu quả của sáng kiến.")


# What a decision needs beyond what filing needs; authors see it before they file.
BEFORE_DECISION = (has_kind, has_application_date, has_effect, authors_known)


def has_unit_above(initiative: Initiative) -> str | None:
    return None if initiative.handler.parent_id else _("Đơn vị không có cấp trên để chuyển hồ sơ.")


def still_recognised(proposal: ScopeProposal) -> str | None:
    if proposal.initiative.state == State.RECOGNISED:
        return None
    return _("Sáng kiến không còn được công nhận ở cơ sở nên không xét phạm vi rộng hơn.")


def not_before_council(initiative: Initiative) -> str | None:
    """What a council is judging waits for its signed minutes."""
    if review.unsigned_subjects("initiatives.initiative").filter(subject_id=initiative.pk).exists():
        return awaits_council()
    return None


def awaits_council() -> str:
    return _("Hồ sơ đang ở hội đồng: chờ biên bản được ký, hoặc rút hồ sơ khỏi phiên họp.")


# Packages above say here what rests on a recognition: each check gives None or the sentence that says so.
RESTS_ON_RECOGNITION: list[Callable[[Initiative], str | None]] = []


def nothing_rests_on_it(initiative: Initiative) -> str | None:
    """A decision on which a paper, an adoption or a wider scope rests is revoked, never undone."""
    if initiative.recognitions.filter(paper__isnull=False).exists():
        return _("Quyết định đã ban hành: hãy huỷ bỏ công nhận thay vì hoàn tác.")
    if initiative.adoptions.exists():
        return _("Đã có đơn vị đăng ký áp dụng nên không hoàn tác được.")
    if initiative.scope_proposals.exists():
        return _("Đã đề nghị công nhận phạm vi rộng hơn nên không hoàn tác được.")
    return next((sentence for check in RESTS_ON_RECOGNITION if (sentence := check(initiative))), None)


def just_done(*kinds: str) -> Callable[[Initiative], str | None]:
    """The step to take back is the last thing that happened, and not long ago."""

    def check(initiative: Initiative) -> str | None:
        last = ledger.timeline_of(initiative).filter(kind__startswith="initiatives.initiative.").last()
        if last is None or last.kind not in {f"initiatives.initiative.{kind}" for kind in kinds}:
            return _("Sau bước này hồ sơ đã có thay đổi khác nên không hoàn tác được.")
        if clock.now() - last.at > timedelta(hours=limits()["undo_hours"]):
            return _("Chỉ hoàn tác được trong %(n)d giờ sau khi làm.") % {"n": limits()["undo_hours"]}
        return None

    return check


def was_never_received(initiative: Initiative) -> str | None:
    return None if initiative.received_on is None else _("Hồ sơ này đã được tiếp nhận trước khi trả lại.")


def was_with_handler(initiative: Initiative) -> str | None:
    if initiative.received_on is not None and initiative.decider_id is None:
        return None
    return _("Hồ sơ này không ở bước quyết định của cơ sở.")


def was_with_decider(initiative: Initiative) -> str | None:
    return None if initiative.decider_id is not None else _("Hồ sơ này chưa được chuyển lên cấp trên.")
