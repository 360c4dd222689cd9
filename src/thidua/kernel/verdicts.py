"""A refusal is a sentence: the same one on the disabled button, the error page and the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with the sentences that say why. Truthy when yes."""

    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons

    @property
    def sentence(self) -> str:
        return " ".join(str(reason) for reason in self.reasons)

    def __and__(self, other: Verdict) -> Verdict:
        return Verdict(self.reasons + other.reasons)

    def or_refuse(self, *, forbidden: bool = False) -> None:
        """Raise `Refused` (or `Forbidden`) when the verdict is no."""
        if not self:
            raise (Forbidden if forbidden else Refused)(self.sentence)


YES = Verdict()


def no(*reasons: str) -> Verdict:
    return Verdict(tuple(reasons))


def all_of(checks: Iterable[str | None]) -> Verdict:
    """Gather the sentences of failed checks; a passed check gives None."""
    return Verdict(tuple(reason for reason in checks if reason))


class Refused(Exception):
    """The act cannot be done now; the message is for the user, in the user's language.

    `field` names the form field to mend, when one is to blame.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(str(sentence))
        self.field = field

    @property
    def sentence(self) -> str:
        return str(self.args[0])


class Forbidden(Refused):
    """The person may not do this (role or place), whatever the state."""


class Stale(Refused):
    """Somebody else changed the record since it was read."""
