"""Load and remove the demonstration: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from django.apps import apps
from django.db import connection, transaction

from thidua.demo import aftermath, climbing, filing, planning, working, world
from thidua.kernel import clock, installation
from thidua.kernel.models import Installation
from thidua.ledger import readers, seals
from thidua.orgs.domain import nodesums
from thidua.people.models import Person
from thidua.similarity.domain import familiar, reading
from thidua.tallies.domain import sums

SEED = 2022
# Ten days after the end of phase 1: reports are due, phase 2 has begun, round 2 is running.
CLOCK_ON = date(2022, 6, 10)
KEPT = {"programmes_indicator"}


class NotRemovable(Exception):
    """The installation holds more than the demonstration."""


def is_loaded() -> bool:
    return Installation.objects.filter(is_demonstration=True).exists()


def is_empty() -> bool:
    return not Person.objects.exists()


def load(say: Callable[[str], None]) -> None:
    """Play the whole story in one transaction, then count."""
    with transaction.atomic():
        installation.set_demonstration(is_demonstration=True, clock_on=CLOCK_ON)
        say("đơn vị, con người (units, people) …")
        found = world.build(Random(SEED))
        say("kế hoạch, chỉ tiêu (plans, targets) …")
        plans = planning.build(found)
        working.build(found, plans)
        say("sáng kiến (initiatives) …")
        filed = filing.build(found, plans)
        climbing.build(found)
        say("báo cáo, khen thưởng, nhân rộng (reports, awards, replication) …")
        aftermath.build(found, plans, filed)
        with clock.at(CLOCK_ON):
            readers.drain_all()
        familiar.refresh()
        reading.compare_again()  # the first ones were compared before the library told what everybody writes
    nodesums.fold()
    sums.fold()
    seals.seal(batch=100_000)


@transaction.atomic
def remove() -> None:
    """Empty every table of ours. Raises NotRemovable when real people have been entered."""
    if Person.objects.filter(is_demonstration=False).exists():
        raise NotRemovable("có người không thuộc dữ liệu trình diễn (people who are not of the demonstration)")
    tables = [
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("thidua.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.db_table not in KEPT
    ]
    quoted = ", ".join(connection.ops.quote_name(t) for t in tables)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
    installation.forget()
