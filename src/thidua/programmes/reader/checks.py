"""What does not fit together: said with its line, never mended."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thidua.programmes.reader.dates import points
from thidua.programmes.reader.lines import Line
from thidua.programmes.reader.phases import Segment

Warning_ = dict[str, Any]


def warning(source: dict[str, Any] | None, sentence: str) -> Warning_:
    source = source or {"line": 0, "text": ""}
    return {"line": source["line"], "text": source["text"], "sentence": sentence}


def of_frame(found: dict[str, Any]) -> list[Warning_]:
    missing = []
    sources = found["sources"]
    if found["number"] is None:
        missing.append(
            warning(sources.get("number"), _("Văn bản chưa có số: được coi là dự thảo. Hãy nhập số khi ban hành."))
        )
    if found["issued_on"] is None:
        missing.append(warning(sources.get("issued_on"), _("Chưa có ngày, tháng ban hành: hãy nhập ngày.")))
    if not found["title"]:
        missing.append(warning(None, _("Không đọc được tên (trích yếu) của kế hoạch: hãy nhập.")))
    if not found["issuer"]:
        missing.append(warning(None, _("Không đọc được đơn vị ban hành: hãy chọn đơn vị.")))
    return missing


def of_dates(lines: list[Line], year: int | None) -> list[Warning_]:
    """Dates that cannot be: 28/7/2929, 31/2/2022."""
    return [
        warning(line.source, _("Ngày «%(date)s» không hợp lý: hãy kiểm tra văn bản gốc.") % {"date": point.fault})
        for line in lines
        for point in points(line.text, year, None)
        if point.fault
    ]


def of_phases(segments: list[Segment]) -> list[Warning_]:
    found: list[Warning_] = []
    for kind in ("phase", "round"):
        items = [s.phase for s in segments if s.phase["kind"] == kind]
        for phase in items:
            found += _one_phase(phase)
        dated = sorted((p for p in items if p["ends_on"]), key=lambda p: p["starts_on"] or "")
        for one, other in zip(dated, dated[1:], strict=False):
            if other["starts_on"] and other["starts_on"] <= one["ends_on"]:
                names = {"one": one["name"], "other": other["name"]}
                found.append(warning(other["source"], _("%(one)s và %(other)s chồng ngày lên nhau.") % names))
    return found


def _one_phase(phase: dict[str, Any]) -> list[Warning_]:
    found = []
    if phase["starts_on"] is None:
        found.append(
            warning(phase["source"], _("%(name)s: chưa xác định được ngày bắt đầu.") % {"name": phase["name"]})
        )
    if phase["ends_on"] is None:
        found.append(
            warning(phase["source"], _("%(name)s: chưa xác định được ngày kết thúc.") % {"name": phase["name"]})
        )
    for first, last in (("starts_on", "ends_on"), ("eligible_from", "eligible_to")):
        if phase[first] and phase[last] and phase[first] > phase[last]:
            found.append(
                warning(phase["source"], _("%(name)s: ngày kết thúc trước ngày bắt đầu.") % {"name": phase["name"]})
            )
    return found


def of_targets(targets: list[dict[str, Any]]) -> list[Warning_]:
    """A stated total that is not the sum of its phases; one phase with two numbers."""
    found: list[Warning_] = []
    own = [t for t in targets if not t.get("unit_name") and t["indicator"] == "initiatives" and t["unit"] == "count"]
    by_phase: dict[str, Any] = {}
    for target in (t for t in own if t["phase"]):
        known = by_phase.setdefault(target["phase"], target)
        if known["value"] != target["value"]:
            words = {"phase": target["phase"], "one": known["value"], "other": target["value"]}
            found.append(
                warning(target["source"], _("%(phase)s có hai chỉ tiêu khác nhau: %(one)s và %(other)s.") % words)
            )
    totals = [t for t in own if not t["phase"] and not str(t["period"] or "").startswith("mỗi")]
    if totals and len(by_phase) > 1:
        stated, summed = totals[0]["value"], sum(t["value"] for t in by_phase.values())
        if stated != summed:
            words = {"total": stated, "sum": summed, "difference": abs(stated - summed)}
            sentence = _("Tổng %(total)s khác tổng các giai đoạn %(sum)s (chênh %(difference)s).") % words
            found.append(warning(totals[0]["source"], sentence))
    return found


def of_closing(closing: dict[str, Any]) -> list[Warning_]:
    found = []
    if not closing["found"]:
        found.append(warning(None, _("Không thấy phần «Nơi nhận».")))
    if closing["signer"] is None:
        found.append(warning(closing["signed_source"], _("Chưa có tên người ký.")))
    return found


def of_months(lines: list[Line]) -> list[Warning_]:
    """'tháng 5, tháng 5': a month named twice in one list."""
    found = []
    for line in lines:
        for match in re.finditer(
            r"(tháng\s+\d{1,2}(?:/\d{4})?)(?:\s*(?:,|và)\s*)(\1)(?![\d/])", line.text, re.IGNORECASE
        ):
            found.append(warning(line.source, _("«%(month)s» được nêu hai lần.") % {"month": match.group(1)}))
    return found


def plan_year(year: int | None, issued_on: date | None, title: str | None) -> int | None:
    """The year the plan speaks of: of its date, else named in its title."""
    if issued_on:
        return issued_on.year
    named = re.findall(r"\b(20[1-5]\d)\b", title or "")
    return year or (int(named[0]) if named else None)
