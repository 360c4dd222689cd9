"""Sentences of a plan's paper: targets, phases, movements and duties in the words of the reader."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from thidua.kernel import formats
from thidua.programmes.reader import understood

Item = dict[str, Any]
_COMPARED = {"at_least": "ít nhất ", "more_than": "trên ", "at_most": "không quá ", "exactly": ""}
# What is said around the number of each indicator.
_WORDS = {
    "initiatives": ("phấn đấu đạt ", " sáng kiến"),
    "participation_rate": ("phấn đấu ", " đoàn viên, người lao động có sáng kiến tham gia"),
    "benefit": ("giá trị làm lợi phấn đấu đạt ", " đồng"),
    "members_organised": ("kết nạp ", " đoàn viên"),
    "grassroots_unions_founded": ("thành lập ", " công đoàn cơ sở"),
    "agreements_signed": ("ký kết ", " thỏa ước lao động tập thể"),
    "dialogues_held": ("tổ chức ", " cuộc đối thoại tại nơi làm việc"),
    "workers_cared_for_tet": ("chăm lo Tết cho ", " người lao động"),
    "supervisions": ("tổ chức ", " cuộc giám sát chế độ, chính sách"),
    "articles_published": ("đăng ", " tin, bài tuyên truyền"),
    "units_responding": ("phấn đấu ", " công đoàn cơ sở hưởng ứng"),
}
_EACH = ("mỗi giai đoạn", "mỗi đợt")
_ACRONYMS = {"cđcs": "CĐCS", "cnvclđ": "CNVCLĐ", "lđlđ": "LĐLĐ"}
_AUDIENCES = {
    "union_officers": "cán bộ công đoàn các cấp",
    "enterprise_workers": "công nhân lao động trong các doanh nghiệp",
    "agencies": "cán bộ, công chức các cơ quan",
    "public_service": "viên chức, người lao động các đơn vị sự nghiệp",
    "women": "nữ công nhân, viên chức, lao động",
}
_QUOTE = "“{}”"
_KINDS = {"programme": "Chương trình", "movement": "phong trào thi đua", "drive": "cuộc vận động"}


def capital(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]


def small(words: str) -> str:
    """With a small letter at its beginning, unless the word is an acronym."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def day(written: str) -> str:
    """12/01/2022, 31/5/2022: days below ten and the first two months with a nought."""
    found = date.fromisoformat(written)
    return f"{found.day:02d}/{f'{found.month:02d}' if found.month < 3 else found.month}/{found.year}"


def sentence(target: Item) -> str:
    """A target that stands for itself: `Trong năm 2022 và 2023, phấn đấu ít nhất 10% … .`"""
    words = goal(target)
    period = target["period"] or ""
    if period in _EACH:
        return f"{capital(words)} trong {period}."
    if period and not _is_said(target, words):
        words = f"{_lead(period)}{words}"
    return f"{capital(words)}."


def _is_said(target: Item, words: str) -> bool:
    found = understood(f"- {capital(words)}.")
    return len(found) == 1 and found[0]["period"] == target["period"]


def _lead(period: str) -> str:
    if match := re.fullmatch(r"(20\d\d)(?:–(20\d\d))?", period):
        return f"Trong năm {match[1]}{f' và {match[2]}' if match[2] else ''}, "
    written = re.sub(r"\b(cđcs|cnvclđ|lđlđ)\b", lambda m: _ACRONYMS[m.group()], period)
    return f"{capital(written)} " if period.startswith("mỗi") else f"{capital(written)}, "


def goal(target: Item) -> str:
    """The words of the paper it was read in, as long as they still say the same; the usual words otherwise."""
    phrase = (target.get("phrase") or "").strip(" .;")
    if phrase and _same(target, understood(f"- {capital(phrase)}.")):
        return phrase
    before, after = _WORDS.get(target["indicator"], ("", ""))
    if not before or (target["indicator"] == "initiatives" and target["unit"] == "percent"):
        name = target.get("name") or "Chỉ tiêu khác"
        before, after = f"{name if target['indicator'] != 'other' else 'Chỉ tiêu khác'}: ", ""
    return f"{before}{_amount(target)}{after}"


def _same(target: Item, found: list[Item]) -> bool:
    names = ("indicator", "comparator", "value", "unit")
    return len(found) == 1 and all(found[0][name] == target[name] for name in names)


