"""What waits for each level above: a dossier passed up, and scopes from the sector to the nation."""

from __future__ import annotations

from datetime import date

from thidua.demo import days
from thidua.demo.world import World
from thidua.initiatives.choices import State
from thidua.initiatives.domain import reception, scopes
from thidua.initiatives.models import Initiative

PASSED_UP = "Giải pháp dùng chung cho nhiều bệnh viện trong ngành, đề nghị ngành xem xét."
GROUNDS = (
    "Đã áp dụng ở nhiều khoa, số liệu trước và sau có xác nhận; các đơn vị khác trong ngành đã hỏi để làm theo.",
    "Hiệu quả rõ, dễ làm theo, không cần thêm kinh phí; đề nghị công nhận để nhân rộng trong tỉnh.",
    "Đã được công nhận phạm vi tỉnh, nhiều tỉnh bạn đã xin tài liệu; đề nghị công nhận phạm vi toàn quốc.",
)


def build(world: World) -> None:
    """Scopes of the hospital that has accounts; its own open dossiers are before its council, another passes up."""
    sector = Initiative.objects.filter(handler__code__startswith="TB-YT-", concluded_on__lt=date(2022, 6, 7))
    in_order = sector.filter(state=State.RECOGNISED).order_by("handler__code", "filed_on", "pk")
    recognised = list(in_order.select_related("handler")[:3])
    with days.played(date(2022, 6, 7)):
        _pass_up(world)
        asked = [
            scopes.propose(item, world.units[above], by=world.chairs[item.handler.code], grounds=grounds)
            for item, above, grounds in zip(recognised, ("TB-YT", "TB", "TB"), GROUNDS, strict=True)
        ]
    with days.played(date(2022, 6, 8)):
        scopes.recognise(asked[-1], by=world.chairs["TB"], decided_on=date(2022, 6, 8))
    with days.played(date(2022, 6, 9)):
        scopes.propose(
            recognised[-1], world.units["TLD"], by=world.chairs[recognised[-1].handler.code], grounds=GROUNDS[-1]
        )


def _pass_up(world: World) -> None:
    """The first that a hospital of the sector received and whose officer is not among its authors."""
    received = Initiative.objects.filter(
        handler__code__startswith="TB-YT-", state=State.RECEIVED, received_on__lt=date(2022, 6, 7)
    )
    for item in received.exclude(handler__code="TB-YT-01").order_by("filed_on", "pk").select_related("handler__parent"):
        officer = world.officers[item.handler.code]
        if not item.authorships.filter(person=officer).exists():
            reception.pass_up(item, by=officer, reason=PASSED_UP)
            return
