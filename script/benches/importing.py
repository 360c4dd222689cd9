"""Files of many lines through all four stages: people, units, posts and initiatives; what they write is taken back."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count
from openpyxl import Workbook

from benches import framework, sentences
from thidua.appointments.domain.beginnings import MACHINE
from thidua.exchange.domain.rehearsals import rehearse
from thidua.kernel import clock
from thidua.kernel.sheets import importers
from thidua.orgs.models import Unit
from thidua.people.domain import rosters
from thidua.people.models import Person, Post

FAMILY, MIDDLE, GIVEN = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ"),
    ("Văn", "Thị", "Ngọc", "Minh"),
    ("An", "Bình", "Chi", "Hà"),
)
Rows = Iterable[Sequence[Any]]


def run(part: int, out: Path | None) -> None:
    """`part`: one of so many of the lines, to try it out."""
    top = Unit.objects.get(parent=None)
    post = (
        Post.objects.filter(unit=top, role="administrator", valid__contains=clock.today())
        .select_related("person")
        .first()
    )
    if post is None:
        raise SystemExit("the unit at the top has no administrator: script/thidua appoint gives one")
    desk = max(Unit.objects.filter(parent=top, ended_on=None), key=lambda unit: unit.rgt - unit.lft)
    extra: dict[str, Any] = {
        "people": framework.estimate("people_person"),
        "units": framework.estimate("orgs_unit"),
    }
    random.seed(7)
    for name, rows in FILES.items():
        extra |= _rehearsed(name, _workbook(rows(part)), desk, post.person)
    for whose, authors in (("of 87 authors", 87), ("of authors nobody knows", 0)):
        extra |= _initiatives(part, whose, authors)
    framework.report("imports", [], extra, out)


def _rehearsed(name: str, content: bytes, unit: Unit, by: Person, whose: str = "") -> dict[str, str]:
    found, title = {}, f"{name} {whose}".strip()
    for stage in rehearse(importers.named(name), content, unit=unit, by=by):  # type: ignore[arg-type]
        found[f"{title}, {stage.name}"] = str(stage)
        print(f"{title}, load {framework.machine()['load'][0]}: {stage}", flush=True)
    return found


def _initiatives(part: int, whose: str, authors: int) -> dict[str, str]:
    """10,000 initiatives of one union, in a transaction that is rolled back: dossiers are never deleted.

    `authors`: how many of its people they are by; 0: each by somebody new.
    """
    unions = Unit.objects.filter(kind__is_grassroots=True, ended_on=None)
    unit = unions.annotate(size=Count("people")).order_by("-size", "pk").first()
    if unit is None:
        raise SystemExit("there is no grassroots union: script/demo-data makes some")
    with transaction.atomic():
        officer = rosters.enter("Cán Bộ Nhập Hộ", unit, by=MACHINE)
        rosters.appoint(officer, unit, "grassroots_officer", by=MACHINE, since=clock.today())
        rows = _ideas(10_000 // part, unit, authors)
        found = _rehearsed("initiatives", _workbook(rows), unit, officer, whose)
        transaction.set_rollback(True)
    return found


def _ideas(n: int, unit: Unit, authors: int) -> Rows:
    """60 words on what was, 90 on what is done now; no two the same."""
    known = list(Person.objects.filter(unit=unit, left_on=None).order_by("pk").values_list("code", "full_name"))
    vocabulary = " ".join(sentences.written_here()).split()
    yield "Mã đoàn viên", "Họ và tên tác giả", "Tên sáng kiến", "Trước khi có sáng kiến", "Đã làm khác đi", "Người lao động đồng ý"  # fmt: skip
    for i in range(n):
        new = "", f"{random.choice(FAMILY)} {random.choice(MIDDLE)} {_letters(i)}"
        before, after = (" ".join(random.choices(vocabulary, k=k)) for k in (60, 90))
        yield (
            *(known[i % min(authors, len(known))] if authors else new),
            f"Cải tiến thao tác số {i}",
            before,
            after,
            "Có",
        )


def _letters(i: int) -> str:
    """A given name that no other has: people are told apart by their names."""
    return "".join(chr(ord("a") + i // 26**k % 26) for k in range(4)).capitalize()


def _workbook(rows: Rows) -> bytes:
    book, written = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    book.save(written)
    return written.getvalue()


def _unions() -> list[Any]:
    found = Unit.objects.filter(kind__is_grassroots=True, ended_on=None).order_by("pk")
    return list(found.values_list("code", "name", "kind__name", "parent__code"))


def _people(part: int) -> Rows:
    """30,000 new ones, 19,500 whose work changed, 500 without a name or a unit; in no order."""
    unions = [code for code, *_rest in _unions()]
    rows: list[Sequence[Any]] = []
    for i in range(30_000 // part):
        name = f"{random.choice(FAMILY)} {random.choice(MIDDLE)} {random.choice(GIVEN)}"
        rows.append(
            (f"THU-{i:06}", name, random.choice(unions), 1965 + i % 38, ("Nam", "Nữ")[i % 2], "Công nhân", "01/02/2021")
        )
    known = (
        Person.objects.filter(left_on=None, merged_into=None)
        .order_by("pk")
        .values_list("code", "full_name", "unit__code")
    )
    rows += [
        (*person, "", "", f"Tổ trưởng {i % 9}", "") for i, person in enumerate(known[1000 : 1000 + 19_500 // part])
    ]
    wrong = (("", unions[0]), ("Nguyễn Văn An", "KHONG-CO-DON-VI"))
    rows += [(f"THU-X{i}", *wrong[i % 2], 1990, "Nam", "", "") for i in range(500 // part)]
    random.shuffle(rows)
    return [("Mã đoàn viên", "Họ và tên", "Đơn vị", "Năm sinh", "Giới tính", "Công việc", "Ngày vào đơn vị"), *rows]


def _units(part: int) -> Rows:
    """1,000 new ones with headcounts, 2,000 with new names, every second of these with a new parent."""
    uppers = list(
        Unit.objects.filter(depth__in=(1, 2), ended_on=None, children__isnull=False)
        .distinct()
        .values_list("code", flat=True)
    )
    yesterday = (clock.today() - timedelta(days=1)).strftime("%d/%m/%Y")
    yield "Mã đơn vị", "Tên đơn vị", "Loại", "Cấp trên trực tiếp", "Tổng số đoàn viên", "Ngày thành lập"
    for i in range(1_000 // part):
        yield f"THU-U{i}", f"CĐCS Công ty thử {i}", "Công đoàn cơ sở", random.choice(uppers), 50 + i % 300, "01/03/2021"
    for i, (code, name, kind, parent) in enumerate(_unions()[: 2_000 // part]):
        yield code, f"{name} (mới)", kind, random.choice(uppers) if i % 2 else parent, "", yesterday


def _posts(part: int) -> Rows:
    """5,000 seats in councils."""
    free = Person.objects.filter(left_on=None, merged_into=None, posts=None).order_by("pk")
    today = clock.today()
    since, until = (day.strftime("%d/%m/%Y") for day in (today, today + timedelta(days=400)))
    yield "Mã đoàn viên", "Mã đơn vị", "Vai trò", "Chức vụ", "Từ ngày", "Đến ngày"
    for code, unit in free.values_list("code", "unit__code")[: 5_000 // part]:
        yield code, unit, "Thành viên hội đồng", "Ủy viên", since, until


FILES: dict[str, Callable[[int], Rows]] = {"people": _people, "units": _units, "posts": _posts}
