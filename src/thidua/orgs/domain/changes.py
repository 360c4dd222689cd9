"""The only way to change the tree: each act leaves a dated line with its decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change, Employer
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitKind, UnitName

_TREE_LOCK = 0x7D5EA2


@dataclass(frozen=True)
class Decision:
    """The paper behind a change of the tree."""

    effective_on: date
    number: str = ""
    decided_on: date | None = None


def establish(
    *,
    code: str,
    name: str,
    kind: UnitKind,
    parent: Unit | None,
    decision: Decision,
    by: acts.Actor,
    short_name: str = "",
    symbol: str = "",
    place: str = "",
    sector: str = "",
    employer: str = Employer.NONE,
    accepts_open_filing: bool = False,
    renumbered: bool = True,
) -> Unit:
    """Found a unit under a parent. Pass `renumbered=False` in bulk and call `renumber()` once."""
    name = text.tidy(name)
    if not name:
        raise Refused(_("Đơn vị chưa có tên: hãy nhập tên đầy đủ."), field="name")
    if Unit.objects.filter(code__iexact=code).exists():
        raise Refused(_("Mã đơn vị «%(code)s» đã có: hãy chọn mã khác.") % {"code": code}, field="code")
    with transaction.atomic():
        unit = Unit.objects.create(
            code=code,
            name=name,
            short_name=text.tidy(short_name) or name[:120],
            symbol=symbol,
            place=place,
            sort_key=text.sort_key(name),
            search=_search_text(name, short_name, code),
            kind=kind,
            sector=sector,
            employer=employer,
            parent=parent,
            established_on=decision.effective_on,
            accepts_open_filing=accepts_open_filing,
        )
        valid = DateRange(decision.effective_on, None)
        UnitName.objects.create(unit=unit, name=name, valid=valid)
        if parent:
            Affiliation.objects.create(unit=unit, parent=parent, valid=valid)
        _write_down(unit, Change.ESTABLISH, decision, by, {"name": name, "parent": parent and parent.code})
        if renumbered:
            renumber()
            unit.refresh_from_db()
    return unit


def rename(unit: Unit, name: str, *, decision: Decision, by: acts.Actor, short_name: str = "") -> Unit:
    """Give a unit a new name from a day on; the old one stays in its history."""
    name = text.tidy(name)
    if not name:
        raise Refused(_("Đơn vị chưa có tên: hãy nhập tên đầy đủ."), field="name")
    with transaction.atomic():
        old = _close(UnitName, unit, decision.effective_on)
        UnitName.objects.create(unit=unit, name=name, valid=DateRange(decision.effective_on, None))
        unit.name, unit.short_name = name, text.tidy(short_name) or name[:120]
        unit.sort_key = text.sort_key(name)
        unit.search = _search_text(name, unit.short_name, unit.code)
        unit.save(update_fields=["name", "short_name", "sort_key", "search"])
        _write_down(unit, Change.RENAME, decision, by, {"from": old.name, "to": name})
    return unit


def move(unit: Unit, parent: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """Put a unit, with all below it, under another parent from a day on."""
    if unit.covers(parent):
        raise Refused(_("Không thể chuyển một đơn vị xuống dưới chính nó."), field="parent")
    with transaction.atomic():
        old = _close(Affiliation, unit, decision.effective_on)
        Affiliation.objects.create(unit=unit, parent=parent, valid=DateRange(decision.effective_on, None))
        unit.parent = parent
        unit.save(update_fields=["parent"])
        _write_down(unit, Change.MOVE, decision, by, {"from": old.parent.code, "to": parent.code})
        renumber()
        unit.refresh_from_db()
    return unit


def dissolve(unit: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """End a unit on a day; what is still below it must have been moved or ended before."""
    if Unit.objects.filter(parent=unit, ended_on__isnull=True).exists():
        raise Refused(_("Còn đơn vị trực thuộc đang hoạt động: hãy chuyển hoặc kết thúc các đơn vị đó trước."))
    with transaction.atomic():
        unit.ended_on = decision.effective_on
        unit.save(update_fields=["ended_on"])
        _close(UnitName, unit, decision.effective_on)
        if unit.parent_id:
            _close(Affiliation, unit, decision.effective_on)
        _write_down(unit, Change.DISSOLVE, decision, by, {"name": unit.name})
    return unit


@transaction.atomic
def renumber() -> None:
    """Recompute today's nested intervals from the parents, in the order of names.

    One statement; a lock keeps two reorganisations apart.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
        cursor.execute(
            """
            WITH RECURSIVE walk AS (
                SELECT id, 0 AS depth, ARRAY[sort_key || id::text COLLATE "C"] AS path
                FROM orgs_unit WHERE parent_id IS NULL
                UNION ALL
                SELECT u.id, w.depth + 1, w.path || (u.sort_key || u.id::text COLLATE "C")
                FROM orgs_unit u JOIN walk w ON u.parent_id = w.id
            ), placed AS (
                SELECT id, depth, path, row_number() OVER (ORDER BY path) AS place FROM walk
            ), ends AS (
                SELECT id, depth, place,
                       COALESCE(
                           (SELECT min(n.place) - 1 FROM placed n
                             WHERE n.place > p.place AND n.depth <= p.depth),
                           (SELECT max(place) FROM placed)) AS last
                FROM placed p
            )
            UPDATE orgs_unit u SET lft = e.place, rgt = e.last, depth = e.depth
            FROM ends e WHERE e.id = u.id
              AND (u.lft, u.rgt, u.depth) IS DISTINCT FROM (e.place::int, e.last::int, e.depth)
            """
        )


def _search_text(name: str, short_name: str, code: str) -> str:
    return " ".join(text.words(f"{name} {short_name} {code}"))[:400]


def _close(model: type, unit: Unit, day: date):  # type: ignore[no-untyped-def]
    """End the open line of a unit's dated facts on a day and give it back."""
    current = model.objects.filter(unit=unit, valid__upper_inf=True).first()  # type: ignore[attr-defined]
    if current is None or current.valid.lower >= day:
        raise Refused(
            _("Ngày hiệu lực phải sau lần thay đổi gần nhất của đơn vị «%(unit)s».") % {"unit": unit.name},
            field="effective_on",
        )
    current.valid = DateRange(current.valid.lower, day)
    current.save(update_fields=["valid"])
    return current


def _write_down(unit: Unit, kind: str, decision: Decision, by: acts.Actor, details: dict) -> None:
    UnitEvent.objects.create(
        unit=unit,
        kind=kind,
        effective_on=decision.effective_on,
        decision_number=decision.number,
        decided_on=decision.decided_on,
        details=details,
    )
    acts.record(f"orgs.unit.{kind}", unit, by=by, unit_id=unit.pk, after=details)
