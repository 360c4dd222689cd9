"""When two texts count as alike, and who may say what that means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.people.models import Person
from thidua.similarity.choices import Degree
from thidua.similarity.measures import shingles
from thidua.similarity.measures.passages import Alikeness

# Measured on docs/bench/similarity.md: unrelated texts of one trade stay below, every third word replaced stays above.
ALIKE_SHARE = 0.20
ALIKE_SHARE_NEAR = 0.17  # same union or same year: copies come from close by
# A report has so many sentences that a few of them stand in any short text of the trade.
ALIKE_SHARE_IN_LONG, LONG = 0.35, 3.0
ALIKE_WEIGHT = 9.0  # syllables in common passages, so that two stock phrases are not yet a copy
TITLE_ALIKE = 0.7
TITLE_ALIKE_ALONE = 0.55  # while only a title is typed: its words in the same order, so every third may be another
TITLE_WORDS_ALONE = 4
MOST, WHOLE = 0.45, 0.8
NEAR_UNIT, NEAR_YEAR = 0.10, 0.05
REASON_MIN = 10


@dataclass(frozen=True)
class Nearness:
    """Whether the other one comes from the same union and the same year."""

    unit: bool = False
    year: bool = False

    @property
    def factor(self) -> float:
        return 1.0 + NEAR_UNIT * self.unit + NEAR_YEAR * self.year


def nearness(initiative: Initiative, other: Initiative) -> Nearness:
    year = initiative.filed_on.year if initiative.filed_on else None
    other_year = other.filed_on.year if other.filed_on else None
    return Nearness(initiative.handler_id == other.handler_id, year is not None and year == other_year)


def is_earlier(other: Initiative, initiative: Initiative) -> bool:
    """Which of two filed ones came first; of one day, the one with the lower number."""
    return (other.filed_on, other.pk) < (initiative.filed_on, initiative.pk)


def is_alike(found: Alikeness, near: Nearness) -> bool:
    enough = ALIKE_SHARE_NEAR if near.unit or near.year else ALIKE_SHARE
    if found.times_longer >= LONG:
        enough = ALIKE_SHARE_IN_LONG
    return found.share >= enough and found.weight >= ALIKE_WEIGHT


def title_share(title: str, other: str) -> float:
    """How many of the words of the longer title are in the other one too."""
    here, there = Counter(shingles.syllables(title)), Counter(shingles.syllables(other))
    longer = max(sum(here.values()), sum(there.values()))
    return sum((here & there).values()) / longer if longer else 0.0


def is_same_title(title: str, other: str, near: Nearness | None, *, is_alone: bool) -> bool:
    """A title says the same as another: near the other one, or (`near` None) as somebody types it."""
    if near is not None and not near.unit:
        return False
    if title_share(title, other) >= TITLE_ALIKE:
        return True
    return is_alone and _ordered_share(shingles.syllables(title), shingles.syllables(other)) >= TITLE_ALIKE_ALONE


def _ordered_share(here: list[str], there: list[str]) -> float:
    """The longest series of words both have in the same order, as a part of the longer one."""
    before = [0] * (len(there) + 1)
    for word in here:
        now = [0]
        for j, other in enumerate(there):
            now.append(before[j] + 1 if word == other else max(now[j], before[j + 1]))
        before = now
    return before[-1] / max(len(here), len(there)) if before[-1] >= TITLE_WORDS_ALONE else 0.0


def degree(share: float, of_title: float) -> Degree:
    if share >= WHOLE:
        return Degree.WHOLE
    if share >= MOST:
        return Degree.MOST
    return Degree.PART if share >= ALIKE_SHARE_NEAR else Degree.TITLE


def may_judge(actor: Person, initiative: Initiative) -> Verdict:
    """Who receives for the union that handles it, while it is being looked at; later it is settled."""
    if initiative.state not in (State.SUBMITTED, State.RECEIVED, State.RETURNED):
        return no(_("Chỉ kết luận khi hồ sơ đang được xem xét."))
    return grants.may(actor, Permission.INITIATIVE_RECEIVE, initiative.handler)


def may_adopt(actor: Person, initiative: Initiative, other: Initiative) -> Verdict:
    """The existing one becomes something the union applies: only a recognised one of another union."""
    if other.state != State.RECOGNISED:
        return no(_("Sáng kiến kia chưa được công nhận nên chưa đăng ký áp dụng được."))
    if other.handler_id == initiative.handler_id:
        return no(_("Sáng kiến kia là của chính đơn vị: hãy chọn cải tiến hoặc sao chép."))
    verdict = grants.may(actor, Permission.ADOPTION_REGISTER, initiative.handler)
    return YES if verdict else verdict
