"""Bring the search documents in line with the records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from thidua.initiatives import queries as initiative_queries
from thidua.initiatives import rules as initiative_rules
from thidua.initiatives.choices import Benefit, Scope, State
from thidua.initiatives.models import Initiative
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.search import queries, terms
from thidua.search.models import Document

_UPSERT = """
    INSERT INTO search_document (initiative_id, terms, public_terms, filed_on, kind, field, scope)
    VALUES (%s, array_to_tsvector(%s), array_to_tsvector(%s), %s, %s, %s, %s)
    ON CONFLICT (initiative_id) DO UPDATE SET terms = EXCLUDED.terms, public_terms = EXCLUDED.public_terms,
        filed_on = EXCLUDED.filed_on, kind = EXCLUDED.kind, field = EXCLUDED.field, scope = EXCLUDED.scope
"""


def index(pks: Iterable[int]) -> int:
    """Write the documents of these initiatives; drafts and what was withdrawn have none."""
    wanted = list(pks)
    rows = list(
        Initiative.objects.filter(pk__in=wanted, filed_on__isnull=False)
        .exclude(state__in=[State.DRAFT, State.WITHDRAWN])
        .select_related("unit")
        .prefetch_related("authorships", "recognitions", "scope_proposals")
    )
    Document.objects.filter(initiative__in=set(wanted) - {r.pk for r in rows}).delete()
    above = _above({r.unit for r in rows})
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, [_row(r, above[r.unit_id]) for r in rows])
    return len(rows)


def _above(units: set[Unit]) -> dict[int, list[int]]:
    """Every unit's own number and those of all above it; one query a unit of the batch, few as a rule."""
    return {
        unit.pk: list(Unit.objects.filter(pk__in=org_queries.over(unit)).values_list("pk", flat=True)) for unit in units
    }


def _row(initiative: Initiative, above: list[int]) -> list[Any]:
    scope = scope_of(initiative)
    places = places_of(initiative, above, scope)
    names = tuple(a.name for a in initiative.authorships.all())
    here = (*places, f"s:{initiative.state}", f"h:{initiative.handler_id}")
    return [
        initiative.pk,
        _terms(initiative, queries.FIELDS, names, here, is_office=True),
        _terms(initiative, queries.PUBLIC_FIELDS, names, places) if initiative_queries.is_public(initiative) else None,
        initiative.filed_on,
        initiative.kind,
        initiative.field,
        scope,
    ]


def _terms(
    initiative: Initiative,
    fields: tuple[str, ...],
    names: tuple[str, ...],
    places: tuple[str, ...],
    *,
    is_office: bool = False,
) -> list[str]:
    """What the authors keep for those who examine it is found in the office only, and there only by these."""
    texts = tuple(getattr(initiative, name) for name in fields if name not in initiative.kept_parts)
    kept = tuple(getattr(initiative, name) for name in fields if name in initiative.kept_parts) if is_office else ()
    places = (*places, *_examiners(initiative)) if any(kept) else places
    return sorted(terms.of_content(terms.Content(initiative.title, texts, names, places, kept)))


def _examiners(initiative: Initiative) -> list[str]:
    """Who reads what is kept, as `initiatives.rules.may_examine` has it."""
    people = {a.person_id for a in initiative.authorships.all()} | {initiative.entered_by_id}
    offices = initiative_rules.offices_in_charge(initiative)
    return [*(f"e:{pk}" for pk in offices), *(f"i:{pk}" for pk in people - {None})]


def scope_of(initiative: Initiative) -> str:
    """The widest scope in which it is recognised; '' when it is not."""
    given = {r.scope for r in initiative.recognitions.all() if r.revoked_on is None}
    return next((s for s in (Scope.NATION, Scope.PROVINCE, Scope.GRASSROOTS) if s in given), "")


def places_of(initiative: Initiative, above: list[int], scope: str) -> tuple[str, ...]:
    """Where it belongs, as terms: what filters and rights ask for."""
    found = [f"u:{pk}" for pk in above]
    found += [f"o:{initiative.unit_id}", f"c:{initiative.code}", *terms.windows(initiative.pk), "v:1"]
    if initiative.kind:
        found.append(f"k:{initiative.kind}")
    if initiative.field:
        found.append(f"f:{terms.named(initiative.field)}")
    if scope:
        found.append(f"r:{scope}")
    if initiative.filed_on:
        found.append(f"y:{initiative.filed_on.year}")
    return (*found, *_benefit(initiative))


def _benefit(initiative: Initiative) -> list[str]:
    if initiative.benefit == Benefit.NOT_QUANTIFIABLE:
        return ["b:not_quantifiable"]
    confirmed = initiative.benefit_confirmed
    amount = confirmed if confirmed is not None else initiative.benefit_stated
    if initiative.benefit != Benefit.MONEY or amount is None:
        return []
    return ["b:money", *(f"b:{m}" for m in terms.MILLIONS if amount >= m * 1_000_000)]
