"""How a package lets its records be entered and kept up to date by Excel.

Subclass `Importer` in the package's `imports.py`, name its columns, and write two methods:
`check` (look at a batch of lines, say what each would do) and `apply` (do it). Register it once
(`register`). Everything else (reading the file, headings, kinds of cell, preview, rights to the
page, one transaction, report, undo page, template, export) is done by `thidua.exchange`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.kernel.sheets.columns import Column

Text = str | Promise


class Outcome(TextChoices):
    """What a line of the file would do, or did."""

    NEW = "new", gettext_lazy("Thêm mới")
    CHANGED = "changed", gettext_lazy("Thay đổi")
    SAME = "same", gettext_lazy("Không đổi")
    BAD = "bad", gettext_lazy("Có lỗi")


@dataclass(frozen=True)
class Fault:
    """Why a line cannot be taken: at which column ('' for the whole line), and how to mend it."""

    column: str
    reason: str
    mend: str = ""


@dataclass(frozen=True)
class Scope:
    """The part of the tree in which a person may do this, as intervals of `Unit.lft`."""

    intervals: tuple[tuple[int, int], ...] = ()

    def covers(self, lft: int) -> bool:
        return any(low <= lft <= high for low, high in self.intervals)


@dataclass
class Line:
    """One line of the file. `check` fills `outcome`, `target`, `changes`; `apply` fills `target`, `undo`."""

    number: int  # as Excel numbers it
    values: dict[str, Any]  # column name -> value; only columns whose heading is in the file
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # worth a look, no fault
    outcome: str = ""
    target: int | None = None  # the record that is meant
    changes: list[list[str]] = field(default_factory=list)  # [heading, old, new] as shown
    undo: dict[str, Any] = field(default_factory=dict)  # what `undo` needs; plain JSON

    def get(self, name: str, default: Any = None) -> Any:
        value = self.values.get(name)
        return default if value is None else value

    def refuse(self, column: str, reason: str, mend: str = "") -> None:
        self.faults.append(Fault(column, str(reason), str(mend)))
        self.outcome = Outcome.BAD

    @property
    def is_bad(self) -> bool:
        return bool(self.faults)


@dataclass
class Run:
    """One import under way: who, where, when; and what else stands in the same file."""

    by: Any  # Person
    unit: Any  # the unit at which the officer works: empty unit cells mean it
    scope: Scope
    today: date
    kept: dict[str, Any] = field(default_factory=dict)  # an importer's own notes for this run
    said: list[str] = field(default_factory=list)  # sentences for the page of the result
    is_writing: bool = False  # inside the transaction of apply: what earlier lines made is there
    whole_file: Callable[[Sequence[str]], Iterator[tuple[Any, ...]]] = lambda names: iter(())
    good_lines: Callable[[], set[int]] = set  # numbers of the lines found good so far
    scope_now: Callable[[], Scope] = Scope  # for importers that change the tree under way

    def every(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """(number, value of each named column) of every line of the file."""
        return self.whole_file(names)


class Importer(ABC):
    """A table that can be filled in Excel. Everything is set-based: a batch at a time."""

    name: str  # in addresses: "people"
    label: Text  # "Đoàn viên, người lao động"
    note: Text = ""  # one sentence on what it is for
    permission: str  # access.permissions.Permission; asked of every line through `run.scope`
    columns: tuple[Column, ...]
    file_name: str  # without extension: "doan-vien"
    exports: bool = False  # `rows` and `size` are written

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, str]]:
        """(column, key) that must not occur twice in one file, e.g. ("phone", "phone:0912…")."""
        return ()

    def levels(self, run: Run) -> dict[int, int]:
        """Line number -> level, when some lines must be taken before others (units: parents first)."""
        return {}

    @abstractmethod
    def check(self, lines: Sequence[Line], run: Run) -> None:
        """Say what each line would do. Called for the preview, and again inside the transaction of apply.

        Lines with faults in their cells come too, so that all their faults are shown at once.
        """

    @abstractmethod
    def apply(self, lines: Sequence[Line], run: Run) -> None:
        """Do it for lines that are NEW or CHANGED; they were checked a moment ago, in this transaction."""

    def finish(self, run: Run) -> None:  # noqa: B027 - most importers have nothing left to do
        """Once, after the last batch, in the same transaction (units: renumber)."""

    def undo(self, lines: Sequence[Line], run: Run) -> None:
        """Take back what `apply` did, newest line first; Refused when something depends on it.

        What has to stay behind is said in the remarks of its line and in `run.said`. A line that was refused
        while it was written comes too when it has left something in `undo`.
        """
        from thidua.kernel.verdicts import Refused

        raise Refused(_("Loại dữ liệu này không hoàn tác được: hãy tải lên tệp có giá trị đúng."))

    def rows(self, unit: Any, scope: Scope) -> Iterator[dict[str, Any]]:
        """Everything below a unit as values of the columns: the export in the form of the template."""
        return iter(())

    def size(self, unit: Any) -> int:
        """About how many rows `rows` would give: many are written in the background."""
        return 0

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def note_changes(
    line: Line, importer: Importer, old: dict[str, Any], new: dict[str, Any], kept: dict[str, Any] | None = None
) -> None:
    """CHANGED or SAME, with what changes as the reader sees it; `kept` remembers the allowed values of a column."""
    remembered = {} if kept is None else kept
    for name, value in new.items():
        if value != old.get(name):
            column = importer.column(name)
            if (key := f"allowed:{name}") not in remembered:
                remembered[key] = column.allowed
            shown = [column.shown(one, remembered[key]) for one in (old.get(name), value)]
            line.changes.append([str(column.label), *shown])
    if not line.is_bad:
        line.outcome = Outcome.CHANGED if line.changes else Outcome.SAME


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    _importers[importer.name] = importer


def registered() -> tuple[Importer, ...]:
    return tuple(_importers.values())


def named(name: str) -> Importer | None:
    return _importers.get(name)
