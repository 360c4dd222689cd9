"""What does not fit together: said with its line, never mended."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thidua.programmes.reader import spelling
from thidua.programmes.reader.dates import points
from thidua.programmes.reader.lines import Line, masked
from thidua.programmes.reader.phases import Segment

Warning_ = dict[str, Any]


def warning(source: dict[str, Any] | None, sentence: str) -> Warning_:
    """A sentence with its line; line 0 when something is missing altogether."""
    source = source or {"line": 0, "text": ""}
    return {"line": source["line"], "text": source["text"], "sentence": sentence}


def plan_year(year: int | None, issued_on: date | None, title: str | None) -> int | None:
    """The year the plan speaks of: named in its title, of its date otherwise."""
    named = {int(y) for y in re.findall(r"(?<![\d/-])(20[1-5]\d)(?![\d/])", masked(title or ""))}
    if issued_on:  # a plan of December for the year to come
        return issued_on.year + 1 if named == {issued_on.year + 1} else issued_on.year
    return year or (min(named) if named else None)


def of_frame(found: dict[str, Any]) -> list[Warning_]:
    missing = []
    sources = found["sources"]
    if found["number"] is None:
        missing.append(
            warning(sources.get("number"), _("Văn bản chưa có số: được coi là dự thảo. Hãy nhập số khi ban hành."))
        )
    elif found.get("suffix"):
        words = {"number": f"{found['number']}{found['suffix']}"}
        missing.append(warning(sources.get("number"), _("Số «%(number)s» có chữ kèm theo, chỉ giữ phần số.") % words))
    if found["issued_on"] is None:
        missing.append(warning(sources.get("issued_on"), _("Chưa có ngày, tháng ban hành: hãy nhập ngày.")))
    if not found["title"]:
        missing.append(warning(None, _("Không đọc được tên (trích yếu) của kế hoạch: hãy nhập.")))
    if not found["issuer"]:
        missing.append(warning(None, _("Không đọc được đơn vị ban hành: hãy chọn đơn vị.")))
    return missing


def of_text(content: str, lines: list[Line]) -> list[Warning_]:
    """Letters that were lost on the way, and tables that fell apart into single cells."""
    found = []
    first = lines[0].source if lines else None
    if spelling.is_legacy(content):
        found.append(
            warning(first, _("Chữ có vẻ thuộc phông TCVN3/VNI chưa chuyển sang Unicode: hãy chuyển mã rồi tải lại."))
        )
    elif spelling.is_bare(content):
        found.append(
            warning(first, _("Văn bản không có dấu: tên và câu chữ được giữ như trong văn bản, hãy sửa khi đối chiếu."))
        )
    return found


_NUMBER_ALONE = re.compile(r"[\d.,\s%]*\d[\d.,\s%]*")


def of_tables(faults: list[tuple[dict[str, Any], str]], lines: list[Line]) -> list[Warning_]:
    found = [warning(s, _("Bảng không khớp tổng: %(fault)s.") % {"fault": fault}) for s, fault in faults]
    return [*found, *_fallen_apart(lines)]


_FEWEST = 4  # numbers standing alone, at most three lines apart


def _fallen_apart(lines: list[Line]) -> list[Warning_]:
    """Lines that are numbers alone, close to one another: cells of a table whose rows are lost."""
    sentence = _("Có vẻ là một bảng bị mất cột: hãy nhập các số của bảng theo văn bản gốc.")
    found: list[Warning_] = []
    run: list[int] = []
    for at, line in enumerate(lines):
        if not line.is_table and _NUMBER_ALONE.fullmatch(line.text):
            if run and at - run[-1] > 3:
                run = []
            run.append(at)
            if len(run) == _FEWEST:
                found.append(warning(lines[run[0]].source, sentence))
    return found


def of_dates(lines: list[Line], year: int | None) -> list[Warning_]:
    """Dates that cannot be: 28/7/2929, 31/2/2022."""
    return [
        warning(line.source, _("Ngày «%(date)s» không hợp lý: hãy kiểm tra văn bản gốc.") % {"date": point.fault})
        for line in lines
        for point in points(line.text, year, None)
        if point.fault
    ]


_MONTHS = re.compile(
    r"tháng\s+\d{1,2}(?:/\d{4})?(?:\s*(?:,|;|và)+\s*(?:và\s+)?(?:tháng\s+)?\d{1,2}(?:/\d{4})?(?![\d./])){1,11}", re.I
)
_ANNIVERSARY = re.compile(
    r"(?P<n>\d{1,3})\s+năm\b[^()\d]{0,120}\(\s*(?:\d{1,2}/\d{1,2}/)?(?P<y1>1[89]\d\d|20\d\d)\s*[-–—]\s*(?:\d{1,2}/\d{1,2}/)?"
    r"(?P<y2>20\d\d)\s*\)"
)


def of_months(lines: list[Line]) -> list[Warning_]:
    """A month named twice in one list; an anniversary that is not the difference of its years."""
    found = []
    for line in lines:
        for match in _MONTHS.finditer(line.text):
            named = re.findall(r"\d{1,2}(?:/\d{4})?", match.group())
            twice = next((m for i, m in enumerate(named) if m.lstrip("0") in [n.lstrip("0") for n in named[:i]]), None)
            if twice:
                found.append(warning(line.source, _("«%(month)s» được nêu hai lần.") % {"month": f"tháng {twice}"}))
        for match in _ANNIVERSARY.finditer(line.text):
            years = int(match["y2"]) - int(match["y1"])
            if years != int(match["n"]):
                words = {"stated": match["n"], "years": years}
                sentence = _("Nêu kỷ niệm %(stated)s năm nhưng hai mốc cách nhau %(years)s năm.") % words
                found.append(warning(line.source, sentence))
    return found


def of_phases(
    segments: list[Segment], twice: list[tuple[dict[str, Any], str]], issued_on: date | None
) -> list[Warning_]:
    """Days that are missing, turned round, overlapping or far off; one name for two spans."""
    sentence = _("«%(name)s» được nêu hai lần với ngày khác nhau.")
    found = [warning(source, sentence % {"name": name}) for source, name in twice]
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for segment in segments:
        groups.setdefault((segment.phase["kind"], segment.part), []).append(segment.phase)
        found += _one_phase(segment, issued_on)
    for items in groups.values():
        found += _neighbours(items)
    return found


def _neighbours(items: list[dict[str, Any]]) -> list[Warning_]:
    found = []
    for one, other in itertools.pairwise(p for p in items if p["starts_on"]):
        names = {"one": one["name"], "other": other["name"]}
        if other["starts_on"] < one["starts_on"] and not _is_special(other["name"]):
            found.append(warning(other["source"], _("%(other)s bắt đầu trước %(one)s.") % names))
    dated = sorted((p for p in items if p["ends_on"]), key=lambda p: p["starts_on"] or "")
    for one, other in itertools.pairwise(dated):
        names = {"one": one["name"], "other": other["name"]}
        is_within = (_is_special(one["name"]) or _is_special(other["name"])) and other["ends_on"] <= one["ends_on"]
        if other["starts_on"] and other["starts_on"] <= one["ends_on"] and not is_within:
            found.append(warning(other["source"], _("%(one)s và %(other)s chồng ngày lên nhau.") % names))
    return found


def _is_special(name: str) -> bool:
    """A special round lies within the others."""
    return "cao điểm" in name.lower() or "đặc biệt" in name.lower()


def _one_phase(segment: Segment, issued_on: date | None) -> list[Warning_]:
    phase = segment.phase
    sentences = []
    if phase["starts_on"] is None:
        sentences.append(_("%(name)s: chưa xác định được ngày bắt đầu."))
    if phase["ends_on"] is None:
        sentences.append(_("%(name)s: chưa xác định được ngày kết thúc."))
    for first, last in (("starts_on", "ends_on"), ("eligible_from", "eligible_to")):
        if phase[first] and phase[last] and phase[first] > phase[last]:
            sentences.append(_("%(name)s: ngày kết thúc trước ngày bắt đầu."))
    if segment.is_guessed:
        sentences.append(_("%(name)s: ngày không ghi năm, được hiểu theo năm của kế hoạch."))
    if issued_on and phase["ends_on"] and phase["ends_on"] < issued_on.isoformat():
        sentences.append(_("%(name)s kết thúc trước ngày ban hành kế hoạch."))
    if _years_between(phase["starts_on"], phase["ends_on"]) > LONGEST:
        sentences.append(_("%(name)s kéo dài bất thường: hãy kiểm tra năm."))
    return [warning(phase["source"], sentence % {"name": phase["name"]}) for sentence in sentences]


LONGEST = 6  # years of a phase; the longest programmes run for a term of five


def _years_between(first: str | None, last: str | None) -> int:
    return int(last[:4]) - int(first[:4]) if first and last else 0


def of_targets(targets: list[dict[str, Any]], phases: list[dict[str, Any]]) -> list[Warning_]:
    """A stated total that is not the sum of its phases; one phase with two numbers; parts above the whole."""
    found: list[Warning_] = []
    own = [t for t in targets if _is_counted(t) and not t.get("unit_name")]
    by_phase: dict[str, Any] = {}
    for target in (t for t in own if t["phase"]):
        known = by_phase.setdefault(target["phase"], target)
        if known["value"] != target["value"]:
            words = {"phase": target["phase"], "one": known["value"], "other": target["value"]}
            found.append(
                warning(target["source"], _("%(phase)s có hai chỉ tiêu khác nhau: %(one)s và %(other)s.") % words)
            )
    totals = [t for t in own if not t["phase"] and not str(t["period"] or "").startswith("mỗi")]
    kinds = {p["kind"] for p in phases if p["name"] in by_phase}
    if totals and len(by_phase) > 1 and len(kinds) == 1:
        stated, summed = totals[0]["value"], sum(t["value"] for t in by_phase.values())
        # "1 triệu" of the programme above may stand beside one's own total: any total that fits is the one meant.
        if all(t["value"] != summed for t in totals):
            words = {"total": stated, "sum": summed, "difference": abs(stated - summed)}
            sentence = _("Tổng %(total)s khác tổng các giai đoạn %(sum)s (chênh %(difference)s).") % words
            found.append(warning(totals[0]["source"], sentence))
    return [*found, *_shares(targets)]


def _is_counted(target: dict[str, Any]) -> bool:
    return bool(
        target["indicator"] == "initiatives" and target["unit"] == "count" and isinstance(target["value"], (int, float))
    )


def _shares(targets: list[dict[str, Any]]) -> list[Warning_]:
    """More than a hundred in a hundred."""
    return [
        warning(t["source"], _("Tỷ lệ %(value)s%% lớn hơn 100%%.") % {"value": t["value"]})
        for t in targets
        if t["unit"] == "percent" and isinstance(t["value"], (int, float)) and t["value"] > 100
    ]


_BLURRED = re.compile(r"(?<![\w/.])(?:[\dlIOo]{1,2})[/.](?:[\dlIOo]{1,2})[/.][\dlIOo]{4}(?!\w)")


def of_numbers(unread: list[tuple[dict[str, Any], str]], lines: list[Line]) -> list[Warning_]:
    """Numbers that look like goals but were not understood; dates with letters in them."""
    sentence = _("Chưa hiểu số «%(number)s» là chỉ tiêu gì: hãy nhập nếu là chỉ tiêu.")
    found = [warning(source, sentence % {"number": number}) for source, number in unread]
    for line in lines:
        for match in _BLURRED.finditer(line.text):
            if re.search(r"[lIOo]", match.group()) and re.search(r"\d", match.group()):
                sentence = _("Ngày «%(date)s» đọc không rõ: hãy kiểm tra văn bản gốc.")
                found.append(warning(line.source, sentence % {"date": match.group()}))
    return found


def of_closing(closing: dict[str, Any]) -> list[Warning_]:
    found = []
    if not closing["found"]:
        found.append(warning(None, _("Không thấy phần «Nơi nhận».")))
    if closing["signer"] is None:
        found.append(warning(closing["signed_source"], _("Chưa có tên người ký.")))
    return found


def of_order(plan: Any, issued_on: date | None) -> list[Warning_]:
    """A paper cannot rest on one that is younger, nor ask for something before it was issued."""
    if issued_on is None:
        return []
    issued = issued_on.isoformat()
    younger = [r for r in (*plan.basis, *plan.implements, *plan.amends) if (r["issued_on"] or "") > issued]
    past = [d for d in plan.duties if d["due_on"] and d["due_on"] < issued]
    return [
        *[
            warning(r["source"], _("Văn bản %(number)s có ngày sau ngày ban hành kế hoạch.") % {"number": r["number"]})
            for r in younger
        ],
        *[
            warning(d["source"], _("Thời hạn %(day)s trước ngày ban hành kế hoạch.") % {"day": d["due_on"]})
            for d in past
        ],
    ]
