"""An order from the first line to the last undo: previewed, carried out, taken back."""

from datetime import date

import pytest
from django.apps import apps

from tests.cast import SYSTEM
from tests.initiatives.test_dossiers import filed, recognised
from tests.tallies.test_sums import make_programme
from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards.domain import nominations
from thidua.initiatives.domain import reception, recognitions
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.orgs import history, queries
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Headcount, Unit, UnitEvent, UnitKind
from thidua.people.models import Membership, Person, Post
from thidua.reorganisations import queries as order_queries
from thidua.reorganisations.domain import drafting, orders
from thidua.reorganisations.models import Handover, Order
from thidua.tallies import queries as tallies
from thidua.tallies.choices import Measure
from thidua.tallies.domain import sums
from thidua.targets.models import Target

TODAY = date(2022, 5, 20)


@pytest.fixture
def order(cast):
    """Quý, who administers the province, reorganises the hospitals of the health sector."""
    return drafting.draw_up(
        cast["TB"], "Sáp nhập hai bệnh viện", TODAY, by=cast.quy, decision_number="45/QĐ-LĐLĐ", decided_on=TODAY
    )


def merged(cast, order):
    drafting.add_line(order, "merge", "TB-YT-01", by=cast.quy, to_code="TB-YT-02")
    orders.confirm(order, by=cast.quy)
    return order


def snapshot():
    """Everything an order may touch, row by row."""
    models = [Unit, Person, Membership, Post, Headcount, Initiative, Target, *[apps.get_model("awards.Nomination")]]
    found = {}
    for model in models:
        fields = [f.attname for f in model._meta.concrete_fields if f.attname not in {"lft", "rgt"}]
        found[model.__name__] = sorted(map(str, model.objects.values_list(*fields)))
    return found


def test_a_merger_hands_over_what_is_open_and_leaves_what_is_closed(cast, order):
    closed, opened = recognised(cast), filed(cast)
    nominations.open_list(
        cast["TB-YT-01"],
        cast["TB-YT"],
        programme=make_programme(cast, "TB-YT"),
        phase=None,
        award_form="giay-khen",
        by=cast.binh,
    )
    seen = orders.preview(_with_line(cast, order), by=cast.quy)
    assert seen.is_possible
    counts = seen.outcomes[0].passed
    assert (counts["people"], counts["initiatives"], counts["nominations"]) == (3, 1, 1)
    assert Unit.objects.get(code="TB-YT-01").ended_on is None  # a preview changes nothing
    orders.confirm(order, by=cast.quy)
    opened.refresh_from_db()
    closed.refresh_from_db()
    assert (opened.handler.code, opened.unit.code) == ("TB-YT-02", "TB-YT-01-N")
    assert closed.handler.code == "TB-YT-01"
    assert Person.objects.get(pk=cast.binh.pk).unit.code == "TB-YT-02"
    assert [a.kind for a in acts_of(opened)][-1] == "initiatives.initiative.handed_over"
    assert grants.may(Person.objects.get(pk=cast.lan.pk), Permission.INITIATIVE_VIEW, closed.handler)


def _with_line(cast, order):
    drafting.add_line(order, "merge", "TB-YT-01", by=cast.quy, to_code="TB-YT-02")
    return order


def acts_of(initiative):
    return Act.objects.filter(subject_type="initiatives.initiative", subject_id=initiative.pk).order_by("pk")


def test_officers_go_on_at_the_successor_when_the_order_says_so(cast, order):
    merged(cast, order)
    chair = Post.objects.get(person=cast.chi, role="chair", valid__contains=TODAY)
    assert (chair.unit.code, chair.valid.lower) == ("TB-YT-02", TODAY)
    assert grants.may(
        Person.objects.get(pk=cast.chi.pk), Permission.INITIATIVE_RECOGNISE, Unit.objects.get(code="TB-YT-02")
    )


def test_officers_of_an_ended_unit_are_relieved_when_the_order_says_so(cast, order):
    drafting.amend(order, by=cast.quy, keeps_posts=False)
    merged(cast, order)
    assert not Post.objects.filter(person=cast.chi, valid__contains=TODAY).exists()


def test_members_and_headcount_add_up_after_a_merger(cast, order):
    merged(cast, order)
    sector = Unit.objects.get(code="TB-YT")
    assert queries.members_of([sector])[sector.pk] == 450
    assert Headcount.objects.get(unit=cast["TB-YT-02"], on=TODAY).members == 400


def test_undo_puts_everything_back(cast, order):
    filed(cast)
    before = snapshot()
    merged(cast, order)
    assert snapshot() != before
    orders.undo(order, by=cast.quy, reason="Quyết định bị thu hồi.")
    assert snapshot() == before
    assert order.state == "undone"
    assert not Handover.objects.exists()


