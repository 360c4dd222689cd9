"""Rules as dated, sourced data: the pack in force on the day of the act applies.

A pack is a YAML file beside this module: `topic`, `version`, `legal_basis`, `valid_from`,
`valid_to` (or null), `verified` (has a person checked it against the official text?), `rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
REQUIRED = {"topic", "version", "legal_basis", "valid_from", "valid_to", "verified", "rules"}


class BadRulePack(Exception):
    """A pack lacks a key, or two packs of a topic overlap in time."""


@dataclass(frozen=True)
class RulePack:
    topic: str
    version: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    verified: bool
    rules: dict[str, Any]

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def parse(text: str, name: str) -> RulePack:
    content = yaml.safe_load(text)
    missing = REQUIRED - set(content or {})
    if missing:
        raise BadRulePack(f"{name}: missing {', '.join(sorted(missing))}")
    return RulePack(**{key: content[key] for key in REQUIRED})


@cache
def load() -> tuple[RulePack, ...]:
    packs = tuple(parse(f.read_text("utf-8"), f.name) for f in sorted(FOLDER.glob("*.yaml")))
    for i, one in enumerate(packs):
        for other in packs[i + 1 :]:
            if one.topic == other.topic and (one.covers(other.valid_from) or other.covers(one.valid_from)):
                raise BadRulePack(f"{one.version} and {other.version} of {one.topic} overlap in time")
    return packs


def in_force(topic: str, day: date) -> RulePack:
    """The pack of a topic on a day.

    Raises KeyError when none is in force: a programming or data error, never the user's.
    """
    for pack in load():
        if pack.topic == topic and pack.covers(day):
            return pack
    raise KeyError(f"no rule pack '{topic}' in force on {day}")
