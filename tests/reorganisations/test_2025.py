"""The change of 2025 on both provinces: Thái Bình joins Hưng Yên, Ninh Thuận joins Khánh Hòa.

District and sectoral unions end, commune unions begin, one of them for several communes. A national
programme runs through it all and adds up on every day.
"""

from datetime import date

import pytest

from tests.cast import SYSTEM
from tests.tallies.test_sums import make_initiative
from thidua.kernel import clock, codes
from thidua.ledger import readers
from thidua.orgs import history, queries
from thidua.orgs.domain import changes, headcounts, places, tree
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Place, Unit, UnitKind
from thidua.people.domain import rosters
from thidua.programmes.models import Phase, Plan, Programme
from thidua.reorganisations.domain import drafting, orders
from thidua.tallies import queries as tallies
from thidua.tallies.domain import sums, verdicts

BEFORE, REFORM, AFTER = date(2025, 6, 30), date(2025, 7, 1), date(2025, 9, 30)
MORE_UNITS = [
    ("HY", "Liên đoàn Lao động tỉnh Hưng Yên", "provincial", "TLD", None),
    ("HY-01", "CĐCS Công ty Nhựa Hưng Yên", "grassroots", "HY", 500),
    ("KH", "Liên đoàn Lao động tỉnh Khánh Hòa", "provincial", "TLD", None),
    ("KH-01", "CĐCS Cảng Nha Trang", "grassroots", "KH", 200),
    ("TB-VT", "Liên đoàn Lao động huyện Vũ Thư", "district", "TB", None),
    ("TB-VT-01", "CĐCS Công ty Dệt Vũ Thư", "grassroots", "TB-VT", 150),
    ("TB-VT-02", "CĐCS Trường THPT Vũ Tiên", "grassroots", "TB-VT", 60),
]


@pytest.fixture
def nation(cast):
    UnitKind.objects.get_or_create(
        code="district", defaults={"name": "Liên đoàn Lao động huyện", "name_en": "D", "rank": 3}
    )
    UnitKind.objects.get_or_create(
        code="communal", defaults={"name": "Công đoàn xã, phường", "name_en": "C", "rank": 3}
    )
    for code, name, kind, parent, members in MORE_UNITS:
        unit = changes.establish(
            code=code,
            name=name,
            kind=UnitKind.objects.get(pk=kind),
            parent=Unit.objects.get(code=parent),
            decision=Decision(date(2015, 1, 1)),
            by=SYSTEM,
            renumbered=False,
        )
        if members:
            headcounts.declare(unit, on=date(2020, 1, 1), members=members, by=SYSTEM)
    tree.renumber()
    for code in list(cast.units):
        cast.units[code] = Unit.objects.get(code=code)
    rosters.appoint(cast.son, cast["TLD"], "administrator", by=SYSTEM, since=date(2020, 1, 1))
    return cast


@pytest.fixture
def programme(nation):
    """A national programme from January to December 2025."""
    plan = Plan.objects.create(
        code=codes.new_code("KH"), unit=nation["TLD"], title="Kế hoạch 2025", year=2025, created_at=clock.now()
    )
    found = Programme.objects.create(
        code=codes.new_code("CT"),
        plan=plan,
        unit=nation["TLD"],
        kind="programme",
        name="Chương trình 2025",
        short_name="Chương trình 2025",
        is_open=True,
        counts_initiatives=True,
        eligible_from=date(2024, 7, 1),
        eligible_to=date(2025, 12, 31),
    )
    Phase.objects.create(
        programme=found, position=1, name="Cả năm", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
    )
    return found


def file_on(nation, code, day):
    nation.units[code] = Unit.objects.get(code=code)
    with clock.at(day):
        made = make_initiative(
            nation, code, nation.an, first_applied_on=day, filed_on=day, received_on=day, concluded_on=day
        )
        verdicts.evaluate(made.pk)
        readers.drain_all()
        sums.fold()


