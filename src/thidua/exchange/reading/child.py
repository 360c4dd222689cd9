"""Run as a process of its own: read a workbook within bounds of memory and time, print its rows as JSON.

A spreadsheet can claim seventeen milliard cells in a few kilobytes; what it costs to find out
must not be paid by the worker. Imports nothing of ours, so that it starts quickly.

    python child.py FILE                 one line a visible sheet: [name, merged ranges, first rows]
    python child.py FILE NAME MOST       every row of the sheet as a list of texts; exit 4 past MOST rows
"""

import datetime
import json
import sys

MEMORY = 1_500 * 2**20
SECONDS = 90
FIRST_ROWS = 40
MOST_COLUMNS = 250
MOST_MERGED = 20_000
LOCKED, BROKEN, TOO_MANY_ROWS, TOO_BIG = 2, 3, 4, 5


def bound() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def written(cell: object) -> str:
    """A cell as a person would type it."""
    if isinstance(cell, bool):
        return "Có" if cell else "Không"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%d/%m/%Y") if cell.time() == datetime.time() else cell.strftime("%d/%m/%Y %H:%M")
    if isinstance(cell, datetime.date):
        return cell.strftime("%d/%m/%Y")
    return "" if cell is None else str(cell)[:32_767]


def texts(row: list) -> list[str]:
    cells = [written(cell) for cell in row[:MOST_COLUMNS]]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def rows_of(sheet, most):  # type: ignore[no-untyped-def]
    """Rows from the first line of the sheet, as Excel numbers them."""
    if sheet.start is None:
        return
    if sheet.total_height > most:
        raise SystemExit(TOO_MANY_ROWS)
    ahead = [""] * sheet.start[1]  # calamine leaves out the empty columns before the first cell
    for row in sheet.iter_rows():
        yield texts([*ahead, *row])


def main(path: str, name: str = "", most: str = "0") -> int:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    out = sys.stdout
    try:
        with CalamineWorkbook.from_path(path) as book:
            if name:
                for row in rows_of(book.get_sheet_by_name(name), int(most)):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
                return 0
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
                    continue
                sheet = book.get_sheet_by_name(about.name)
                merged = (sheet.merged_cell_ranges or [])[:MOST_MERGED]
                first = []
                for row in rows_of(sheet, 2**31):
                    first.append(row)
                    if len(first) == FIRST_ROWS:
                        break
                out.write(json.dumps([about.name, merged, first], ensure_ascii=False) + "\n")
    except PasswordError:
        return LOCKED
    except CalamineError:
        return BROKEN
    except MemoryError:
        return TOO_BIG
    return 0


if __name__ == "__main__":
    bound()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    raise SystemExit(main(*sys.argv[1:]))
