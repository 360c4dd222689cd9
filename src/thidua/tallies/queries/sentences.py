"""Why a programme does not count an initiative, said with its dates, units and dossiers, and what would mend it.

The same words for the author before and after filing, for the office, in lists, in trials of other rules and in
the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from thidua.initiatives import queries as initiative_queries
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, formats
from thidua.people.models import Person
from thidua.programmes.choices import PhaseBy
from thidua.programmes.models import Programme
from thidua.similarity import queries as similar
from thidua.tallies.choices import Reason
from thidua.tallies.queries.scopes import rules_of
from thidua.tallies.rules import Rules, Window


@dataclass(frozen=True)
class Sentence:
    """One reason in words; `mend` is what would take it away, '' where nothing is to be said."""

    words: str
    mend: str = ""

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Original:
    """The dossier another one repeats, as far as a reader may know it."""

    code: str
    office: str
    title: str = ""  # empty where the reader may not open it

    def __str__(self) -> str:
        if self.title:
            return f"{self.code} «{self.title}»"
        return _("hồ sơ %(code)s, xin hỏi %(office)s") % {"code": self.code, "office": self.office}


Originals = dict[int, Original]  # by the number of the dossier that repeats it


def originals_of(repeating: Iterable[Initiative], reader: Person | None) -> Originals:
    """What these repeat. Nothing is asked where none repeats another, three queries however many do."""
    wanted = {item.pk: item.duplicate_of_id for item in repeating if item.duplicate_of_id}
    if not wanted:
        return {}
    found = {i.pk: i for i in Initiative.objects.filter(pk__in=wanted.values()).select_related("handler")}
    seen: set[int] = set()
    if reader is not None:
        seen = set(similar.visible(reader).filter(pk__in=found).values_list("pk", flat=True))
        seen |= set(initiative_queries.own(reader).filter(pk__in=found).values_list("pk", flat=True))
    return {
        pk: Original(found[of].code, found[of].handler.short_name, found[of].title if of in seen else "")
        for pk, of in wanted.items()
    }


@dataclass(frozen=True)
class Case:
    """One initiative before one programme. `rules`: others than the programme's own, to be tried."""

    programme: Programme
    initiative: Initiative
    phase_id: int | None = None
    originals: Originals = field(default_factory=dict)
    rules: Rules | None = None

    @property
    def held(self) -> Rules:
        return self.rules or rules_of(self.programme)

    @property
    def filed_on(self) -> date:
        return self.initiative.filed_on or clock.today()

    @property
    def office(self) -> str:
        return self.initiative.handler.short_name

    def window(self) -> tuple[date | None, date | None]:
        """Within which days it had to be applied first: the phase may narrow what the programme says."""
        rules = self.held
        phase: Window | None = next((p for p in rules.phases if p.id == self.phase_id), None)
        opens = (phase.eligible_from if phase else None) or rules.eligible_from
        return opens, (phase.eligible_to if phase else None) or rules.eligible_to


def explain(case: Case, reasons: Iterable[Reason]) -> list[Sentence]:
    return [_SAID[reason](case) if reason in _SAID else Sentence(str(reason.label)) for reason in reasons]


def _with(reason: Reason, more: str) -> str:
    return _("%(reason)s: %(more)s") % {"reason": reason.label, "more": more}


def _not_received(case: Case) -> Sentence:
    return Sentence(_("%(office)s chưa tiếp nhận") % {"office": case.office})


def _returned(case: Case) -> Sentence:
    due = case.initiative.due_on
    label = str(Reason.RETURNED.label)
    return Sentence(_("%(label)s, hạn %(day)s") % {"label": label, "day": formats.day(due)} if due else label)


def _late(case: Case) -> Sentence:
    words = _with(Reason.LATE_SUPPLEMENT, _("hạn là %(day)s") % {"day": formats.day(case.initiative.due_on)})
    return Sentence(words, _("Tác giả vẫn gửi lại được; hãy báo %(office)s.") % {"office": case.office})


def _ended(reason: Reason) -> Callable[[Case], Sentence]:
    return lambda case: Sentence(str(reason.label), _("Tác giả có thể viết lại để gửi lần nữa."))


def _undated(case: Case) -> Sentence:
    opens, closes = case.window()
    span = _span(opens, closes)
    asked = _("Hãy ghi ngày áp dụng lần đầu; chương trình tính %(span)s.") % {"span": span}
    return Sentence(str(Reason.NO_APPLIED_DATE.label), asked if span else _("Hãy ghi ngày áp dụng lần đầu."))