def reorganise(nation):
    """One order of the confederation, as it was done: communes found, units moved, provinces merged."""
    son = type(nation.son).objects.get(pk=nation.son.pk)
    order = drafting.draw_up(
        nation["TLD"], "Sắp xếp tổ chức công đoàn 2025", REFORM, by=son, decision_number="1/QĐ-TLĐ", decided_on=REFORM
    )
    kind = {"kind": "communal"}
    steps = [
        ("rename", "HY", "", "Liên đoàn Lao động tỉnh Hưng Yên (mới)", {}),
        ("establish", "HY-XA-VT", "HY", "Công đoàn xã Vũ Thư", kind),
        ("establish", "KH-XA-PR", "KH", "Công đoàn phường Phan Rang", kind),
        ("move", "TB-VT-01", "HY-XA-VT", "", {}),
        ("move", "TB-VT-02", "HY-XA-VT", "", {}),
        ("dissolve", "TB-VT", "HY-XA-VT", "", {}),
        ("move", "TB-YT-01", "HY", "", {}),
        ("move", "TB-YT-02", "HY", "", {}),
        ("move", "TB-YT-03", "HY-XA-VT", "", {}),
        ("dissolve", "TB-YT", "HY", "", {}),
        ("merge", "TB", "HY", "", {}),
        ("move", "NT-KCN-01", "KH-XA-PR", "", {}),
        ("merge", "NT-KCN", "KH", "", {}),
        ("merge", "NT", "KH", "", {}),
    ]
    for what, unit, to, name, details in steps:
        drafting.add_line(order, what, unit, by=son, to_code=to, name=name, details=details)
    seen = orders.preview(order, by=son)
    assert [o.fault for o in seen.outcomes] == [""] * len(steps)
    orders.confirm(order, by=son)
    readers.drain_all()
    return order, son


def counted(programme, code, day=None):
    unit = Unit.objects.get(code=code)
    figures = tallies.figures_on(programme, [unit], day) if day else tallies.figures(programme, [unit])
    return figures[unit.pk, None, "counted", ""]


@pytest.fixture
def story(nation, programme):
    for code, day in [("TB-VT-01", date(2025, 3, 1)), ("TB-YT-02", date(2025, 4, 1)), ("HY-01", date(2025, 5, 1)),
                      ("NT-KCN-01", date(2025, 5, 2)), ("TB-YT", date(2025, 6, 1))]:  # fmt: skip
        file_on(nation, code, day)
    with clock.at(date(2025, 8, 1)):
        done = reorganise(nation)
    for code, day in [("TB-VT-01", date(2025, 9, 1)), ("HY-XA-VT", date(2025, 9, 2)), ("KH-01", date(2025, 9, 3))]:
        file_on(nation, code, day)
    return done


def test_a_programme_that_spans_the_change_adds_up_on_every_day(nation, programme, story):
    with clock.at(AFTER):
        assert sums.faults(programme) == []
        assert counted(programme, "TLD") == counted(programme, "TLD", AFTER) == 8
        assert (counted(programme, "HY"), counted(programme, "KH")) == (6, 2)
        assert counted(programme, "HY-XA-VT") == 3
        # In the tree of the last day before: the provinces and unions of then.
        assert {c: counted(programme, c, BEFORE) for c in ("TLD", "TB", "TB-VT", "TB-YT", "HY", "NT", "KH")} == {
            "TLD": 5, "TB": 3, "TB-VT": 1, "TB-YT": 2, "HY": 1, "NT": 1, "KH": 0,
        }  # fmt: skip
        before = sum(counted(programme, u.code, BEFORE) for u in history.children_on(nation["TLD"], BEFORE))
        after = sum(counted(programme, u.code, AFTER) for u in history.children_on(nation["TLD"], AFTER))
        assert (before, after) == (5, 8)


def test_history_keeps_its_names_and_today_has_two_provinces_less(nation, programme, story):
    with clock.at(AFTER):
        assert [u.code for u in history.children_on(nation["TLD"], BEFORE)] == ["HY", "KH", "NT", "TB"]
        assert [u.code for u in queries.children(Unit.objects.get(code="TLD"))] == ["HY", "KH"]
        assert history.name_on(Unit.objects.get(code="HY"), BEFORE) == "Liên đoàn Lao động tỉnh Hưng Yên"
        assert [u.code for u in history.path_on(Unit.objects.get(code="TB-VT-01"), BEFORE)] == [
            "TLD",
            "TB",
            "TB-VT",
            "TB-VT-01",
        ]
        assert [u.code for u in history.path_on(Unit.objects.get(code="TB-VT-01"), AFTER)] == [
            "TLD",
            "HY",
            "HY-XA-VT",
            "TB-VT-01",
        ]
        top = Unit.objects.get(code="TLD")
        assert queries.members_of([top])[top.pk] == 1250 + 500 + 200 + 150 + 60


def test_one_commune_union_serves_several_communes(nation, programme, story):
    places.load()
    old = Place.objects.get(kind="district", name="Huyện Vũ Thư", parent_code="34")
    communes = Place.objects.filter(kind="commune", parent_code=old.code)
    successors = {code for place in communes for code in place.becomes}
    served = list(queries.places_on(REFORM).filter(kind="commune", code__in=successors)[:3])
    assert len(served) == 3
    union = Unit.objects.get(code="HY-XA-VT")
    places.serve(union, served, since=REFORM, by=SYSTEM)
    assert set(queries.served_by(union, AFTER)) == set(served)