def test_undo_is_refused_when_work_went_on_at_the_successor(cast, order):
    initiative = filed(cast)
    merged(cast, order)
    initiative.refresh_from_db()
    reception.receive(initiative, by=cast.lan)
    lan = Person.objects.get(pk=cast.lan.pk)
    recognitions.recognise(initiative, by=lan, decision_number="1/QĐ", decided_on=TODAY)
    with pytest.raises(Refused, match="đã được xử lý xong ở đơn vị mới"):
        orders.undo(order, by=cast.quy, reason="Quyết định bị thu hồi.")
    assert Unit.objects.get(code="TB-YT-01").ended_on == TODAY


def test_a_later_change_stands_in_the_way_of_undo(cast, order):
    merged(cast, order)
    with clock.at(date(2022, 6, 1)):
        second = drafting.draw_up(cast["TB"], "Sáp nhập tiếp", date(2022, 6, 1), by=cast.quy)
        drafting.add_line(second, "merge", "TB-YT-02", by=cast.quy, to_code="TB-YT-03")
        orders.confirm(second, by=cast.quy)
        with pytest.raises(Refused, match=r"Dòng 1 .*hoàn tác"):
            orders.undo(order, by=cast.quy, reason="Quyết định bị thu hồi.")


def test_all_lines_or_none(cast, order):
    drafting.add_line(order, "rename", "TB-YT-03", by=cast.quy, name="CĐCS Trung tâm Y tế Vũ Thư")
    drafting.add_line(order, "dissolve", "TB-YT", by=cast.quy)
    seen = orders.preview(order, by=cast.quy)
    assert [bool(o.fault) for o in seen.outcomes] == [False, True]
    with pytest.raises(Refused, match=r"Dòng 2 \(Kết thúc hoạt động .* \(TB-YT\)\): Còn đơn vị trực thuộc"):
        orders.confirm(order, by=cast.quy)
    assert Unit.objects.get(code="TB-YT-03").name == "CĐCS Trung tâm Y tế huyện Vũ Thư"
    order.refresh_from_db()
    assert order.state == "draft"


def test_an_order_for_a_future_day_waits_for_it(cast):
    order = drafting.draw_up(cast["TB"], "Sáp nhập", date(2022, 7, 1), by=cast.quy)
    merged(cast, order)
    assert (order.state, Unit.objects.get(code="TB-YT-01").ended_on) == ("scheduled", None)
    assert orders.carry_out_due() == 0
    with clock.at(date(2022, 7, 1)):
        assert orders.carry_out_due() == 1
        assert orders.carry_out_due() == 0
    assert Unit.objects.get(code="TB-YT-01").ended_on == date(2022, 7, 1)


def test_a_scheduled_order_that_no_longer_fits_says_why(cast):
    order = drafting.draw_up(cast["TB"], "Sáp nhập", date(2022, 7, 1), by=cast.quy)
    merged(cast, order)
    with clock.at(date(2022, 6, 1)):
        other = drafting.draw_up(cast["TB"], "Kết thúc", date(2022, 6, 1), by=cast.quy)
        drafting.add_line(other, "merge", "TB-YT-02", by=cast.quy, to_code="TB-YT-03")
        orders.confirm(other, by=cast.quy)
    with clock.at(date(2022, 7, 1)):
        assert orders.carry_out_due() == 0
    order.refresh_from_db()
    assert "đã kết thúc từ ngày 01/06/2022" in order.fault


def test_a_split_takes_named_units_and_people_along(cast, order):
    initiative = filed(cast)
    details = {"kind": "grassroots", "units": ["TB-YT-01-N"], "people": [cast.dung.code]}
    drafting.add_line(
        order, "split", "TB-YT-01", by=cast.quy, to_code="TB-YT-09", name="CĐCS Bệnh viện Nội tiết", details=details
    )
    orders.confirm(order, by=cast.quy)
    new = Unit.objects.get(code="TB-YT-09")
    assert (new.parent.code, Unit.objects.get(code="TB-YT-01-N").parent.code) == ("TB-YT", "TB-YT-09")
    assert Person.objects.get(pk=cast.dung.pk).unit == new
    initiative.refresh_from_db()
    assert initiative.handler.code == "TB-YT-01"  # An stayed where she was
    assert UnitEvent.objects.get(kind="split").other == new
    orders.undo(order, by=cast.quy, reason="Không tách nữa.")
    assert not Unit.objects.filter(code="TB-YT-09").exists()


def test_ending_without_an_heir_tells_what_stays_behind(cast, order):
    filed(cast)
    drafting.add_line(order, "dissolve", "TB-YT-01-N", by=cast.quy)
    drafting.add_line(order, "dissolve", "TB-YT-01", by=cast.quy)
    seen = orders.preview(order, by=cast.quy)
    assert seen.outcomes[1].left_behind["people"] == 3
    assert seen.outcomes[1].left_behind["initiatives"] == 1


