"""People by Excel: who a line means, what it would change, and writing a thousand at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.kernel import text
from thidua.kernel.sheets.importers import Importer, Line, Outcome, Run, Scope, note_changes
from thidua.orgs.imports import find_units
from thidua.orgs.models import Unit
from thidua.people import queries
from thidua.people.columns import COLUMNS
from thidua.people.domain import batches, relocations
from thidua.people.domain.relocations import Relocation
from thidua.people.models import Membership, Person

_OLDEST = 90
_YOUNGEST = 14
# Compared with and written to the record as they are.
_PLAIN = ("full_name", "birth_year", "gender", "job_title", "qualification", "is_direct_worker", "is_member")
_FIELDS = (*_PLAIN, "phone", "email")


class PeopleImporter(Importer):
    name = "people"
    label = gettext_lazy("Đoàn viên, người lao động")
    note = gettext_lazy("Thêm người vào danh sách, cập nhật thông tin, chuyển đơn vị, cho thôi.")
    permission = "person.manage"
    file_name = "doan-vien"
    exports = True
    columns = COLUMNS

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, str]]:
        found = [(name, str(values[name])) for name in ("code", "phone", "email") if values.get(name)]
        if not found and values.get("full_name"):
            same = (values.get("unit"), values["full_name"], values.get("birth_year"))
            found = [("full_name", "/".join(text.fold(str(part or "")) for part in same))]
        return found

    def check(self, lines: Sequence[Line], run: Run) -> None:
        units = find_units(lines, run)
        known = _Known(lines, units)
        for line in lines:
            unit = units.get(line.number)
            self._check_line(line, unit, known, run)

    def _check_line(self, line: Line, unit: Unit | None, known: _Known, run: Run) -> None:
        person = known.meant_by(line, unit)
        _check_days(line, run.today)
        line.target = person.pk if person else None
        if person and not run.scope.covers(person.unit.lft):
            line.refuse(
                "code" if line.get("code") else "phone",
                _("Người này không thuộc đơn vị của bạn."),
                _("Hãy đề nghị đơn vị đang quản lý chuyển người này đến."),
            )
        if unit and not run.scope.covers(unit.lft):
            line.refuse(
                "unit", _("«%(unit)s» không thuộc phạm vi của bạn.") % {"unit": unit.short_name}, _("Hãy sửa đơn vị.")
            )
        if person is None:
            if not line.is_bad:
                line.outcome = Outcome.NEW
                line.remarks += known.namesakes(line, unit)
            return
        known.check_move(line, person, unit, run.today)
        note_changes(line, self, _old(person), _wanted(line, person, unit))

    def apply(self, lines: Sequence[Line], run: Run) -> None:
        units = find_units(lines, run)
        new = [line for line in lines if line.outcome == Outcome.NEW]
        comers = [batches.newcomer(line.values, units[line.number], line.get("since") or run.today) for line in new]
        batches.enter_many(comers, by=run.by)
        for line, comer in zip(new, comers, strict=True):
            line.target = comer.person.pk
        changed = {line.target or 0: line for line in lines if line.outcome == Outcome.CHANGED}
        people = list(
            Person.objects.select_related("unit").filter(pk__in=list(changed)).select_for_update(of=("self",))
        )
        wanted = {person.pk: _wanted(changed[person.pk], person, units[changed[person.pk].number]) for person in people}
        for person in people:
            old = {n: v for n, v in _old(person).items() if n in _FIELDS and n in wanted[person.pk]}
            changed[person.pk].undo = {"old": old}
        _relocate(people, changed, units, run)
        amended = [p for p in people if not changed[p.pk].is_bad]
        batches.amend_many([(p, {n: v for n, v in wanted[p.pk].items() if n in _FIELDS}) for p in amended], by=run.by)

    def undo(self, lines: Sequence[Line], run: Run) -> None:
        batches.remove_many([line.target for line in lines if line.outcome == Outcome.NEW and line.target], by=run.by)
        changed = {line.target or 0: line for line in lines if line.outcome == Outcome.CHANGED}
        found = Person.objects.select_related("unit").filter(pk__in=list(changed))
        people = list(found.select_for_update(of=("self",)).order_by("pk"))
        moved = [(person, step) for person in people for step in changed[person.pk].undo.get("moves", [])]
        relocations.take_back_many(moved, by=run.by)
        batches.amend_many([(person, changed[person.pk].undo.get("old", {})) for person in people], by=run.by)

    def size(self, unit: Unit) -> int:
        return queries.roster(unit).order_by()[:10_000].count()

    def rows(self, unit: Unit, scope: Scope) -> Iterator[dict[str, Any]]:
        found = queries.roster(unit).order_by("unit__lft", "sort_key", "pk")
        for person in found.iterator(chunk_size=2000):
            if scope.covers(person.unit.lft):
                yield {**_old(person), "code": person.code, "unit": person.unit.code, "since": None, "left_on": None}


class _Known:
    """People whom a batch of lines may mean, fetched in a fixed number of queries."""

    def __init__(self, lines: Sequence[Line], units: dict[int, Unit]) -> None:
        self.by_code: dict[str, Person] = {}
        self.by_phone: dict[str, Person] = {}
        self.by_email: dict[str, Person] = {}
        self.by_name: dict[tuple[int, str], list[Person]] = {}
        everybody: QuerySet[Person] = Person.objects.select_related("unit")
        wanted = {name: {line.get(name) for line in lines} - {None} for name in ("code", "phone", "email")}
        upper = {value.upper() for value in wanted["email"]}
        marked: QuerySet[Any] = everybody.annotate(upper_code=Upper("code"), upper_email=Upper("email"))
        for condition in (Q(upper_code__in=wanted["code"]), Q(phone__in=wanted["phone"]), Q(upper_email__in=upper)):
            for person in marked.filter(condition):
                self._note(person)
        names = {text.name_sort_key(line.get("full_name")) for line in lines if line.get("full_name")}
        at = {unit.pk for unit in units.values()}
        for person in everybody.filter(unit__in=at, sort_key__in=names, left_on__isnull=True):
            self.by_name.setdefault((person.unit_id, person.sort_key), []).append(person)

        found = {*self.by_code.values(), *(p for some in self.by_name.values() for p in some)}
        homes = Membership.objects.filter(person__in=found, valid__upper_inf=True)
        self.since = {pk: valid.lower for pk, valid in homes.values_list("person", "valid")}

    def check_move(self, line: Line, person: Person, unit: Unit | None, today: date) -> None:
        """A transfer or leaving must come after the day the person came to the present unit."""
        if unit is not None and line.get("unit") and unit.pk != person.unit_id:
            column, day = "since", line.get("since") or today
        elif line.get("left_on") and line.get("left_on") != person.left_on:
            column, day = "left_on", line.get("left_on")
        else:
            return
        since = self.since.get(person.pk)
        if person.left_on is not None or since is None:
            line.refuse(column, _("Người này đã thôi."), _("Hãy ghi nhận trở lại ở trang của người này trước."))
        elif day <= since:
            said = since.strftime("%d/%m/%Y")
            line.refuse(
                column,
                _("Ngày này không sau ngày vào đơn vị hiện nay (%(day)s).") % {"day": said},
                _("Hãy sửa ngày, hoặc để trống nếu người này không chuyển, không thôi."),
            )

    def _note(self, person: Person) -> None:
        self.by_code[person.code.upper()] = person
        if person.phone:
            self.by_phone[person.phone] = person
        if person.email:
            self.by_email[person.email.lower()] = person

    def meant_by(self, line: Line, unit: Unit | None) -> Person | None:
        """By code, then phone, then e-mail, then the name in the unit; contradictions are faults."""
        code, name = line.get("code"), line.get("full_name")
        person = self.by_code.get(code) if code else None
        if person and person.merged_into_id:
            line.refuse("code", _("Mã này đã được gộp vào một người khác."), _("Hãy dùng mã của người được giữ lại."))
        for column, found in (("phone", self.by_phone), ("email", self.by_email)):
            other = found.get(line.get(column, ""))
            if other is None or other == person:
                continue
            if person is None and not code and name and text.fold(other.full_name) == text.fold(name):
                person = other
            else:
                line.refuse(
                    column,
                    _("Đã có người khác dùng %(what)s này.")
                    % {"what": _("số điện thoại") if column == "phone" else "email"},
                    _("Hãy xem lại; nếu là cùng một người, hãy ghi đúng mã đoàn viên và họ tên của người đó."),
                )
        return person or (self._by_name(line, unit) if not code else None)

    def _by_name(self, line: Line, unit: Unit | None) -> Person | None:
        alike = [p for p in self._alike(line, unit) if _may_be(p, line)]
        if len(alike) > 1:
            some = ", ".join(person.code for person in alike[:5])
            line.refuse(
                "full_name",
                _("Đơn vị có %(n)d người tên này.") % {"n": len(alike)},
                _("Hãy ghi mã đoàn viên (%(codes)s), hoặc năm sinh.") % {"codes": some},
            )
        return alike[0] if len(alike) == 1 else None

    def _alike(self, line: Line, unit: Unit | None) -> list[Person]:
        name = line.get("full_name")
        return self.by_name.get((unit.pk, text.name_sort_key(name)), []) if unit and name else []

    def namesakes(self, line: Line, unit: Unit | None) -> list[str]:
        return [
            _("Trùng họ tên với %(code)s của đơn vị: nếu là một người, hãy ghi mã đó.") % {"code": person.code}
            for person in self._alike(line, unit)[:2]
        ]


def _may_be(person: Person, line: Line) -> bool:
    """Nothing known of both says that they are two."""
    pairs = (
        (person.phone, line.get("phone")),
        (person.email, line.get("email")),
        (person.birth_year, line.get("birth_year")),
    )
    return all(old is None or new is None or old == new for old, new in pairs)


def _check_days(line: Line, today: date) -> None:
    year = line.get("birth_year")
    if year and not today.year - _OLDEST <= year <= today.year - _YOUNGEST:
        line.refuse("birth_year", _("Năm sinh %(year)d không hợp lý.") % {"year": year}, _("Hãy xem lại năm sinh."))
    since, left = line.get("since"), line.get("left_on")
    if since and left and left < since:
        line.refuse("left_on", _("Ngày thôi trước ngày vào đơn vị."), _("Hãy xem lại hai ngày này."))
    if left and left > today:
        line.refuse("left_on", _("Ngày thôi còn ở phía trước."), _("Hãy ghi khi người này đã thôi."))


def _old(person: Person) -> dict[str, Any]:
    values = {name: getattr(person, name) for name in _FIELDS if name != "gender"}
    gender = None if person.is_woman is None else "woman" if person.is_woman else "man"
    return {**values, "gender": gender, "unit": person.unit.code, "left_on": person.left_on}


def _wanted(line: Line, person: Person, unit: Unit | None) -> dict[str, Any]:
    """What the line asks for: an empty cell leaves things as they are."""
    wanted = {name: line.values[name] for name in _FIELDS if line.get(name) is not None}
    if unit is not None and line.get("unit") is not None:
        wanted["unit"] = unit.code
    if line.get("left_on"):
        wanted["left_on"] = line.get("left_on")
    return wanted


def _relocate(people: Sequence[Person], changed: dict[int, Line], units: dict[int, Unit], run: Run) -> None:
    """Transfers and leavings; a refusal leaves the line unwritten, and says why."""
    wanted = []
    for person in people:
        line = changed[person.pk]
        left, unit = line.get("left_on"), units[line.number]
        if left and person.left_on != left:
            wanted.append(Relocation(person, left))
        elif line.get("unit") and person.unit_id != unit.pk:
            wanted.append(Relocation(person, line.get("since") or run.today, unit))
    relocations.relocate_many(wanted, by=run.by)
    for one in wanted:
        line = changed[one.person.pk]
        if one.refusal:
            line.refuse("", one.refusal, _("Hãy sửa dòng này rồi tải lên lại."))
        else:
            line.undo["moves"] = [one.step]


PEOPLE = PeopleImporter()