def test_the_whole_change_can_be_undone_while_nothing_stands_on_it(nation, programme):
    file_on(nation, "TB-VT-01", date(2025, 3, 1))
    before = sorted(Unit.objects.values_list("code", "name", "parent__code", "ended_on"))
    with clock.at(date(2025, 8, 1)):
        order, son = reorganise(nation)
        assert sorted(Unit.objects.values_list("code", "name", "parent__code", "ended_on")) != before
        orders.undo(order, by=son, reason="Chưa có quyết định chính thức.")
        readers.drain_all()
        assert sorted(Unit.objects.values_list("code", "name", "parent__code", "ended_on")) == before
        assert sums.faults(programme) == []
        assert (counted(programme, "TB"), counted(programme, "HY")) == (1, 0)


def page(client, programme, code, **query):
    return client.get(f"/van-phong/tien-do/{programme.code}/{code}/", query)


def numbers_on(response) -> dict[str, int]:
    """Unit below -> counted, as the page shows it."""
    return {line.unit.short_name: line.counted for line in response.context["survey"].lines}


def test_the_page_of_a_day_shows_the_tree_the_names_and_the_sums_of_that_day(nation, programme, story, sign_in):
    with clock.at(AFTER):
        client = sign_in(story[1])
        then = page(client, programme, "TLD", ngay="2025-06-30")
        assert then.status_code == 200
        assert "Số liệu đến hết ngày 30/06/2025." in then.content.decode()
        assert numbers_on(then) == {
            "Liên đoàn Lao động tỉnh Hưng Yên": 1,
            nation["TB"].short_name: 3,
            nation["NT"].short_name: 1,
            Unit.objects.get(code="KH").short_name: 0,
        }
        assert then.context["current"].counted == sum(numbers_on(then).values()) == 5
        now = page(client, programme, "TLD")
        assert "Số liệu đến hết ngày" not in now.content.decode()
        assert now.context["current"].counted == sum(numbers_on(now).values()) == 8
        # On the day itself the new tree holds, and nothing was filed between.
        first = page(client, programme, "TLD", ngay="2025-07-01")
        assert first.context["current"].counted == sum(numbers_on(first).values()) == 5
        assert len(numbers_on(first)) == 2
        above = page(client, programme, "TB-VT-01", ngay="2025-06-30")
        assert [u.code for u in above.context["path"]] == ["TLD", "TB", "TB-VT"]
        assert [u.code for u in page(client, programme, "TB-VT-01").context["path"]] == ["TLD", "HY", "HY-XA-VT"]
        renamed = page(client, programme, "HY", ngay="2025-06-30").content.decode()
        assert "Tiến độ: Liên đoàn Lao động tỉnh Hưng Yên</h1>" in renamed.replace("\n", "")


def test_the_page_of_a_day_keeps_its_filters_and_refuses_days_in_words(nation, programme, story, sign_in):
    with clock.at(AFTER):
        client = sign_in(story[1])
        shown = page(client, programme, "TLD", ngay="30/6/2025", phase="1", sort="name").content.decode()
        assert "Số liệu đến hết ngày 30/06/2025." in shown
        assert '<input type="hidden" name="phase" value="1">' in shown
        assert '<input type="hidden" name="sort" value="name">' in shown
        assert f"/van-phong/tien-do/{programme.code}/HY/?ngay=30%2F6%2F2025&amp;phase=1" in shown
        late = page(client, programme, "TLD", ngay="2025-10-01")
        assert (late.status_code, late.context["current"].counted) == (422, 8)
        assert "chưa đến: số liệu chỉ có đến hôm nay" in late.content.decode()
        wrong = page(client, programme, "TLD", ngay="31/02/2025")
        assert (wrong.status_code, wrong.context["current"].counted) == (422, 8)
        assert "không phải là một ngày" in wrong.content.decode()
        today = page(client, programme, "TLD", ngay="2025-09-30")
        assert (today.status_code, today.context["asked"].day) == (200, None)


def test_the_files_of_a_day_say_their_day(nation, programme, story, sign_in):
    with clock.at(AFTER):
        client = sign_in(story[1])
        for what in ("excel", "word"):
            made = client.get(f"/van-phong/tien-do/{programme.code}/TLD/{what}/", {"ngay": "2025-06-30"})
            assert made.status_code == 200
            assert "tien-do-TLD-20250630" in made["Content-Disposition"]


def test_a_page_of_a_day_takes_a_fixed_number_of_statements(
    nation, programme, story, sign_in, django_assert_max_num_queries
):
    with clock.at(AFTER):
        client = sign_in(story[1])
        page(client, programme, "TLD", ngay="2025-06-30")
        with django_assert_max_num_queries(34):
            page(client, programme, "TLD", ngay="2025-06-30")
