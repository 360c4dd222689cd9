"""Finding people, and what happens to them day by day."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from django.db import connection

from tests.cast import SYSTEM
from thidua.demo import names
from thidua.kernel import paging
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import queries
from thidua.people.domain import absences, moves, rosters
from thidua.people.models import Membership, Person, Post


@pytest.mark.parametrize(
    "typed",
    [
        "lý thị mỹ",
        "ly thi my",
        "LÍ THỊ MĨ",
        "Mỹ Lý",
        "thi my ly",
        "Ly\u0301 Thi\u0323 My\u0303",
        "0987654321",
        "098765",
        "dv-m",
    ],
)
def test_a_name_is_found_however_it_is_typed(cast, typed):
    rosters.enter("Lý Thị Mỹ", cast["TB-YT-01"], by=SYSTEM, phone="0987654321", code="DV-M7Y")
    found = queries.search(queries.roster(cast["TB"]), typed)
    assert "Lý Thị Mỹ" in [person.full_name for person in found]


@pytest.mark.parametrize(("written", "typed"), [("Đỗ Hoà", "do hoà"), ("Đỗ Hoà", "đỗ hòa"), ("Phạm Thuý", "phạm thúy")])
def test_the_place_of_the_tone_does_not_matter(cast, written, typed):
    rosters.enter(written, cast["TB-YT-01"], by=SYSTEM)
    assert queries.search(queries.roster(cast["TB"]), typed).count() == 1


def test_a_syllable_is_not_found_inside_another(cast):
    rosters.enter("Hoàng Thanh", cast["TB-YT-01"], by=SYSTEM)
    assert not queries.search(queries.roster(cast["TB"]), "anh").exists()


@pytest.mark.parametrize("bound", [1, 10_000])
def test_few_are_named_at_once_and_many_are_walked_to_the_same_end(cast, monkeypatch, bound):
    monkeypatch.setattr(paging, "COUNT_BOUND", bound)
    for name, code in (("Lý Thị Mỹ", "TB-YT-01"), ("Lý Thị Na", "TB-YT-02"), ("Lê Thị Mỹ", "TB-YT-01")):
        rosters.enter(name, cast[code], by=SYSTEM)
    roster = queries.roster(cast["TB"])
    found, how_many = queries.found_among(roster, "ly thi", "")
    assert sorted(person.full_name for person in found) == ["Lý Thị Mỹ", "Lý Thị Na"]
    assert how_many == ("hơn 1" if bound == 1 else "2")
    everybody, count = queries.found_among(roster, "", "")
    assert everybody.count() == roster.count()
    assert count == ("hơn 1" if bound == 1 else str(roster.count()))


def test_whatever_is_typed_finds_whom_reading_everybody_finds(cast):
    """The index of beginnings against the rule itself: some word of a person begins with each typed word."""
    random = Random(7)
    for number in range(5000, 5150):
        given = names.somebody(random, "health", number)
        rosters.enter(
            given.full_name, cast["TB-YT-01"], by=SYSTEM, phone=given.phone, code=f"{given.code}-Nghiêngngả{number}"
        )
    roster = queries.roster(cast["TB"])
    stored = {person.pk: person.search.split() for person in roster}
    words = sorted({word for own in stored.values() for word in own})
    several = 0
    for _ in range(400):
        picked = random.choices(words, k=random.choice((1, 1, 2, 2, 3)))
        typed = [word[: random.randint(1, len(word))] for word in picked]
        wanted = {pk for pk, own in stored.items() if all(any(w.startswith(t) for w in own) for t in typed)}
        assert {person.pk for person in queries.search(roster, " ".join(typed))} == wanted, typed
        assert {person.pk for person in queries.spelled(roster, *typed)} == wanted, typed
        page, how_many = queries.found_page(roster, " ".join(typed), "")
        assert (how_many, len(page.rows)) == (str(len(wanted)), min(len(wanted), queries.PAGE)), typed
        several += len(wanted) > 1
    assert several > 100


@pytest.mark.parametrize("are_common", [False, True])
def test_a_search_looks_at_the_unit_and_below(cast, monkeypatch, are_common):
    monkeypatch.setattr(queries, "are_common", lambda words: are_common)
    for unit in Unit.objects.all():
        for typed in ("", "nguyen van"):
            assert set(queries.sought(unit, typed)) == set(queries.everybody(unit)), unit
            found, _count = queries.found_page(queries.sought(unit, typed), typed, "")
            assert set(found.rows) == set(queries.search(queries.everybody(unit), typed)), unit
    assert org_queries.is_whole(cast["TLD"])
    assert not org_queries.is_whole(cast["TB"])


def test_words_are_common_when_the_statistics_say_so(cast, monkeypatch):
    assert not queries.are_common(["nguien"])
    for number in range(6000, 6060):
        rosters.enter("Nguyễn Văn Ba", cast["TB-YT-01"], by=SYSTEM, phone=f"091{number:07d}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person")
    assert not queries.are_common(["nguien", "van"])
    monkeypatch.setattr(paging, "COUNT_BOUND", 30)
    assert queries.are_common(["nguien", "van"])
    assert queries.are_common(["nguien", "nguien"])
    assert not queries.are_common(["nguien", "khongco"])
    monkeypatch.setattr(queries, "COUNTED", 40)
    common = queries.found_page(queries.sought(cast["TB"], "van nguyen"), "van nguyen", "")
    assert common[1] == "hơn 40"
    monkeypatch.setattr(queries, "are_common", lambda words: False)
    monkeypatch.setattr(paging, "COUNT_BOUND", 10_000)
    rare = queries.found_page(queries.sought(cast["TB"], "van nguyen"), "van nguyen", "")
    assert common[0] == rare[0]


def test_a_roster_is_the_same_whether_units_are_noted_or_joined(cast, monkeypatch):
    joined = {unit.pk: queries.roster_page(unit, "") for unit in Unit.objects.all()}
    monkeypatch.setattr(queries, "COUNTED", 0)
    monkeypatch.setattr(org_queries, "is_noted", lambda lft, rgt: True)
    for unit in Unit.objects.all():
        assert queries.roster_page(unit, "")[0] == joined[unit.pk][0]
        assert [p.pk for p in joined[unit.pk][0].rows] == [
            p.pk for p in queries.roster(unit).order_by(*queries.ORDER)[: queries.PAGE]
        ]


def test_a_slip_of_the_pen_still_leads_to_the_name(cast, monkeypatch):
    rosters.enter("Nguyễn Quang Trường", cast["TB-YT-01"], by=SYSTEM)
    assert not queries.search(queries.roster(cast["TB"]), "nguyen quang turong").exists()
    read = list(queries.alike(cast["TB"], "nguyen quang turong"))
    assert read[0].full_name == "Nguyễn Quang Trường"
    monkeypatch.setattr(queries, "COUNTED", -1)
    assert list(queries.alike(cast["TB"], "nguyen quang turong")) == read


def test_a_transfer_keeps_the_days_and_ends_the_posts(cast):
    moves.transfer(cast.binh, cast["TB-YT-02"], on=date(2022, 5, 1), by=cast.quy, ends_posts=True)
    homes = Membership.objects.filter(person=cast.binh).order_by("valid")
    assert [(m.unit.code, m.valid.lower, m.valid.upper) for m in homes] == [
        ("TB-YT-01", date(2015, 1, 1), date(2022, 5, 1)),
        ("TB-YT-02", date(2022, 5, 1), None),
    ]
    assert Person.objects.get(pk=cast.binh.pk).unit == cast["TB-YT-02"]
    assert Post.objects.get(person=cast.binh).valid.upper == date(2022, 5, 1)
    with pytest.raises(Refused, match="đã thuộc"):
        moves.transfer(cast.binh, cast["TB-YT-02"], on=date(2022, 5, 3), by=cast.quy)
    with pytest.raises(Refused, match="Ngày phải sau ngày vào"):
        moves.transfer(cast.binh, cast["TB-YT-01"], on=date(2022, 4, 3), by=cast.quy)


def test_a_transfer_to_come_happens_on_its_day(cast):
    from thidua.kernel import clock

    moves.transfer(cast.dung, cast["TB-YT-02"], on=date(2022, 6, 1), by=cast.quy)
    assert Person.objects.get(pk=cast.dung.pk).unit == cast["TB-YT-01"]
    assert moves.settle_due() == 0
    with clock.at(date(2022, 6, 1)):
        assert moves.settle_due() == 1
        assert moves.settle_due() == 0
    assert Person.objects.get(pk=cast.dung.pk).unit == cast["TB-YT-02"]


def test_who_leaves_keeps_the_past_and_may_come_back(cast):
    moves.leave(cast.chi, on=date(2022, 5, 10), by=cast.quy, reason="Nghỉ hưu")
    chi = Person.objects.get(pk=cast.chi.pk)
    assert chi.left_on == date(2022, 5, 10)
    assert chi not in queries.roster(cast["TB-YT-01"])
    assert Post.objects.get(person=chi).valid.upper == date(2022, 5, 10)
    with pytest.raises(Refused, match="đã thôi"):
        moves.transfer(chi, cast["TB-YT-02"], on=date(2022, 5, 12), by=cast.quy)
    back = moves.come_back(chi, cast["TB-YT-02"], on=date(2022, 5, 20), by=cast.quy)
    assert (back.left_on, back.unit.code) == (None, "TB-YT-02")
    assert back.memberships.count() == 2


def test_a_pause_stays_on_the_roster_and_never_overlaps(cast):
    pause = absences.pause(cast.an, "maternity", since=date(2022, 5, 1), by=cast.chi)
    assert cast.an in queries.narrowed(queries.everybody(cast["TB"]), "tam-nghi")
    assert cast.an in queries.roster(cast["TB"])
    with pytest.raises(Refused, match="trùng với một lần nghỉ"):
        absences.pause(cast.an, "study", since=date(2022, 6, 1), by=cast.chi)
    absences.resume(pause, on=date(2022, 5, 20), by=cast.chi)
    assert queries.absence_of(cast.an) is None


@pytest.fixture
def crowd(cast):
    """Twenty thousand people beside the cast, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_person (code, full_name, sort_key, search, name_key, unit_id, job_title, qualification,
                                       is_direct_worker, is_member, is_demonstration)
            SELECT 'X' || n, 'Người ' || n, lpad((n * 7919 %% 20011)::text, 8, '0'),
                   ' nguoi ' || n || ' x' || n, 'nguoi ' || n,
                   (ARRAY[%s, %s, %s, %s])[1 + n %% 4], '', '', false, true, false
              FROM generate_series(1, 20000) n
            """,
            [cast[code].pk for code in ("TB-YT-01", "TB-YT-02", "NT-KCN-01", "TB-YT-03")],
        )
        cursor.execute("SELECT gin_clean_pending_list('people_person_search')")  # as autovacuum does
        cursor.execute("ANALYZE people_person")
        cursor.execute("ANALYZE orgs_unit")


def _plan(queryset) -> str:
    return queryset.explain()


def test_no_list_of_people_reads_them_all(cast, crowd):
    nation, hospital = cast["TLD"], cast["TB-YT-02"]
    order = ("sort_key", "id")
    lists = {
        "the nation, first page": queries.narrowed(queries.everybody(nation)).order_by(*order)[:31],
        "the nation, deep": queries.narrowed(queries.everybody(nation))
        .filter(sort_key__gt="00015")
        .order_by(*order)[:31],
        "a rare word": queries.search(queries.everybody(nation), "x12345").order_by(*order)[:31],
        "a hospital": queries.everybody(hospital).order_by(*order)[:31],
        "by phone": Person.objects.filter(phone="0900000001"),
        "by e-mail": Person.objects.filter(email__iexact="an@x.vn"),
        "by code": Person.objects.filter(code__iexact="dv001"),
    }
    for name, queryset in lists.items():
        assert "Seq Scan on people_person" not in _plan(queryset), (name, _plan(queryset))
