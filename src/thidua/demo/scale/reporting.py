"""A few real reports: two requests, some units below answer."""

from __future__ import annotations

from datetime import timedelta

from thidua.demo import narratives
from thidua.demo.scale.people import Home
from thidua.demo.scale.sizes import Size
from thidua.demo.scale.units import Node
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Programme
from thidua.reports.domain import reports

MOST_ROWS = 3000  # initiatives below a unit that answers: its figures list each of them


def build(size: Size, programme: Programme, nodes: list[Node], homes: dict[int, Home]) -> int:
    """Provinces ask the units below, commune unions their grassroots; gives how many reports were sent."""
    filed: dict[int, int] = {}
    for node in reversed(nodes):
        filed[node.pk] = filed.get(node.pk, 0) + homes[node.pk].initiatives
        if node.parent:
            filed[node.parent.pk] = filed.get(node.parent.pk, 0) + filed[node.pk]
    askers = [next(n for n in nodes if n.kind == kind) for kind in ("provincial", "communal")]
    return sum(_ask(size, programme, asker, nodes, filed) for asker in askers)


def _ask(size: Size, programme: Programme, asker: Node, nodes: list[Node], filed: dict[int, int]) -> int:
    phase = programme.phases.get(position=1)
    end = size.calendar.first[1]
    officer, _chair = _staff(asker)
    unit = Unit.objects.get(pk=asker.pk)
    with clock.at(end + timedelta(days=4)):
        title = f"Tổng kết giai đoạn 1 Chương trình “{programme.short_name}”"
        due_on = end + timedelta(days=25)
        request = reports.ask(unit, programme=programme, phase=phase, title=title, due_on=due_on, by=officer)
    below = [n for n in nodes if n.parent is asker and n.kind != "section" and 0 < filed[n.pk] <= MOST_ROWS]
    for node in below[: size.reports]:
        officer, chair = _staff(node)
        unit = Unit.objects.get(pk=node.pk)
        with clock.at(end + timedelta(days=12)):
            report = reports.start(request, unit, by=officer)
            reports.write(report, by=officer, revision=report.revision, sections=narratives.SECTIONS)
            reports.submit(report, by=chair)
    return len(below[: size.reports])


def _staff(node: Node) -> tuple[Person, Person]:
    officer, chair = Person.objects.filter(unit=node.pk).select_related("unit").order_by("pk")[:2]
    return officer, chair
