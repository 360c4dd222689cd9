"""Searches as people type them, in the library and in the office, beside tantivy on the same rows."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benches import framework
from benches.framework import Case
from benches.likeness import _estimate, _megabytes
from thidua.access.grants import Grant
from thidua.access.roles import ROLES
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.search import queries
from thidua.search.queries import Wanted

# Common words, usual words, rare ones, phrases, without dấu, and what nobody has written.
TYPED = (
    "công đoàn", "sáng kiến", "người lao động", "thực hiện", "đơn vị", "an toàn", "tiết kiệm", "thời gian",
    "công", "cán bộ", "quản lý", "nang cao chat luong", "tiet kiem dien", "xe đẩy thuốc", "máy may", "bảng kiểm",
    '"an toàn lao động"', '"nâng cao chất lượng"', "giảm thời gian chờ", "khay phân liều theo giường",
    "kỹ thuật cắt vải", "phòng chống dịch bệnh", "ứng dụng công nghệ thông tin", "nước thải", "đèn báo hỏng máy",
)  # fmt: skip


def run(rounds: int, reference: Path | None, out: Path | None) -> None:
    rng = random.Random(2)
    words = [*TYPED, *_from_records(rng, 40)]
    nation, province, sector = (Unit.objects.filter(depth=d).order_by("pk").last() for d in (0, 1, 2))
    cases = []
    for typed in words:
        for name, filters in (
            ("library, words", {}),
            ("library, words + province", {"unit": province}),
            ("library, words + year + kind", {"year": clock.today().year - 3, "kind": "technical"}),
        ):
            cases.append(Case(name, typed, _library(Wanted(words=typed, **filters))))
        for name, unit in (("nation", nation), ("province", province), ("sector", sector)):
            cases.append(Case(f"office, {name}", typed, _office(Wanted(words=typed), _officer(unit))))
    for year in range(3):
        cases.append(Case("library, filters only", f"year -{year}", _library(Wanted(year=clock.today().year - year))))
    cases.append(Case("library, filters only", "scope", _library(Wanted(scope="grassroots", benefit="100"))))
    if reference:
        cases += _tantivy(reference, words)
    measured = framework.measure(cases, rounds=rounds)
    extra: dict[str, Any] = {
        "rows": _estimate("search_document"),
        "MB": {name: _megabytes(name) for name in ("search_posting", "search_document")},
        "searches that find nothing": sum(1 for c in measured if c.found == 0),
    }
    framework.report("search", framework.summed(measured), extra, out)


def _library(wanted: Wanted) -> Callable[[], int]:
    """As the page does it: search, the first page's rows."""

    def search() -> int:
        found = queries.library(wanted)
        queries.public_rows(found.numbers(0, 18))
        return found.total

    return search


def _office(wanted: Wanted, person: Person) -> Callable[[], int]:
    def search() -> int:
        found = queries.office(wanted, person)
        found.numbers(0, 20)
        return found.total

    return search


def _officer(unit: Unit) -> Person:
    """Somebody who may see everything below a unit; nobody's row is needed for that."""
    person = Person(pk=0, full_name="Bench")
    person._grants = (clock.today(), (Grant(ROLES["upper_officer"], unit),))  # type: ignore[attr-defined]
    return person


def _from_records(rng: random.Random, how_many: int) -> list[str]:
    """Two to four words in a row out of titles and texts."""
    top, found = Initiative.objects.order_by("-pk").values_list("pk", flat=True)[0], []
    while len(found) < how_many:
        row = Initiative.objects.filter(pk=rng.randint(1, top)).values_list("title", "solution").first()
        words = (rng.choice(row) if row else "").replace(".", "").split()
        size = rng.choice((1, 2, 2, 3, 4))
        if len(words) > size:
            start = rng.randrange(len(words) - size)
            found.append(" ".join(words[start : start + size]).lower())
    return found


def has_tantivy() -> bool:
    """An optional reference (requirements/bench.lock); a line says when it is left out."""
    found = importlib.util.find_spec("tantivy") is not None
    if not found:
        print("tantivy is not installed (requirements/bench.lock): left out")
    return found


def _tantivy(folder: Path, words: list[str]) -> list[Case]:
    """The same public rows in tantivy: all results ranked by BM25 and counted, the first eighteen numbers taken.

    Two questions: all words wherever they stand, and next to each other, which is what our search looks for first.
    """
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True)
    builder.add_text_field("words", tokenizer_name="default")
    schema = builder.build()
    is_new = not (folder / "meta.json").exists()
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema, path=str(folder))
    if is_new:
        _write_tantivy(index)
    index.reload()
    searcher = index.searcher()

    def asking(query: str) -> Callable[[], int]:
        return lambda: searcher.search(index.parse_query(query, ["words"]), 18).count or 0

    cases = []
    for typed in words:
        plain = [w for w in typed.replace('"', " ").split() if w.isalnum()] or ["x"]
        cases.append(Case("tantivy, words anywhere", typed, asking(" AND ".join(plain))))
        cases.append(Case("tantivy, words together", typed, asking(f'"{" ".join(plain)}"')))
    return cases


def _write_tantivy(index: Any) -> None:
    import tantivy

    writer = index.writer(heap_size=256_000_000, num_threads=1)
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor("bench") as cursor:  # the rows do not fit into memory
        cursor.execute(
            "SELECT id, title, problem_before, solution FROM initiatives_initiative WHERE disclosure = 'public'"
        )
        for number, *texts in cursor:
            writer.add_document(tantivy.Document(number=number, words=" ".join(texts)))
    writer.commit()
    writer.wait_merging_threads()
