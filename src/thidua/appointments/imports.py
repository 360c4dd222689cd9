"""Posts by Excel: who holds which role where and from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access.roles import ROLES
from thidua.appointments import rules
from thidua.appointments.domain import corrections, posts
from thidua.appointments.domain.corrections import Correction, reading
from thidua.appointments.domain.posts import Grant
from thidua.kernel import clock, codes, text
from thidua.kernel.sheets.columns import Choice, Column
from thidua.kernel.sheets.importers import Importer, Line, Outcome, Run, Scope, note_changes
from thidua.kernel.verdicts import Refused
from thidua.orgs.imports import find_units
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post


def _roles() -> list[Choice]:
    # Everybody on a roster is a member; that is no post.
    return [Choice(role.name, role.label) for role in ROLES.values() if role.name != "member"]


COLUMNS = (
    Column(
        "person", gettext_lazy("Mã đoàn viên"), required=True, longest=30, read=codes.tidy, example="DV-7K2M9QF4",
        synonyms=("Mã", "Mã người", "Mã số đoàn viên", "Mã cán bộ"),
    ),
    Column(
        "full_name", gettext_lazy("Họ và tên"), longest=120, example="Nguyễn Thị An", width=28,
        synonyms=("Họ tên", "Tên", "Họ và tên cán bộ"), note=gettext_lazy("Để đối chiếu với mã; có thể để trống."),
    ),
    Column(
        "unit", gettext_lazy("Đơn vị"), example="TB-YT-01", width=20,
        synonyms=("Mã đơn vị", "Tên đơn vị", "Công đoàn"), note=gettext_lazy("Mã hoặc tên đầy đủ. Để trống: đơn vị của bạn."),
    ),
    Column(
        "role", gettext_lazy("Vai trò"), kind="choice", required=True, choices=_roles, width=30,
        example="Cán bộ công đoàn cơ sở", synonyms=("Quyền", "Vai trò trong hệ thống", "Nhóm quyền"),
    ),
    Column(
        "title", gettext_lazy("Chức danh in trên văn bản"), longest=120, example="Phó Chủ tịch", width=22,
        synonyms=("Chức danh", "Chức vụ"),
    ),
    Column("since", gettext_lazy("Từ ngày"), kind="date", example="01/01/2022", width=14, synonyms=("Ngày bắt đầu", "Bắt đầu")),
    Column(
        "until", gettext_lazy("Đến hết ngày"), kind="date", width=14, synonyms=("Đến ngày", "Ngày kết thúc", "Kết thúc"),
        note=gettext_lazy("Để trống: chưa định ngày kết thúc."),
    ),
)  # fmt: skip


class PostsImporter(Importer):
    name = "posts"
    label = gettext_lazy("Chức danh, vai trò")
    note = gettext_lazy("Giao vai trò cho cán bộ theo nhiệm kỳ, cho nhiều đơn vị một lần.")
    permission = "post.grant"
    file_name = "chuc-danh"
    exports = True
    columns = COLUMNS

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, str]]:
        if values.get("person") and values.get("role"):
            return [("role", "/".join((values["person"], str(values.get("unit") or ""), values["role"])))]
        return []

    def check(self, lines: Sequence[Line], run: Run) -> None:
        units, people = find_units(lines, run), _people(lines)
        held = _posts(people.values(), units.values(), run.today)
        for line in lines:
            unit, person = units.get(line.number), people.get(line.get("person", ""))
            self._check_line(line, unit, person, run)
            if line.is_bad or unit is None or person is None:
                continue
            post = held.get((person.pk, unit.pk, line.get("role")))
            line.target = post.pk if post else None
            if post is None:
                line.outcome = Outcome.NEW
            else:
                note_changes(line, self, reading(post), _wanted(line))

    def _check_line(self, line: Line, unit: Unit | None, person: Person | None, run: Run) -> None:
        if unit and not run.scope.covers(unit.lft):
            line.refuse(
                "unit", _("«%(unit)s» không thuộc phạm vi của bạn.") % {"unit": unit.short_name}, _("Hãy sửa đơn vị.")
            )
        if unit and person and line.get("role"):
            allowed = rules.may_grant(run.by, ROLES[line.get("role")], unit)
            if not allowed:
                line.refuse("role", allowed.sentence, _("Hãy bỏ dòng này, hoặc đề nghị cấp trên."))
            if person.pk == run.by.pk:
                line.refuse("person", _("Bạn không tự giao chức danh cho mình."), _("Hãy đề nghị cấp trên."))
        if line.get("person") and person is None:
            line.refuse("person", _("Không có ai mang mã này."), _("Hãy thêm người vào danh sách đoàn viên trước."))
        if person and person.left_on is not None:
            line.refuse("person", _("Người này đã thôi."), _("Hãy xem lại mã."))
        if person and line.get("full_name") and text.fold(person.full_name) != text.fold(line.get("full_name")):
            line.refuse("full_name", _("Họ tên không khớp với mã."), _("Hãy xem lại mã hoặc họ tên."))
        since, until = line.get("since"), line.get("until")
        if since and until and until < since:
            line.refuse("until", _("Ngày kết thúc trước ngày bắt đầu."), _("Hãy xem lại hai ngày này."))

    def apply(self, lines: Sequence[Line], run: Run) -> None:
        units, people = find_units(lines, run), _people(lines)
        new = [(line, _grant(line, people, units, run)) for line in lines if line.outcome == Outcome.NEW]
        posts.grant_many([one for _line, one in new], by=run.by)
        for line, grant in new:
            line.target = grant.post.pk if grant.post else None
        given = _held([line.target for line in lines if line.outcome == Outcome.CHANGED])
        changed = [(line, _correction(line, given)) for line in lines if line.outcome == Outcome.CHANGED]
        corrections.correct_many([one for _line, one in changed], by=run.by)
        for line, correction in changed:
            line.undo = {name: _plain(value) for name, value in (correction.before or {}).items()}
        refusals = [(line, one.refusal) for line, one in new] + [(line, one.refusal) for line, one in changed]
        for line, refusal in refusals:
            if refusal:
                line.refuse(_column(refusal), refusal.sentence, _("Hãy sửa dòng này rồi tải lên lại."))

    def undo(self, lines: Sequence[Line], run: Run) -> None:
        given = _held([line.target for line in lines])
        mistaken = [given[line.target or 0] for line in lines if line.outcome == Outcome.NEW and line.target in given]
        corrections.remove_many(mistaken, by=run.by)
        changed = [(line, given[line.target or 0]) for line in lines if line.undo and line.target in given]
        back = [Correction(post, **{**line.undo, **_days(line.undo)}) for line, post in changed]
        corrections.correct_many(back, by=run.by)
        if refused := next((one.refusal for one in back if one.refusal), None):
            raise refused

    def size(self, unit: Unit) -> int:
        return Post.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)[:10_000].count()

    def rows(self, unit: Unit, scope: Scope) -> Iterator[dict[str, Any]]:
        held = Post.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt, valid__contains=clock.today())
        for post in held.select_related("person", "unit").order_by("unit__lft", "role", "pk").iterator(chunk_size=2000):
            if scope.covers(post.unit.lft):
                said = {"person": post.person.code, "full_name": post.person.full_name, "unit": post.unit.code}
                yield {**said, "role": post.role, **reading(post)}


def _people(lines: Sequence[Line]) -> dict[str, Person]:
    wanted = {line.get("person") for line in lines if line.get("person")}
    found = Person.objects.annotate(upper_code=Upper("code")).filter(upper_code__in=wanted)
    return {person.code.upper(): person for person in found}


def _posts(people: Iterable[Person], units: Iterable[Unit], today: date) -> dict[tuple[int, int, str], Post]:
    """Posts held today or later: what a line about the same person, unit and role speaks of."""
    held = Post.objects.filter(person__in=[p.pk for p in people], unit__in={u.pk for u in units})
    held = held.filter(Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=today))
    return {(post.person_id, post.unit_id, post.role): post for post in held.order_by("-valid")}


def _wanted(line: Line) -> dict[str, Any]:
    return {name: line.get(name) for name in ("title", "since", "until") if line.get(name) is not None}


def _held(pks: Sequence[int | None]) -> dict[int, Post]:
    return Post.objects.select_related("person", "unit").in_bulk([pk for pk in pks if pk])


def _grant(line: Line, people: dict[str, Person], units: dict[int, Unit], run: Run) -> Grant:
    since, until = line.get("since") or run.today, line.get("until")
    person, unit = people[line.get("person")], units[line.number]
    return Grant(person, unit, line.get("role"), since, until, line.get("title", ""))


def _correction(line: Line, given: dict[int, Post]) -> Correction:
    post = given[line.target or 0]
    return Correction(post, **{**reading(post), **_wanted(line)})


def _column(refused: Refused) -> str:
    return refused.field if any(column.name == refused.field for column in COLUMNS) else ""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _days(kept: dict[str, Any]) -> dict[str, date | None]:
    return {name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("since", "until")}


POSTS = PostsImporter()
