"""A formula an officer would say: "đoàn viên × 2 %, ít nhất 1". Read by hand, never evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, Overflow

from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused

# What a formula may speak of, in the words people use (without dấu).
NAMES = {
    "lao dong truc tiep": "direct",
    "so doan vien": "members",
    "doan vien": "members",
    "truc tiep": "direct",
    "nu doan vien": "women",
    "ky truoc": "last",
    "ket qua": "last",
    "hien tai": "now",
    "dv": "members",
    "nu": "women",
}
LEAST, MOST = ("it nhat", "toi thieu"), ("khong qua", "toi da")
_WORDS = sorted([*NAMES, *LEAST, *MOST], key=len, reverse=True)
_TOKEN = re.compile(rf"\s*(?:(\d+(?:[.,]\d+)*)|({'|'.join(_WORDS)})\b|([-+*/()%]))")
LONGEST = 200


@dataclass(frozen=True)
class Formula:
    """Ready to be worked out for each unit."""

    tokens: tuple[str | Decimal, ...]
    least: Decimal | None
    most: Decimal | None

    def value(self, facts: Mapping[str, int]) -> int:
        """Rounded half up, within its bounds, never below 0."""
        try:
            found = _Reading(self.tokens, facts).whole()
            if self.least is not None:
                found = max(found, self.least)
            if self.most is not None:
                found = min(found, self.most)
            return int(max(found, Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP))
        except (DivisionByZero, InvalidOperation, Overflow):
            return 0


def read(words: str) -> Formula:
    """Raises Refused naming the place that cannot be read."""
    plain = (
        text.fold(words[:LONGEST])
        .replace("×", "*")
        .replace("−", "-")
        .replace("–", "-")
        .replace(" x ", " * ")
        .replace("÷", "/")
        .replace(":", "/")
    )
    tokens: list[str | Decimal] = []
    place = 0
    plain = re.sub(r"[;,](?!\d)", " ", plain).rstrip()
    while place < len(plain):
        found = _TOKEN.match(plain, place)
        if found is None:
            raise Refused(_unread(plain[place:].strip()), field="formula")
        tokens.append(_number(found[1]) if found[1] else found[2] or found[3])
        place = found.end()
    body, bounds = _bounds(tokens)
    formula = Formula(tuple(body), bounds.get("least"), bounds.get("most"))
    formula.value(dict.fromkeys(NAMES.values(), 1))
    return formula


def _unread(rest: str) -> str:
    return _("Không đọc được công thức từ chỗ «%(rest)s»: hãy viết như «đoàn viên × 2 %%, ít nhất 1».") % {
        "rest": rest[:40] or "…"
    }


def _number(words: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", words):
        return Decimal(words.replace(".", ""))
    try:
        return Decimal(words.replace(",", "."))
    except InvalidOperation:
        raise Refused(_unread(words), field="formula") from None


def _bounds(tokens: list[str | Decimal]) -> tuple[list[str | Decimal], dict[str, Decimal]]:
    """Cut "ít nhất 1" and "không quá 50" off the end."""
    bounds: dict[str, Decimal] = {}
    while len(tokens) >= 2 and tokens[-2] in (*LEAST, *MOST) and isinstance(tokens[-1], Decimal):
        bounds["least" if tokens[-2] in LEAST else "most"] = tokens[-1]
        tokens = tokens[:-2]
    if not tokens:
        raise Refused(_unread(""), field="formula")
    return tokens, bounds


class _Reading:
    """Sums of products of names and numbers, with brackets; '%' divides what stands before it by 100."""

    def __init__(self, tokens: tuple[str | Decimal, ...], facts: Mapping[str, int]) -> None:
        self.tokens, self.facts, self.place = tokens, facts, 0

    def whole(self) -> Decimal:
        found = self.sum()
        if self.place < len(self.tokens):
            raise Refused(_unread(str(self.tokens[self.place])), field="formula")
        return found

    def sum(self) -> Decimal:
        found = self.product()
        while (sign := self.peek()) in ("+", "-"):
            self.place += 1
            found = found + self.product() if sign == "+" else found - self.product()
        return found

    def product(self) -> Decimal:
        found = self.factor()
        while (sign := self.peek()) in ("*", "/"):
            self.place += 1
            other = self.factor()
            found = found * other if sign == "*" else found / other
        return found

    def factor(self) -> Decimal:
        symbol = self.peek()
        self.place += 1
        if symbol == "(":
            found = self.sum()
            if self.peek() != ")":
                raise Refused(_unread("("), field="formula")
            self.place += 1
        elif isinstance(symbol, Decimal):
            found = symbol
        elif isinstance(symbol, str) and symbol in NAMES:
            found = Decimal(self.facts.get(NAMES[symbol], 0))
        else:
            raise Refused(_unread(str(symbol or "")), field="formula")
        while self.peek() == "%":
            self.place += 1
            found /= 100
        return found

    def peek(self) -> str | Decimal | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None