def _span(opens: date | None, closes: date | None) -> str:
    if opens and closes:
        return _("từ %(opens)s đến hết %(closes)s") % {"opens": formats.day(opens), "closes": formats.day(closes)}
    if opens:
        return _("từ %(opens)s") % {"opens": formats.day(opens)}
    return _("đến hết %(closes)s") % {"closes": formats.day(closes)} if closes else ""


def _outside_window(reason: Reason) -> Callable[[Case], Sentence]:
    def said(case: Case) -> Sentence:
        days = {"day": formats.day(case.initiative.first_applied_on), "span": _span(*case.window())}
        return Sentence(
            _with(reason, _("lần đầu ngày %(day)s, chương trình tính %(span)s") % days),
            _("Nếu ngày ấy ghi sai, hãy sửa kèm minh chứng; nếu đúng, chương trình này không tính được sáng kiến."),
        )

    return said


def _outside_phases(case: Case) -> Sentence:
    rules = case.held
    starts = [p.starts_on for p in rules.phases if p.starts_on]
    ends = [p.ends_on for p in rules.phases if p.ends_on]
    span = _span(min(starts, default=None), max(ends, default=None))
    if not span:
        return Sentence(_with(Reason.OUTSIDE_PHASES, _("kế hoạch chưa ghi ngày của giai đoạn nào")))
    by_applied = rules.phase_by == PhaseBy.APPLIED and case.initiative.first_applied_on
    day = {"day": formats.day(case.initiative.first_applied_on if by_applied else case.filed_on), "span": span}
    if by_applied:
        words = _("áp dụng lần đầu ngày %(day)s, các giai đoạn %(span)s") % day
        mend = _("Nếu ngày ấy ghi sai, hãy sửa kèm minh chứng; nếu đúng, chương trình này không tính được sáng kiến.")
    else:
        words = _("gửi ngày %(day)s, các giai đoạn %(span)s") % day
        mend = _("Ngày gửi không sửa được: hồ sơ vẫn được xét công nhận và có thể được tính ở chương trình khác.")
    return Sentence(_with(Reason.OUTSIDE_PHASES, words), mend)


def _marked(reason: Reason) -> Callable[[Case], Sentence]:
    return lambda case: Sentence(
        str(reason.label), _("Nếu không đúng, đề nghị %(office)s bỏ dấu này.") % {"office": case.office}
    )


def _duplicate(case: Case) -> Sentence:
    original = case.originals.get(case.initiative.pk)
    words = _with(Reason.DUPLICATE, str(original)) if original else str(Reason.DUPLICATE.label)
    mend = _("Nếu là giải pháp khác, đề nghị %(office)s xem lại kết luận so sánh.") % {"office": case.office}
    return Sentence(words, mend)


def _out_of_scope(case: Case) -> Sentence:
    owner, unit = case.programme.unit.short_name, case.initiative.unit
    if not case.programme.is_open:
        return Sentence(_with(Reason.OUT_OF_SCOPE, _("chương trình của %(owner)s không còn mở") % {"owner": owner}))
    day = max(case.filed_on, unit.established_on)
    given = {"unit": unit.short_name, "owner": owner, "day": formats.day(day)}
    return Sentence(
        _with(Reason.OUT_OF_SCOPE, _("ngày %(day)s, %(unit)s không trực thuộc %(owner)s") % given),
        _("Chỉ tính đơn vị trực thuộc %(owner)s vào ngày ấy. Nếu ngày sắp xếp tổ chức ghi sai, đề nghị %(owner)s sửa.")
        % given,
    )


_SAID: dict[Reason, Callable[[Case], Sentence]] = {
    Reason.NOT_RECEIVED: _not_received,
    Reason.RETURNED: _returned,
    Reason.LATE_SUPPLEMENT: _late,
    Reason.WITHDRAWN: _ended(Reason.WITHDRAWN),
    Reason.REFUSED: _ended(Reason.REFUSED),
    Reason.NO_APPLIED_DATE: _undated,
    Reason.APPLIED_TOO_EARLY: _outside_window(Reason.APPLIED_TOO_EARLY),
    Reason.APPLIED_TOO_LATE: _outside_window(Reason.APPLIED_TOO_LATE),
    Reason.OUTSIDE_PHASES: _outside_phases,
    Reason.IP_PROTECTED: _marked(Reason.IP_PROTECTED),
    Reason.BREACHES_ORDER: _marked(Reason.BREACHES_ORDER),
    Reason.DUPLICATE: _duplicate,
    Reason.OUT_OF_SCOPE: _out_of_scope,
}
