"""What a page of one dossier shows, and the steps a person may take on it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import consents, queries, rules, workflow
from thidua.initiatives.choices import State
from thidua.initiatives.domain import canned, hearings, remuneration, scopes
from thidua.initiatives.forms import PART_NAMES, FileForm
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Stale
from thidua.people.models import Person
from thidua.review import queries as review
from thidua.sites.office import similarity
from thidua.tallies import queries as tally_queries
from thidua.workflow.engine import Offer

# Nothing is counted or paid for these any more.
ENDED_UNRECOGNISED = (State.REFUSED, State.REVOKED, State.WITHDRAWN)


@dataclass(frozen=True)
class Choice:
    """A step on the page: its button, the reasons kept ready, and what was typed before it was refused."""

    offer: Offer
    reasons: list[str]
    typed: str = ""
    fault: str = ""

    @property
    def is_opened(self) -> bool:
        return bool(self.typed or self.fault)


def seen_of(item: Initiative) -> str:
    """What the page showed; a step on a newer dossier is refused with a word on it."""
    return f"{item.state}.{item.revision}"


def refuse_unseen(item: Initiative, seen: str) -> None:
    """Raise Stale when the dossier is no longer the one the person was looking at."""
    if seen and seen != seen_of(item):
        raise Stale(
            _(
                "Hồ sơ đã thay đổi sau khi bạn mở trang (nay là «%(state)s»). Chữ bạn gõ vẫn còn: hãy xem lại rồi làm tiếp."
            )
            % {"state": item.get_state_display()}
        )


def choices_of(
    item: Initiative, person: Person, *, step: str = "", typed: str = "", fault: str = ""
) -> dict[str, Choice]:
    """The steps forward by name; recognition has a form of its own."""
    offers = workflow.WORKFLOW.offers(item, person)
    ready = canned.reasons_for(rules.office_of(item)) if offers else {}
    return {
        offer.name: Choice(
            offer,
            ready.get(offer.name, []),
            typed if offer.name == step else "",
            fault if offer.name == step else "",
        )
        for offer in offers
        if not offer.name.startswith(workflow.UNDO)
    }


def body_of(item: Initiative, person: Person) -> dict[str, Any]:
    """The left side: what the dossier says."""
    return {
        "item": queries.shown_to(person, item),
        "seen": seen_of(item),
        "standing": workflow.standing_of(item),
        "may_write": bool(rules.may_write(person, item)),
        "may_receive": bool(rules.may_receive(person, item)),
        "authors": consents.of_each(item),
        "may_note": item.state in rules.OPEN_TO_CO_AUTHORS and bool(consents.may_note(person, item)),
        "attachments": queries.attachments_shown_to(person, item),
        "adoptions": queries.adoptions_of(item),
        "alike": similarity.on_dossier(item, person),
        "parts": [(name, label) for name, label in PART_NAMES.items() if name != "xem-lai"],
        "file_form": FileForm(),
        "acts": queries.history_of(item),
        "cases": review.last_cases_of(hearings.SUBJECT, item.pk),
        "verdicts": tally_queries.verdicts_of(item, person)
        or tally_queries.simulate(item, person, as_if_recognised=False),
    }


def page_of(item: Initiative, person: Person, *, step: str = "", typed: str = "", fault: str = "") -> dict[str, Any]:
    """The whole page of a dossier in the office."""
    choices = choices_of(item, person, step=step, typed=typed, fault=fault)
    recognise = choices.pop("recognise", None)
    recognitions = queries.recognitions_of(item)
    may_certify = item.state == State.RECOGNISED and grants.may(person, Permission.INITIATIVE_RECOGNISE, item.handler)
    return {
        **body_of(item, person),
        "recognise": recognise.offer if recognise else None,
        "choices": list(choices.values()),
        "undo": workflow.undo_offer(item, person),
        "fault": fault,
        "reason_min": workflow.WORKFLOW.reason_min(),
        "recognitions": recognitions,
        "may_certify": bool(may_certify),
        "pay_years": remuneration.years(item) if item.state == State.RECOGNISED else [],
        "pay_lacks": remuneration.lacking(item),
        "grounds_min": scopes.GROUNDS_MIN,
        "may_mark": item.state not in ENDED_UNRECOGNISED and bool(rules.may_receive(person, item)),
        "amount_first": item.benefit_confirmed if item.benefit_confirmed is not None else item.benefit_stated,
        "marks": {
            "is_ip_protected": item.is_ip_protected,
            "breaches_order": item.breaches_order,
            "duplicate_of": item.duplicate_of.code if item.duplicate_of else "",
        },
        "revocable": {r.pk for r in recognitions if grants.may(person, Permission.INITIATIVE_REVOKE, r.unit)},
        "scope_units": scopes.left_to_ask(item) if item.state == State.RECOGNISED and may_certify else [],
        "proposals": list(queries.proposals_for(person).filter(initiative=item)) if recognitions else [],
    }
