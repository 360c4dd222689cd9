"""Sums follow the verdicts exactly, at every node, whatever happens."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import SYSTEM
from thidua.initiatives.models import Authorship, Initiative, Recognition
from thidua.kernel import clock, codes, installation
from thidua.ledger import acts, presenters
from thidua.ledger.models import Act
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.programmes.models import Phase, Plan, Programme
from thidua.tallies import queries
from thidua.tallies.choices import Measure, Reason
from thidua.tallies.domain import sums, verdicts
from thidua.tallies.models import Delta, Entry
from thidua.tallies.tasks import sweep


@pytest.fixture
def programme(cast) -> Programme:
    """The programme of 17/KH-CĐYT, run by the sector."""
    return make_programme(cast, "TB-YT")


def make_programme(cast, unit_code: str) -> Programme:
    plan = Plan.objects.create(
        code=codes.new_code("KH"), unit=cast[unit_code], title="Kế hoạch", year=2022, created_at=clock.now()
    )
    programme = Programme.objects.create(
        code=codes.new_code("CT"),
        plan=plan,
        unit=cast[unit_code],
        kind="programme",
        name="01 triệu sáng kiến",
        short_name="01 triệu sáng kiến",
        is_open=True,
        counts_initiatives=True,
        eligible_from=date(2021, 9, 1),
        eligible_to=date(2023, 9, 30),
    )
    Phase.objects.create(
        programme=programme,
        position=1,
        name="Giai đoạn 1",
        starts_on=date(2022, 1, 12),
        ends_on=date(2022, 5, 31),
    )
    Phase.objects.create(
        programme=programme,
        position=2,
        name="Giai đoạn 2",
        starts_on=date(2022, 6, 1),
        ends_on=date(2023, 9, 30),
    )
    return programme


def make_initiative(cast, unit_code: str, *authors, **fields) -> Initiative:
    unit = cast[unit_code]
    moment = clock.now()
    initiative = Initiative.objects.create(
        **{
            "code": codes.new_code("SK"),
            "unit": unit,
            "handler": unit,
            "title": "Cải tiến xe đẩy",
            "kind": "technical",
            "state": "recognised",
            "first_applied_on": date(2022, 2, 1),
            "filed_on": date(2022, 3, 1),
            "received_on": date(2022, 3, 2),
            "concluded_on": date(2022, 3, 9),
            "benefit": "money",
            "benefit_stated": 1_000_000,
            "created_at": moment,
            "changed_at": moment,
            **fields,
        }
    )
    for position, person in enumerate(authors):
        Authorship.objects.create(
            initiative=initiative, person=person, name=person.full_name, share=0, position=position
        )
    if initiative.state == "recognised":
        Recognition.objects.create(
            initiative=initiative,
            unit=unit,
            decision_number="12/QĐ",
            decided_on=date(2022, 3, 9),
            decided_by="Giám đốc",
            recorded_by=cast.chi,
        )
    return initiative


def test_a_counted_initiative_shows_at_every_node_above(cast, programme):
    verdicts.evaluate(make_initiative(cast, "TB-YT-01-N", cast.an).pk)
    for code in ("TB-YT-01-N", "TB-YT-01", "TB-YT"):
        assert queries.figure(programme, cast[code], Measure.COUNTED) == 1
        assert queries.figure(programme, cast[code], Measure.PEOPLE) == 1
        assert queries.figure(programme, cast[code], Measure.BENEFIT) == 1_000_000
    assert queries.figure(programme, cast["TB-YT-02"], Measure.COUNTED) == 0


def nonzero(programme, cast) -> dict:
    return {key: amount for key, amount in queries.figures(programme, cast.units.values()).items() if amount}


def test_a_read_is_the_same_before_and_after_folding(cast, programme):
    verdicts.evaluate(make_initiative(cast, "TB-YT-01", cast.an).pk)
    before = nonzero(programme, cast)
    assert Delta.objects.exists()
    sums.fold()
    assert not Delta.objects.exists()
    assert nonzero(programme, cast) == before
    assert sums.faults(programme) == []


def test_evaluating_twice_changes_nothing(cast, programme):
    initiative = make_initiative(cast, "TB-YT-01", cast.an)
    verdicts.evaluate(initiative.pk)
    deltas = Delta.objects.count()
    verdicts.evaluate(initiative.pk)
    assert Delta.objects.count() == deltas


def test_a_person_counts_once_however_many_initiatives(cast, programme):
    one = make_initiative(cast, "TB-YT-01", cast.an, cast.dung)
    two = make_initiative(cast, "TB-YT-01", cast.an, filed_on=date(2022, 7, 1))
    verdicts.evaluate(one.pk)
    verdicts.evaluate(two.pk)
    phase_1, phase_2 = programme.phases.all()
    at = cast["TB-YT"]
    assert queries.figure(programme, at, Measure.PEOPLE) == 2
    assert queries.figure(programme, at, Measure.PEOPLE, phase=phase_1) == 2
    assert queries.figure(programme, at, Measure.PEOPLE, phase=phase_2) == 1


def test_revocation_takes_back_everywhere_and_says_why(cast, programme):
    initiative = make_initiative(cast, "TB-YT-01", cast.an)
    verdicts.evaluate(initiative.pk)
    initiative.recognitions.update(revoked_on=date(2022, 5, 1), revoked_reason="sai tác giả")
    Initiative.objects.filter(pk=initiative.pk).update(state="revoked")
    verdicts.evaluate(initiative.pk)
    assert queries.figure(programme, cast["TLD"], Measure.COUNTED) == 0
    assert queries.figure(programme, cast["TB-YT"], Measure.PEOPLE) == 0
    assert Entry.objects.get().reasons == [Reason.REVOKED]
    assert [a.kind for a in Act.objects.filter(kind__startswith="tallies.")] == [
        "tallies.entry.counted",
        "tallies.entry.not_counted",
    ]
    told = [presenters.sentence(a) for a in Act.objects.filter(kind__startswith="tallies.").order_by("id")]
    assert told[0] == f"đã tính sáng kiến vào chương trình «{programme} – {programme.unit.short_name}»"
    assert (
        told[1]
        == f"không tính sáng kiến vào chương trình «{programme} – {programme.unit.short_name}»: đã bị huỷ bỏ công nhận"
    )


def test_what_is_still_to_come_is_no_news_what_shuts_out_is(cast, programme):
    initiative = make_initiative(cast, "TB-YT-01", cast.an, state="submitted", concluded_on=None)
    verdicts.evaluate(initiative.pk)
    Initiative.objects.filter(pk=initiative.pk).update(state="received")
    verdicts.evaluate(initiative.pk)
    assert not Act.objects.filter(kind__startswith="tallies.").exists()
    Initiative.objects.filter(pk=initiative.pk).update(state="refused", concluded_on=date(2022, 3, 9))
    verdicts.evaluate(initiative.pk)
    assert "không được công nhận" in presenters.sentence(Act.objects.get(kind__startswith="tallies."))


def test_a_job_of_the_worker_stands_on_the_demonstrations_day(cast, programme):
    initiative = make_initiative(cast, "TB-YT-01", cast.an)
    acts.record("initiatives.initiative.changed", initiative, by=cast.an)
    installation.set_demonstration(is_demonstration=True, clock_on=date(2022, 6, 10))
    with clock.at(None):
        sweep(timestamp=0)
    installation.forget()
    told = Act.objects.get(kind="tallies.entry.counted")
    assert timezone.localtime(told.at).date() == date(2022, 6, 10)


def test_one_initiative_counts_in_several_programmes_by_their_own_rules(cast, programme):
    national = make_programme(cast, "TLD")
    Programme.objects.filter(pk=national.pk).update(needs_recognition=False)
    verdicts.evaluate(make_initiative(cast, "TB-YT-01", cast.an, state="received", concluded_on=None).pk)
    assert queries.figure(national, cast["TLD"], Measure.COUNTED) == 1
    assert queries.figure(programme, cast["TB-YT"], Measure.COUNTED) == 0


def test_reading_many_nodes_costs_two_queries(cast, programme, django_assert_num_queries):
    verdicts.evaluate(make_initiative(cast, "TB-YT-01", cast.an).pk)
    for units in ([cast["TLD"]], list(cast.units.values())):
        with django_assert_num_queries(2):
            queries.figures(programme, units)


def test_a_unit_that_moves_takes_its_numbers_along_after_a_rebuild(cast, programme):
    national = make_programme(cast, "TLD")
    verdicts.evaluate(make_initiative(cast, "TB-YT-01", cast.an).pk)
    sums.fold()
    changes.move(cast["TB-YT"], cast["NT"], decision=Decision(date(2022, 5, 1)), by=SYSTEM)
    sums.rebuild(national)
    for unit in cast.units.values():
        unit.refresh_from_db()
    assert queries.figure(national, cast["TB"], Measure.COUNTED) == 0
    assert queries.figure(national, cast["NT"], Measure.COUNTED) == 1
    assert queries.figure(national, cast["TLD"], Measure.COUNTED) == 1


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["recognised", "received", "returned", "refused", "withdrawn"]),
        st.integers(-200, 700),
        st.sampled_from(["TB-YT-01", "TB-YT-01-N", "TB-YT-02"]),
        st.integers(0, 5_000_000),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_sums_equal_a_recount_after_any_history(cast, programme, steps):
    makers = [(cast.an,), (cast.an, cast.dung), (cast.lan,), (cast.binh, cast.an)]
    made = [make_initiative(cast, "TB-YT-01", *authors) for authors in makers]
    for which, state, offset, unit, benefit, folds in steps:
        initiative = made[which]
        filed = date(2022, 3, 1) + timedelta(days=offset)
        Initiative.objects.filter(pk=initiative.pk).update(
            state=state, filed_on=filed, unit=cast[unit], benefit_stated=benefit
        )
        verdicts.evaluate(initiative.pk)
        if folds:
            sums.fold()
    assert sums.faults(programme) == []
