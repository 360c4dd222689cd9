"""After the plans are issued: deadlines are set, units receive, report, register; an employer helps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from thidua.demo.planning import Plans
from thidua.demo.world import World
from thidua.kernel import clock
from thidua.ledger.acts import System
from thidua.programmes.choices import Timing
from thidua.programmes.domain import assignments, deliveries, movements, plans, supports
from thidua.programmes.models import Assignment, Plan

RESULTS = (
    "Đã họp ban chấp hành, ban hành kế hoạch và phổ biến tới các tổ công đoàn.",
    "Đã báo cáo cấp uỷ, thống nhất với chuyên môn về kinh phí khen thưởng.",
    "Đã xét khen thưởng cuối giai đoạn, niêm yết công khai danh sách.",
)
PLEDGES = (
    ("Khoa Khám bệnh", "Mỗi quý ít nhất 2 sáng kiến rút ngắn thời gian chờ của người bệnh."),
    ("Khoa Dược", "100 % đoàn viên không để sai sót trong cấp phát thuốc; 1 sáng kiến mỗi tổ."),
    ("", "Cả đơn vị: 10 % đoàn viên có sáng kiến, không có đơn thư vượt cấp."),
)


def build(world: World, found: Plans) -> None:
    """The deadlines the two papers leave open, as their officers would set them; then some of the work."""
    with clock.at(date(2022, 2, 15)):
        _date(world, found)
        _receive(world, found.thai_binh)
    with clock.at(date(2022, 3, 1)):
        _register(world, found.thai_binh)
        _support(world, found.thai_binh)
    with clock.at(date(2022, 4, 1)):
        _finish(world, found.thai_binh)
    with clock.at(date(2022, 6, 9)):
        for plan in (found.national, found.thai_binh, found.ninh_thuan):
            assignments.give(plan, by=System("Hệ thống"))


def _date(world: World, found: Plans) -> None:
    """Some duties keep no deadline, so that the flag can be seen."""
    own_plan = found.thai_binh.duties.get(text__startswith="Căn cứ Kế hoạch này")
    assignments.date_duty(own_plan, by=world.officers["TB-YT"], due_on=date(2022, 2, 28))
    report = found.thai_binh.duties.get(text__startswith="Định kỳ báo cáo")
    assignments.date_duty(report, by=world.officers["TB-YT"], timing=Timing.QUARTERLY, due_day=25)
    review = found.ninh_thuan.duties.get(timing=Timing.AFTER_ROUND)
    assignments.date_duty(review, by=world.officers["NT"], within_days=10)


def _receive(world: World, plan: Plan) -> None:
    for delivery in plan.deliveries.select_related("unit").order_by("unit__code")[:20]:
        if officer := world.officers.get(delivery.unit.code):
            deliveries.receive(plan, delivery.unit, by=officer)


def _register(world: World, plan: Plan) -> None:
    movement = plan.programmes.get(name="Lao động giỏi, Lao động sáng tạo")
    for index, unit in enumerate(world.grassroots("TB-YT")[:6]):
        collective, pledge = PLEDGES[index % len(PLEDGES)]
        movements.register(movement, unit, by=world.officers[unit.code], pledge=pledge, collective=collective)


def _support(world: World, plan: Plan) -> None:
    unit = world.grassroots("TB-YT")[0]
    supports.record(
        plan,
        unit,
        by=world.officers[unit.code],
        party="employer",
        kind="funds",
        giver="Ban Giám đốc bệnh viện",
        text="Kinh phí khen thưởng sáng kiến năm 2022.",
        value=Decimal(30_000_000),
        given_on=date(2022, 2, 25),
    )


def _finish(world: World, plan: Plan) -> None:
    """Units with an issued plan have done that duty; the first quarter's report came from most."""
    issued = set(Plan.objects.filter(implements=plan, state="issued").values_list("unit_id", flat=True))
    wanted = Assignment.objects.filter(duty__plan=plan, due_on__lte=date(2022, 3, 31)).select_related(
        "unit", "duty__plan__unit"
    )
    for index, item in enumerate(wanted.order_by("unit__code", "pk")):
        officer = world.officers.get(item.unit.code)
        is_plan = item.duty.kind == "issue_plan"
        if officer is None or (item.unit_id not in issued if is_plan else index % 5 == 0):
            continue
        assignments.finish(item, by=officer, note=RESULTS[index % len(RESULTS)])
        if index % 3 == 0:
            assignments.confirm(item, by=world.officers["TB-YT"])
    plans.start_due(by=System("Hệ thống"))
