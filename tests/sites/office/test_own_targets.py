"""A unit adds targets of its own, of any kind, in the browser."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from thidua.programmes.models import Indicator
from thidua.targets.models import Target

TYPED = {"what": "dialogues_held", "span": "", "comparator": "at_least", "value": "4"}


@pytest.fixture
def place(programme):
    return lambda name="target-new", *args, unit="TB-YT-01": reverse(
        f"office:{name}", args=[programme.code, unit, *args]
    )


def test_a_target_of_each_kind_for_each_time(cast, sign_in, programme, place):
    unit = sign_in(cast.binh)
    first = programme.phases.get(position=1)
    wanted = [
        {**TYPED, "span": f"p{first.pk}"},
        {**TYPED, "span": "y2022", "comparator": "between", "value": "4", "value_to": "8"},
        {**TYPED, "what": "participation_rate", "value": "10"},
        {**TYPED, "what": "units_reaching", "value": "100", "threshold": "5"},
        {**TYPED, "what": "launch_held", "value": "1"},
        {**TYPED, "what": "other", "label": "Tủ sách công đoàn", "value": "3"},
        {**TYPED, "what": "other", "label": "Bữa ăn ca", "value": "80", "is_percent": "on", "base_value": "1.200",
         "base_on": "2022-01-01"},
    ]  # fmt: skip
    for typed in wanted:
        answered = unit.post(place(), typed, follow=True)
        assert "Đã ghi chỉ tiêu." in answered.content.decode(), typed
    found = Target.objects.filter(unit=cast["TB-YT-01"], state="own")
    assert found.count() == 7, "two others of the same time stand apart"
    rate = found.get(indicator_id="participation_rate")
    assert (rate.base, rate.base_value, rate.base_on) == ("members", 300, date(2022, 5, 20))
    meals = found.get(label="Bữa ăn ca")
    assert (meals.amount, meals.base, meals.base_value, meals.base_on) == ("percent", "stated", 1200, date(2022, 1, 1))
    assert found.get(year=2022).value_to == 8
    page = unit.get(reverse("office:targets", args=[programme.code, "TB-YT-01"])).content.decode()
    for words in ("của 300 đoàn viên (20/05/2022), tương đương 30", "của 1.200", "trong khoảng", "Tủ sách công đoàn"):
        assert words in page, words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"what": "other", "label": ""}, "tên của chỉ tiêu khác"),
        ({"comparator": "between", "value_to": "2"}, "mức trên của khoảng"),
        ({"what": "participation_rate", "value": "120"}, "từ 0 đến 100"),
        ({"what": "participation_rate", "span": "y2022"}, "không tính theo năm"),
        ({"what": "other", "label": "x", "is_percent": "on"}, "số gốc"),
        ({"value": "2,5"}, "số nguyên"),
        ({"value": "nhiều"}, "số"),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_stays_typed(cast, sign_in, place, typed, words):
    answered = sign_in(cast.binh).post(place(), {**TYPED, **typed})
    assert answered.status_code == 422
    assert words in answered.content.decode()
    assert not Target.objects.exists()


def test_twice_the_same_is_refused_and_changed_and_removed(cast, sign_in, programme, place):
    unit = sign_in(cast.binh)
    unit.post(place(), TYPED)
    assert "hãy sửa chỉ tiêu đó" in unit.post(place(), TYPED).content.decode()
    target = Target.objects.get()
    assert 'value="4' in unit.get(place("target-write", target.pk)).content.decode()
    unit.post(place("target-write", target.pk), {**TYPED, "value": "6"})
    target.refresh_from_db()
    assert target.value == 6
    assert sign_in(cast.lan).get(place("target-write", target.pk)).status_code == 404
    assert sign_in(cast.giang).post(place("target-remove", target.pk)).status_code == 403
    unit.post(place("target-remove", target.pk))
    assert not Target.objects.exists()


def test_what_the_level_above_gave_is_not_changed_here(cast, sign_in, programme, place):
    given = Target.objects.create(
        programme=programme,
        indicator=Indicator.objects.get(pk="initiatives"),
        unit=cast["TB-YT-01"],
        given_by=cast["TB-YT"],
        state="given",
        value=60,
    )
    unit = sign_in(cast.binh)
    answered = unit.post(place("target-write", given.pk), {**TYPED, "what": "initiatives", "value": "1"})
    assert "do cấp trên giao" in answered.content.decode()
    given.refresh_from_db()
    assert given.value == 60
