"""Initiatives by Excel, entered for workers who agreed: each belongs to its author, never to who typed it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import messages, rules
from thidua.initiatives.choices import Benefit, Kind, State
from thidua.initiatives.domain import dossiers, lists, packages
from thidua.initiatives.models import Initiative
from thidua.kernel import text
from thidua.kernel.formats import counted
from thidua.kernel.sheets.columns import Choice, Column, Wrong
from thidua.kernel.sheets.importers import Importer, Line, Outcome, Run
from thidua.kernel.verdicts import Refused
from thidua.orgs.imports import find_units
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.columns import read_name, read_phone
from thidua.people.domain import batches
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries

MOST_CO_AUTHORS = 9
NAMED = 5  # people a result names; the rest it counts
_SHARE = re.compile(r"^(?P<who>.+?)\s*[:(]\s*(?P<share>\d{1,3}(?:[.,]\d{1,2})?)\s*%?\s*\)?$")


def _money(written: str) -> int:
    bare = re.sub(r"\s*(đồng|đ|vnd|vnđ)\s*$", "", written.lower())
    digits = re.sub(r"[.,\s]", "", bare)
    if not digits.isdecimal() or len(digits) > 15:
        raise Wrong(
            _("«%(written)s» không phải là số tiền.") % {"written": written[:40]},
            _("Hãy ghi số đồng, ví dụ 24.000.000."),
        )
    return int(digits)


@dataclass(frozen=True)
class CoAuthor:
    """As written: a member code, a phone or a name, and the share."""

    who: str
    share: Decimal


def _co_authors(written: str) -> tuple[CoAuthor, ...]:
    """'DV-123: 30%; Trần Văn B (20 %)'."""
    found = []
    for part in filter(None, (p.strip() for p in re.split(r"[;\n]", written))):
        match = _SHARE.match(part)
        try:
            share = Decimal(match["share"].replace(",", ".")) if match else Decimal("NaN")
        except InvalidOperation:
            share = Decimal("NaN")
        if not match or not share.is_finite() or not 0 < share < 100:
            raise Wrong(
                _("«%(part)s»: chưa rõ tỷ lệ của đồng tác giả.") % {"part": part[:60]},
                _("Hãy ghi «mã hoặc họ tên: tỷ lệ %», cách nhau bằng dấu chấm phẩy."),
            )
        found.append(CoAuthor(text.tidy(match["who"]), share))
    if len(found) > MOST_CO_AUTHORS or sum(c.share for c in found) >= 100:
        raise Wrong(_("Tổng tỷ lệ của đồng tác giả phải nhỏ hơn 100 %."), _("Phần còn lại là của tác giả chính."))
    return tuple(found)


def _files(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (p.strip()[-150:] for p in re.split(r"[;\n]", written)))))


COLUMNS = (
    Column("unit", gettext_lazy("Đơn vị"), synonyms=("Mã đơn vị", "Bộ phận", "Nơi công tác"), note=gettext_lazy("Mã hoặc tên đơn vị; để trống: đơn vị của bạn."), example="TB-YT-01", width=22),
    Column("code", gettext_lazy("Mã đoàn viên"), longest=30, synonyms=("Mã tác giả", "Mã nhân viên", "Mã ĐV"), example="DV-7K2M9QF4", width=16),
    Column("full_name", gettext_lazy("Họ và tên tác giả"), required=True, longest=120, read=read_name, synonyms=("Tác giả", "Họ tên", "Họ và tên", "Tác giả chính"), example=gettext_lazy("Nguyễn Thị An"), width=24),
    Column("phone", gettext_lazy("Số điện thoại"), synonyms=("Điện thoại", "SĐT"), read=read_phone, example="0912345678", width=16),
    Column("title", gettext_lazy("Tên sáng kiến"), required=True, longest=300, synonyms=("Tên giải pháp", "Sáng kiến"), example=gettext_lazy("Xe đẩy thuốc ba tầng có khay phân liều"), width=44),
    Column("problem_before", gettext_lazy("Trước khi có sáng kiến"), required=True, longest=20000, synonyms=("Vấn đề", "Thực trạng", "Cách làm cũ"), width=44),
    Column("solution", gettext_lazy("Đã làm khác đi"), required=True, longest=20000, synonyms=("Giải pháp", "Nội dung", "Cách làm mới", "Mô tả"), width=44),
    Column("kind", gettext_lazy("Loại giải pháp"), kind="choice", choices=tuple(Choice(str(v), label) for v, label in Kind.choices), synonyms=("Loại",), width=22),
    Column("field", gettext_lazy("Lĩnh vực áp dụng"), longest=120, synonyms=("Lĩnh vực",), width=20),
    Column("first_applied_on", gettext_lazy("Ngày áp dụng lần đầu"), kind="date", synonyms=("Ngày áp dụng",), example="01/02/2022", width=16),
    Column("applied_where", gettext_lazy("Nơi áp dụng"), longest=300, width=24),
    Column("effect", gettext_lazy("Hiệu quả"), longest=20000, width=40),
    Column("benefit_stated", gettext_lazy("Số tiền làm lợi mỗi năm (đồng)"), read=_money, synonyms=("Giá trị làm lợi", "Tiền làm lợi"), example="24.000.000", width=20),
    Column("co_authors", gettext_lazy("Đồng tác giả và tỷ lệ"), longest=2000, read=_co_authors, synonyms=("Đồng tác giả",), note=gettext_lazy("Mã hoặc họ tên: tỷ lệ %, cách nhau bằng dấu chấm phẩy; phần còn lại là của tác giả chính."), example="DV-8H3N4P: 30%; Trần Văn B: 20%", width=34),
    Column("claimed_decision", gettext_lazy("Số quyết định công nhận"), longest=120, synonyms=("Quyết định",), width=20),
    Column("claimed_decided_on", gettext_lazy("Ngày quyết định"), kind="date", width=16),
    Column("files", gettext_lazy("Tệp đính kèm"), longest=2000, read=_files, synonyms=("Tệp", "File", "Minh chứng"), note=gettext_lazy("Tên tệp trong gói ZIP gửi sau, cách nhau bằng dấu chấm phẩy."), example="anh-truoc.jpg; bao-cao.pdf", width=30),
    Column("consent_noted", gettext_lazy("Người lao động đồng ý"), kind="yes_no", required=True, synonyms=("Đồng ý", "Đồng ý nhập hộ"), note=gettext_lazy("Cả đồng tác giả được ghi tên: đồng ý cho nhập hộ và với tỷ lệ của mình."), example=gettext_lazy("Có"), width=16),
)  # fmt: skip
_PLAIN = ("problem_before", "solution", "kind", "field", "first_applied_on", "applied_where", "effect", "claimed_decision", "claimed_decided_on")  # fmt: skip


class InitiativesImporter(Importer):
    """New dossiers only: what is already there is left as it is, so a file may be sent again."""

    name = "initiatives"
    label = gettext_lazy("Sáng kiến nhập hộ")
    note = gettext_lazy(
        "Mỗi dòng một sáng kiến của một người lao động đã đồng ý; hồ sơ thuộc về tác giả. Tệp đính kèm gửi sau bằng gói ZIP."
    )
    permission = "initiative.enter"
    file_name = "sang-kien"
    columns = COLUMNS

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, str]]:
        title, who = values.get("title"), values.get("code") or values.get("phone") or values.get("full_name")
        if title and who:
            yield "title", f"{values.get('unit') or ''}/{text.fold(str(who))}/{text.fold(str(title))}"

    def check(self, lines: Sequence[Line], run: Run) -> None:
        units = find_units(lines, run)
        known = _People(lines, units)
        for line in lines:
            unit = units.get(line.number)
            if unit is not None and not _covers(run, unit):
                line.refuse(
                    "unit",
                    _("«%(unit)s» không thuộc phạm vi của bạn.") % {"unit": unit.short_name},
                    _("Hãy sửa đơn vị."),
                )
            author = known.author_of(line, unit, run)
            _check_words(line, run)
            same = known.dossier_of(line, author)
            line.target = same.pk if same else None
            if line.is_bad:
                continue
            line.outcome = Outcome.SAME if same else Outcome.NEW
            if same:
                line.remarks.append(_("Đã có hồ sơ %(code)s: giữ nguyên.") % {"code": same.code})
            elif author is None:
                line.remarks.append(_("Người mới: sẽ được thêm vào danh sách của đơn vị."))

    def apply(self, lines: Sequence[Line], run: Run) -> None:
        units = find_units(lines, run)
        known = _People(lines, units)
        named = [(line, known.author_or_newcomer(line, units[line.number], run)) for line in lines]
        known.enter(by=run.by)
        new = {id(comer.person) for comer in known.newcomers}
        for line, author in named:
            if author is not None and id(author) in new:  # the first line of somebody new
                new.remove(id(author))
                line.undo = {"entered": author.pk}
        good = [(line, author) for line, author in named if author is not None]
        entries = [self._entry(line, author, units[line.number], known, run) for line, author in good]
        begun: list[tuple[Line, Initiative]] = []
        for (line, _author), draft in zip(good, lists.start(entries, by=run.by), strict=True):
            if isinstance(draft, Refused):
                line.refuse("", draft.sentence, _("Hãy sửa dòng này rồi tải lên lại."))
            else:
                begun.append((line, draft))
        self._file(begun, run)

    def _file(self, begun: Sequence[tuple[Line, Initiative]], run: Run) -> None:
        packages.await_files((draft, line.get("files") or ()) for line, draft in begun)
        refusals = lists.submit([draft for _line, draft in begun], by=run.by)
        for line, draft in begun:
            if sentence := refusals.get(draft.pk):
                line.undo = {**line.undo, "draft": draft.pk}
                line.refuse("", sentence, _("Hãy sửa dòng này rồi tải lên lại."))
                continue
            line.target = draft.pk
            _count(draft, run, "made")

    def _entry(self, line: Line, author: Person, unit: Unit, known: _People, run: Run) -> lists.Entry:
        fields = {name: line.values[name] for name in _PLAIN if line.get(name) is not None}
        if line.get("benefit_stated") is not None:
            fields |= {"benefit": Benefit.MONEY, "benefit_stated": line.get("benefit_stated")}
        fields |= {"title": line.get("title"), "claims_recognition": bool(line.get("claimed_decision"))}
        others = [(known.named(c.who) or c.who, c.share) for c in line.get("co_authors") or ()]
        return lists.Entry(author, _handler_of(run, author.unit), _programme_of(run, unit), others, fields)

    def finish(self, run: Run) -> None:
        """The office of each union is told once of the whole list."""
        for newest, how_many in run.kept.get("made", {}).values():
            messages.listed(newest, how_many, run.by)
        for newest, how_many in run.kept.get("taken_back", {}).values():
            messages.list_taken_back(newest, how_many, run.by)
        if gone := run.kept.get("gone"):
            run.said.append(
                counted("%(n)d người mới do danh sách này thêm đã được đưa ra khỏi danh sách đơn vị.", gone)
            )
        if stayed := run.kept.get("stayed"):
            some = ", ".join(stayed[:NAMED])
            run.said.append(counted("%(n)d người mới vẫn ở lại danh sách đơn vị: %(some)s.", len(stayed), some=some))

    def undo(self, lines: Sequence[Line], run: Run) -> None:
        """The dossiers, then whom only this list has put on a roster: their first line comes last."""
        made = [line.target for line in lines if line.outcome == Outcome.NEW and line.target]
        for initiative in lists.take_back(made, by=run.by):
            _count(initiative, run, "taken_back")
        of_list = run.kept.setdefault("of_list", set())
        of_list.update(made, (line.undo["draft"] for line in lines if "draft" in line.undo))
        entered = {line.undo["entered"]: line for line in lines if "entered" in line.undo}
        stay = lists.take_off_roster(entered.keys(), of_list, by=run.by)
        run.kept["gone"] = run.kept.get("gone", 0) + len(entered) - len(stay)
        for pk, (who, why) in stay.items():
            entered[pk].remarks.append(_("%(name)s vẫn ở lại danh sách đơn vị: %(why)s.") % {"name": who, "why": why})
            run.kept.setdefault("stayed", []).append(f"{who} ({why})")


def _count(initiative: Initiative, run: Run, what: str) -> None:
    """How many of each union: what its office is told in the end."""
    counted: dict[int, tuple[Initiative, int]] = run.kept.setdefault(what, {})
    counted[initiative.handler_id] = (initiative, counted.get(initiative.handler_id, (initiative, 0))[1] + 1)


def _covers(run: Run, unit: Unit) -> bool:
    """The right to enter is held at the union that handles what is made at a unit."""
    known: dict[int, bool] = run.kept.setdefault("covers", {})
    if unit.pk not in known:
        known[unit.pk] = run.scope.covers(_handler_of(run, unit).lft)
    return known[unit.pk]


def _handler_of(run: Run, unit: Unit) -> Unit:
    """Looked up once a unit, not once a line."""
    known: dict[int, Unit] = run.kept.setdefault("handlers", {})
    if unit.pk not in known:
        known[unit.pk] = dossiers.handler_of(unit)
    return known[unit.pk]


def _programme_of(run: Run, unit: Unit) -> Any:
    """What the initiatives of a unit count for, looked up once a unit."""
    known: dict[int, Any] = run.kept.setdefault("programmes", {})
    if unit.pk not in known:
        known[unit.pk] = programme_queries.counting_programmes(unit).first()
    return known[unit.pk]


def _may_add(run: Run, unit: Unit) -> bool:
    """Whether the officer may put somebody new on the roster of a unit."""
    known: dict[int, bool] = run.kept.setdefault("may_add", {})
    handler = _handler_of(run, unit)
    if handler.pk not in known:
        known[handler.pk] = bool(grants.may(run.by, Permission.PERSON_MANAGE, handler))
    return known[handler.pk]


def _check_words(line: Line, run: Run) -> None:
    """What filing would refuse, said at the cell."""
    shortest = {"title": rules.TITLE_MIN, "problem_before": rules.TEXT_MIN, "solution": rules.TEXT_MIN}
    for name, least in shortest.items():
        words = line.get(name)
        if words is not None and len(words) < least:
            line.refuse(name, _("Cần ít nhất %(n)d ký tự.") % {"n": least}, _("Hãy viết rõ hơn."))
    applied = line.get("first_applied_on")
    if applied and applied > run.today:
        line.refuse("first_applied_on", _("Ngày áp dụng lần đầu nằm trong tương lai."), _("Hãy xem lại ngày."))
    if line.values.get("consent_noted") is False:
        line.refuse("consent_noted", _("Người lao động chưa đồng ý."), _("Chỉ nhập hộ người đã đồng ý."))
    if len(line.get("files") or ()) > packages.MOST_FILES:
        line.refuse("files", _("Mỗi hồ sơ nhận tối đa %(n)d tệp.") % {"n": packages.MOST_FILES}, _("Hãy bớt tệp."))


@dataclass
class _People:
    """Whom a batch of lines names, and what is there of theirs already: a fixed number of queries."""

    lines: Sequence[Line]
    units: dict[int, Unit]
    by_mark: dict[str, Person] = field(default_factory=dict)  # member code or phone
    by_name: dict[tuple[int, str], list[Person]] = field(default_factory=dict)
    dossiers: dict[tuple[int, str], Initiative] = field(default_factory=dict)
    newcomers: list[batches.Newcomer] = field(default_factory=list)

    def __post_init__(self) -> None:
        written = {str(line.get("code")).upper() for line in self.lines if line.get("code")}
        phones = {line.get("phone") for line in self.lines if line.get("phone")}
        for line in self.lines:
            for other in line.get("co_authors") or ():
                written.add(other.who.upper())
                phones.add(people_queries.tidy_phone(other.who))
        marked: QuerySet[Any] = people_queries.people().annotate(mark=Upper("code"))
        for person in marked.filter(Q(mark__in=written) | Q(phone__in=phones - {""})):
            self._note(person)
        names = {text.name_sort_key(line.get("full_name")) for line in self.lines if line.get("full_name")}
        at = {u.pk for u in self.units.values()}
        here = people_queries.people().filter(unit__in=at, sort_key__in=names, left_on__isnull=True)
        for person in here:
            self.by_name.setdefault((person.unit_id, person.sort_key), []).append(person)
        people = {*self.by_mark.values(), *(p for some in self.by_name.values() for p in some)}
        titles = {line.get("title") for line in self.lines if line.get("title")}
        found = Initiative.objects.filter(authorships__person__in=people, authorships__position=0, title__in=titles)
        rows = (
            found.exclude(state=State.WITHDRAWN)
            .values_list("authorships__person", "pk", "code", "title")
            .order_by("-pk")
        )
        for person_id, pk, code, title in rows:
            self.dossiers[person_id, text.fold(title)] = Initiative(pk=pk, code=code, title=title)

    def _note(self, person: Person) -> None:
        if person.code:
            self.by_mark[person.code.upper()] = person
        if person.phone:
            self.by_mark[person.phone] = person

    def named(self, who: str) -> Person | None:
        return self.by_mark.get(who.upper()) or self.by_mark.get(people_queries.tidy_phone(who) or "-")

    def author_of(self, line: Line, unit: Unit | None, run: Run) -> Person | None:
        """By code, then phone, then the one person of that name in the unit; None: somebody new."""
        code, name = line.get("code"), line.get("full_name")
        person = self.by_mark.get(str(code).upper()) if code else self.by_mark.get(line.get("phone") or "-")
        if code and person is None:
            line.refuse(
                "code", _("Không có ai mang mã «%(code)s».") % {"code": code}, _("Hãy xem lại mã, hoặc để trống.")
            )
            return None
        if person is not None:
            if person.merged_into_id:
                line.refuse(
                    "code", _("Mã này đã được gộp vào một người khác."), _("Hãy dùng mã của người được giữ lại.")
                )
            if name and text.fold(person.full_name) != text.fold(name):
                line.refuse(
                    "full_name",
                    _("Mã hoặc số điện thoại này là của %(name)s.") % {"name": person.full_name},
                    _("Hãy sửa họ tên, hoặc sửa mã và số điện thoại."),
                )
            if not _covers(run, person.unit):
                line.refuse("code", _("Người này không thuộc đơn vị của bạn."), _("Đơn vị của người đó nhập."))
            return person
        alike = self.by_name.get((unit.pk, text.name_sort_key(name)), []) if unit and name else []
        if phone := line.get("phone"):  # two phones are two people of one name
            alike = [one for one in alike if one.phone in (None, phone)]
        if len(alike) > 1:
            some = ", ".join(p.code or p.phone or "" for p in alike[:5])
            line.refuse(
                "full_name",
                _("Đơn vị có %(n)d người tên này.") % {"n": len(alike)},
                _("Hãy ghi mã đoàn viên hoặc số điện thoại: %(some)s.") % {"some": some},
            )
        if not alike and unit is not None and not _may_add(run, unit):
            line.refuse("full_name", _("Người này chưa có trong danh sách."), _("Hãy đề nghị thêm người này trước."))
        return alike[0] if len(alike) == 1 else None

    def author_or_newcomer(self, line: Line, unit: Unit, run: Run) -> Person | None:
        """None: refused, because an earlier line of the file has said otherwise.

        Somebody new is entered with the batch; a second line of the same person finds them.
        """
        person = self.author_of(line, unit, run)
        if person is not None or line.is_bad:
            return None if line.is_bad else person
        values = {"full_name": line.get("full_name"), "phone": line.get("phone")}
        comer = batches.newcomer(values, unit, run.today)
        self.newcomers.append(comer)
        self._note(comer.person)
        self.by_name.setdefault((unit.pk, comer.person.sort_key), []).append(comer.person)
        return comer.person

    def enter(self, *, by: Person) -> None:
        """Put the new ones on the rosters, all at once."""
        batches.enter_many(self.newcomers, by=by)

    def dossier_of(self, line: Line, author: Person | None) -> Initiative | None:
        return self.dossiers.get((author.pk, text.fold(line.get("title")))) if author and line.get("title") else None


INITIATIVES = InitiativesImporter()
