"""What is found and what is public: the search document of each initiative."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thidua.initiatives import rules
from thidua.initiatives.choices import Disclosure, State
from thidua.initiatives.models import Initiative, SearchDocument
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Forbidden
from thidua.ledger import acts
from thidua.orgs import queries as org_queries

MAX_TERMS = 2000


def terms_of(initiative: Initiative) -> set[str]:
    """Folded words and word pairs of title and summary, title terms marked, and where it belongs."""
    summary = f"{initiative.title}\n{initiative.field}\n{initiative.problem_before}\n{initiative.solution}"
    found = {"sk:" + initiative.code.lower()}
    found |= {f"t:{w}" for w in [*text.words(initiative.title), *text.pairs(initiative.title)]}
    for line in summary.splitlines():
        found |= {f"w:{w}" for w in [*text.words(line), *text.pairs(line)]}
    for author in initiative.authorships.all():
        found |= {f"a:{w}" for w in text.words(author.name)}
    units = org_queries.ancestors(initiative.unit, include_self=True)
    found |= {f"u:{pk}" for pk in units.values_list("pk", flat=True)}
    found |= {f"s:{initiative.state}", f"k:{initiative.kind}"}
    if initiative.filed_on:
        found.add(f"y:{initiative.filed_on.year}")
    return set(sorted(found)[:MAX_TERMS])


def index(initiative: Initiative) -> None:
    """Bring the search document in line. Called by every verb that changes text, state or place."""
    is_public = initiative.state == State.RECOGNISED and initiative.disclosure == Disclosure.PUBLIC
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO initiatives_searchdocument (initiative_id, terms, is_public)
            VALUES (%s, array_to_tsvector(%s), %s)
            ON CONFLICT (initiative_id) DO UPDATE SET terms = EXCLUDED.terms, is_public = EXCLUDED.is_public
            """,
            [initiative.pk, sorted(terms_of(initiative)), is_public],
        )


def set_disclosure(initiative: Initiative, disclosure: str, *, by: acts.Actor) -> None:
    """An author decides who may read it; the office cannot make it public for them."""
    if not rules.is_author(by, initiative) and not isinstance(by, acts.System):  # type: ignore[arg-type]
        raise Forbidden(_("Chỉ tác giả mới chọn được mức công khai."))
    with transaction.atomic():
        initiative.disclosure, initiative.changed_at = Disclosure(disclosure), clock.now()
        initiative.save(update_fields=["disclosure", "changed_at"])
        acts.record("initiatives.initiative.disclosed", initiative, by=by, after={"disclosure": disclosure})
        index(initiative)


def count_public() -> int:
    return SearchDocument.objects.filter(is_public=True).count()
