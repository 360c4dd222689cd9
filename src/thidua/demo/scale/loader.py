"""Everything in its order: the records in one transaction, what they are found by in a second."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from thidua.demo.scale import (
    counting,
    fates,
    finding,
    history,
    initiatives,
    people,
    programmes,
    reporting,
    texts,
    units,
)
from thidua.demo.scale.bulk import Progress, prepare, spend
from thidua.demo.scale.people import Login
from thidua.demo.scale.sizes import Size
from thidua.kernel import installation
from thidua.ledger import readers, seals
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.search.domain import rebuilding


class NotEmpty(Exception):
    """There are people or units already."""


def is_unfinished() -> bool:
    """Was a load broken off after its records were committed, before they could be found by their words?"""
    return installation.current().is_demonstration and rebuilding.missing().exists()


def load(size: Size, say: Callable[[str], None]) -> list[Login]:
    """Fill an empty installation; gives the accounts to look at it with. Raises NotEmpty."""
    if Person.objects.exists() or Unit.objects.exists():
        raise NotEmpty
    progress = Progress(say)
    with transaction.atomic():
        prepare(size.seed)
        logins = _records(size, progress)
    progress("records committed")
    with transaction.atomic():
        spend()
        finding.write(size, progress)
    _vacuum(progress)
    progress("ready")
    return logins


def _records(size: Size, progress: Progress) -> list[Login]:
    installation.set_demonstration(is_demonstration=True, clock_on=None)
    nodes = units.build(size)
    progress(f"{len(nodes):,} units")
    homes = people.build(size, nodes)
    logins = people.open_accounts(nodes, homes)
    progress(f"{sum(home.people for home in homes.values()):,} people")
    counted = programmes.build(size, nodes, homes)
    progress(f"plans and targets; {len(counted)} programmes count initiatives")
    texts.write(size)
    fates.draw(size)
    progress(f"{size.texts:,} texts, {size.initiatives:,} initiatives drawn")
    initiatives.write(size, counted[0], progress)
    progress(f"{history.write(progress, is_detailed=size.is_detailed):,} acts, sealed")
    counting.evaluate(size, counted, progress)
    progress(f"{reporting.build(size, counted[0], nodes, homes):,} reports")
    readers.drain_all()
    while seals.seal():
        pass
    return logins


def _vacuum(progress: Progress) -> None:
    """So that the first pages are as quick as the later ones."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"VACUUM ANALYZE {connection.ops.quote_name(table)}")
                progress.meanwhile(f"vacuumed: {table}")
