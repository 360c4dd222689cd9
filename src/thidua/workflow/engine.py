"""A procedure is a table that can be printed; `take()` is the only writer of a state."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Forbidden, Refused, Stale, Verdict, all_of
from thidua.ledger import acts

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """One arrow of the procedure.

    `may(actor, item)` answers who (role and place); each of `ready` answers whether now: None, or
    the sentence that names what is missing.
    """

    name: str
    sources: frozenset[str]
    target: str
    label: Text
    may: Callable[[Any, Any], Verdict]
    event: str
    ready: tuple[Callable[[Any], str | None], ...] = ()
    needs_reason: bool = False
    tone: str = "primary"  # primary | secondary | danger
    confirm: Text = ""
    label_of: Callable[[Any], Text] | None = None  # what the button says on one record, where it names a place


@dataclass(frozen=True)
class Offer:
    """A button: enabled, or disabled with the sentence that says why."""

    step: Step
    verdict: Verdict
    reason_min: int = 1  # characters, where the step needs a reason
    named: Text = ""  # as the step is called on this record

    @property
    def name(self) -> str:
        return self.step.name

    @property
    def label(self) -> Text:
        return self.named or self.step.label

    @property
    def is_open(self) -> bool:
        return bool(self.verdict)

    @property
    def why_not(self) -> str:
        return self.verdict.sentence


@dataclass(frozen=True)
class Workflow:
    """A named table of steps over one model's `state` field."""

    name: str
    steps: tuple[Step, ...]
    # Whose turn it is in each state, and what comes next, in words.
    holders: dict[str, Text] = field(default_factory=dict)
    reason_min: Callable[[], int] = lambda: 1

    def step(self, name: str) -> Step:
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(f"{self.name} has no step {name}")

    def states(self) -> frozenset[str]:
        return frozenset(s for step in self.steps for s in (*step.sources, step.target))

    def verdict(self, step: Step, item: Any, actor: Any) -> Verdict:
        if item.state not in step.sources:
            return all_of(
                [
                    _("Không thể «%(step)s» khi hồ sơ đang ở bước «%(state)s».")
                    % {"step": step.label, "state": item.get_state_display()}
                ]
            )
        who = step.may(actor, item)
        return who if not who else all_of(check(item) for check in step.ready)

    def offers(self, item: Any, actor: Any) -> list[Offer]:
        """Buttons for this person now: steps from this state that the person's role allows."""
        least = self.reason_min()
        return [
            Offer(
                step,
                all_of(check(item) for check in step.ready),
                least,
                step.label_of(item) if step.label_of else "",
            )
            for step in self.steps
            if item.state in step.sources and step.may(actor, item)
        ]

    def mermaid(self) -> str:
        lines = ["stateDiagram-v2"]
        for step in self.steps:
            lines += [f"    {s} --> {step.target}: {step.label}" for s in sorted(step.sources)]
        return "\n".join(lines)


def take(
    workflow: Workflow,
    name: str,
    item: models.Model,
    *,
    by: acts.Actor,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    noted: dict[str, Any] | None = None,
) -> None:
    """Move `item` along a step: verdict → compare-and-swap on the state that was read → ledger.

    `changes` are further fields written in the same UPDATE; `noted` goes into the ledger line.
    Raises Forbidden (who), Refused (whether now, or a missing reason), Stale (somebody was faster).
    """
    take_many(workflow, name, [item], by=by, reason=reason, changes=changes, noted=noted)


def take_many(
    workflow: Workflow,
    name: str,
    items: Sequence[models.Model],
    *,
    by: acts.Actor,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    noted: dict[str, Any] | None = None,
) -> None:
    """`take` for records of one kind: each is asked for its verdict, then all move, or none.

    The statements do not grow with the records; whoever calls has read what the verdicts look at.
    """
    step = workflow.step(name)
    for item in items:
        _refuse_unless_open(workflow, step, item, by, reason)
    values = {"state": step.target, **(changes or {})}
    by_state: dict[str, list[Any]] = {}
    for item in items:
        by_state.setdefault(item.state, []).append(item)  # type: ignore[attr-defined]
    # One swap fails before anything is written: inside a transaction it needs no savepoint of its own.
    alone = len(by_state) == 1 and transaction.get_connection().in_atomic_block
    with contextlib.nullcontext() if alone else transaction.atomic():
        for read_state, some in by_state.items():
            _swap(some, read_state, values)
            told = [acts.Told(i, None, {"state": read_state}, {"state": step.target, **(noted or {})}) for i in some]
            acts.record_many(step.event, told, by=by, reason=reason.strip())


def _refuse_unless_open(workflow: Workflow, step: Step, item: Any, by: acts.Actor, reason: str) -> None:
    if item.state in step.sources:
        step.may(by, item).or_refuse(forbidden=True)
    workflow.verdict(step, item, by).or_refuse()
    if step.needs_reason:
        refuse_short(reason, workflow.reason_min())


def refuse_short(reason: str, least: int) -> None:
    """The same words for every reason that is too short to act on."""
    if len(reason.strip()) < least:
        raise Refused(
            _("Hãy ghi lý do, ít nhất %(n)d ký tự, để người nhận hiểu và làm theo được.") % {"n": least},
            field="reason",
        )


def _swap(items: Sequence[Any], read_state: str, values: dict[str, Any]) -> None:
    """Compare and swap: one UPDATE, which finds every record as it was read or is taken back."""
    model, pks = type(items[0]), [item.pk for item in items]
    found = {"pk": pks[0]} if len(pks) == 1 else {"pk__in": pks}
    if model._default_manager.filter(**found, state=read_state).update(**values) != len(pks):
        raise Stale(_("Hồ sơ vừa được người khác xử lý. Hãy tải lại trang để xem bước hiện tại."))
    for item in items:
        for key, value in values.items():
            setattr(item, key, value)


def refuse_unless(verdict: Verdict) -> None:
    """For verbs that are not steps: the same refusal by role and place."""
    if not verdict:
        raise Forbidden(verdict.sentence)


def totality_faults(workflow: Workflow, states: Iterable[str]) -> list[str]:
    """States without an owner or that no step reaches: used by tests of every table."""
    reached = {step.target for step in workflow.steps}
    faults = [f"{workflow.name}: state {s} has no holder" for s in states if s not in workflow.holders]
    starts = {s for step in workflow.steps for s in step.sources}
    faults += [f"{workflow.name}: state {s} is an island" for s in states if s not in reached | starts]
    return faults