def _amount(target: Item) -> str:
    is_percent = target["unit"] == "percent"
    values = target["value"] if isinstance(target["value"], list) else [target["value"]]
    written = [f"{_number(value, is_percent=is_percent)}{'%' if is_percent else ''}" for value in values]
    if len(written) > 1:
        return f"từ {written[0]} đến {written[1]}"
    return f"{_COMPARED.get(target['comparator'], '')}{written[0]}"


def _number(value: float, *, is_percent: bool = False) -> str:
    exact = Decimal(str(value)).normalize()
    written = formats.number(exact, max(0, -int(exact.as_tuple().exponent)))
    return f"0{written}" if len(written) == 1 and written != "0" and not is_percent else written


def phase(item: Item, targets: list[Item]) -> str:
    """`Giai đoạn 1 (từ ngày … đến hết ngày …): theme, với mục tiêu phấn đấu đạt 100 sáng kiến (…).`"""
    days = " ".join(
        filter(
            None,
            (
                f"từ ngày {day(item['starts_on'])}" if item["starts_on"] else "",
                f"đến hết ngày {day(item['ends_on'])}" if item["ends_on"] else "",
            ),
        )
    )
    theme = (item["theme"] or "").strip().rstrip(".")
    goals = re.sub(r"^mục tiêu\s+", "", "; ".join(_in_phase(t) for t in targets), flags=re.IGNORECASE)
    own = f"{item['name']}{f' ({days})' if days else ''}"
    plain = f"{own}: {theme}{f' với mục tiêu {small(goals)}' if goals else ''}{_window(item)}."
    if theme and _theme_of(plain) == theme:
        return plain
    said = [f"với chủ đề “{theme}”" if theme else "", f"mục tiêu {small(goals)}" if goals else ""]
    rest = ", ".join(filter(None, said))
    return f"{own}{': ' + rest if rest else ''}{_window(item)}."


def _theme_of(words: str) -> str | None:
    found = understood(f"- {words}", kind="phase")
    return found[0]["theme"] if len(found) == 1 else None


def _in_phase(target: Item) -> str:
    words = goal(target)
    if target["period"] in _EACH:
        return f"{words} trong {target['period']}"
    return f"{small(_lead(target['period']))}{words}" if target["period"] else words


def _window(item: Item) -> str:
    if item["eligible_from"] and item["eligible_to"]:
        return f" (Sáng kiến được tính từ {day(item['eligible_from'])} đến {day(item['eligible_to'])})"
    if item["eligible_from"]:
        return f" (Các sáng kiến từ {day(item['eligible_from'])} được tham gia)"
    if item["eligible_to"]:
        return f" (Các sáng kiến đến {day(item['eligible_to'])} được tham gia)"
    return ""


def movements(items: list[Item]) -> Iterator[str]:
    """One line for the movements of each audience, in their order."""
    for audience, group in itertools.groupby(items, key=lambda item: item["audience"]):
        whom = _AUDIENCES.get(audience)
        kinds = [
            f"{_KINDS.get(kind, _KINDS['movement'])} {', '.join(_QUOTE.format(item['name']) for item in named)}"
            for kind, named in itertools.groupby(group, key=lambda item: item["kind"])
        ]
        lead = f"Đối với {whom}: hưởng ứng, thực hiện có hiệu quả " if whom else "Hưởng ứng, thực hiện có hiệu quả "
        yield f"{lead}{'; '.join(kinds)}."


def is_for_all(item: Item) -> bool:
    """The closing sentence on difficulties, which names no body."""
    return item["who"] == "Các đơn vị" and "vướng mắc" in item["text"].lower()


def duty(item: Item) -> str:
    """The duty with its day and how often it comes, when the words do not say so themselves."""
    words = capital(item["text"].rstrip(";. "))
    read = understood(words, kind="duty")
    known = read[0] if len(read) == 1 else {"due_on": None, "recurring": None}
    if item["recurring"] and not known["recurring"]:
        words += f" ({item['recurring']})"
    if item["due_on"] and known["due_on"] != item["due_on"]:
        words += f". Thời hạn: trước ngày {day(item['due_on'])}"
    return f"{words}."


def order(item: Item) -> str | None:
    """A duty that names its body itself stands as a numbered paragraph: `3. Các LĐLĐ huyện xây dựng …`."""
    words = duty(item)
    found = understood(f"1. {words}", kind="order")
    same = len(found) == 1 and found[0]["who"].lower() == item["who"].lower() and found[0]["text"] == words.rstrip(".")
    return words if same and len(words) > len(item["who"]) + 8 else None