@pytest.mark.parametrize(
    ("kind", "unit", "to", "name", "field", "says"),
    [
        ("merge", "KHONG-CO", "TB-YT-02", "", "unit_code", "Không có đơn vị mang mã «KHONG-CO»"),
        ("merge", "TB-YT-01", "", "", "to_code", "Hãy chọn đơn vị nhận"),
        ("merge", "TB-YT-01", "NT-KCN", "", "to_code", "trong phạm vi của bạn"),
        ("rename", "TB-YT-01", "", " ", "name", "Hãy ghi tên"),
        ("establish", "TB-YT-02", "TB", "Đơn vị mới", "unit_code", "đã có: hãy chọn mã khác"),
        ("establish", "TB-NEW", "TB", "Đơn vị mới", "kind", "Hãy chọn loại"),
    ],
)
def test_a_wrong_line_names_its_field(cast, order, kind, unit, to, name, field, says):
    details = {"kind": "grassroots"} if field != "kind" else {}
    with pytest.raises(Refused, match=says) as refused:
        drafting.add_line(order, kind, unit, by=cast.quy, to_code=to, name=name, details=details)
    assert refused.value.field == field


def test_only_who_may_change_the_tree_and_only_while_drafting(cast, order):
    with pytest.raises(Forbidden):
        drafting.draw_up(cast["TB-YT"], "X", TODAY, by=cast.giang)
    with pytest.raises(Forbidden):
        drafting.add_line(order, "merge", "TB-YT-01", by=cast.chi, to_code="TB-YT-02")
    merged(cast, order)
    with pytest.raises(Stale, match="không còn ở bước soạn"):
        drafting.add_line(order, "rename", "TB-YT-02", by=cast.quy, name="Tên khác")
    stale = Order.objects.get(pk=order.pk)
    stale.state = "draft"
    with pytest.raises(Stale):
        orders.confirm(stale, by=cast.quy)


def test_targets_follow_the_units_so_that_every_level_adds_up(cast, order):
    programme = make_programme(cast, "TB")
    phase = programme.phases.first()
    indicator = apps.get_model("programmes.Indicator").objects.first() or apps.get_model(
        "programmes.Indicator"
    ).objects.create(code="initiatives", name="Số sáng kiến")
    changes.establish(
        code="TB-GD",
        name="Công đoàn ngành Giáo dục",
        kind=UnitKind.objects.get(pk="sectoral"),
        parent=cast["TB"],
        decision=Decision(date(2015, 1, 1)),
        by=SYSTEM,
    )

    def give(code, by, value):
        Target.objects.create(
            programme=programme,
            phase=phase,
            indicator=indicator,
            unit=Unit.objects.get(code=code),
            given_by=Unit.objects.get(code=by),
            state="accepted",
            value=value,
        )

    give("TB-YT", "TB", 60)
    give("TB-YT-01", "TB-YT", 40)
    give("TB-YT-02", "TB-YT", 20)
    drafting.add_line(order, "move", "TB-YT-02", by=cast.quy, to_code="TB-GD")
    drafting.add_line(order, "merge", "TB-YT-03", by=cast.quy, to_code="TB-YT-01")
    orders.confirm(order, by=cast.quy)
    value = dict(Target.objects.values_list("unit__code", "value"))
    assert {code: int(v) for code, v in value.items()} == {"TB-YT": 40, "TB-YT-01": 40, "TB-YT-02": 20, "TB-GD": 20}
    assert Target.objects.get(unit__code="TB-YT-02").given_by.code == "TB-GD"
    orders.undo(order, by=cast.quy, reason="Không sắp xếp nữa.")
    value = dict(Target.objects.values_list("unit__code", "value"))
    assert {code: int(v) for code, v in value.items()} == {"TB-YT": 60, "TB-YT-01": 40, "TB-YT-02": 20}


def test_numbers_move_with_the_tree_and_are_counted_once(cast, order):
    national, sector = make_programme(cast, "TLD"), make_programme(cast, "TB-YT")
    recognised(cast)
    readers.drain_all()
    sums.fold()
    merged(cast, order)
    readers.drain_all()
    for programme in (national, sector):
        assert sums.faults(programme) == []
        top = Unit.objects.get(pk=programme.unit_id)
        assert tallies.figure(programme, top, Measure.COUNTED) == 1
    assert tallies.figure(sector, Unit.objects.get(code="TB-YT-02"), Measure.COUNTED) == 1
    before = tallies.figures_on(sector, [cast["TB-YT-01"], cast["TB-YT-02"]], date(2022, 5, 19))
    assert sum(before.values()) == 0
    after = tallies.figures_on(sector, [cast["TB-YT-02"]], TODAY)
    assert after[cast["TB-YT-02"].pk, None, "counted", ""] == 1


def test_orders_are_seen_by_those_who_see_the_unit(cast, order):
    assert list(order_queries.visible_to(cast.quy)) == [order]
    assert list(order_queries.visible_to(cast.minh)) == [order]
    assert list(order_queries.visible_to(cast.khoa)) == []
    assert list(order_queries.visible_to(cast.an)) == []


def test_the_ended_unit_leads_to_its_successor(cast, order):
    merged(cast, order)
    assert history.successor_of(Unit.objects.get(code="TB-YT-01")).code == "TB-YT-02"
