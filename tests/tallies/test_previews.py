"""What a change of rules would do, told before it is made; verdicts that follow time and the tree; warnings."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.cast import SINCE, SYSTEM
from tests.initiatives.test_dossiers import REASON, filed, recognised
from tests.initiatives.test_reception import received
from tests.sites.member.test_pages import page_of
from tests.tallies.test_sums import make_initiative, make_programme
from thidua.initiatives.domain import deadlines, reception
from thidua.kernel import clock
from thidua.ledger import acts, readers, tasks
from thidua.notify.models import Notice
from thidua.programmes.choices import PlanState
from thidua.programmes.models import Plan, Programme
from thidua.tallies import queries
from thidua.tallies.choices import Reason
from thidua.tallies.domain import previews, reading, verdicts
from thidua.tallies.models import Entry, Revaluation
from thidua.tallies.rules import decide


@pytest.fixture
def programme(cast):
    made = make_programme(cast, "TB-YT")
    Plan.objects.filter(pk=made.plan_id).update(state=PlanState.ISSUED, issued_at=clock.now())
    made.plan.refresh_from_db()
    return made


def test_who_gains_who_loses_and_why(cast, programme):
    kept = recognised(cast, first_applied_on=date(2022, 2, 1))
    early = recognised(cast, first_applied_on=date(2022, 1, 10))
    waiting = received(cast)
    readers.drain_all()
    entries = Entry.objects.filter(is_counted=True).count()
    assert entries == 2
    now = queries.rules_of(programme)
    narrower = previews.difference(programme, replace(now, eligible_from=date(2022, 1, 15)))
    assert (narrower.seen, narrower.gained, narrower.lost) == (3, 0, 1)
    lost = narrower.losses[0]
    assert (lost.code, lost.becomes, lost.was) == (early.code, (Reason.APPLIED_TOO_EARLY,), ())
    wider = previews.difference(programme, replace(now, needs_recognition=False))
    assert [g.code for g in wider.gains] == [waiting.code]
    assert wider.gains[0].was == (Reason.NOT_RECOGNISED,)
    assert [(u.name, u.gained, u.lost, u.net) for u in wider.units] == [(cast["TB-YT-01-N"].short_name, 1, 0, 1)]
    assert not previews.difference(programme, now).is_any
    assert Entry.objects.filter(is_counted=True).count() == entries  # nothing was written
    assert kept.code not in {s.code for s in narrower.losses}


def test_a_preview_costs_the_same_for_one_and_for_many(cast, programme, django_assert_num_queries):
    recognised(cast)
    readers.drain_all()
    rules = queries.rules_of(queries.counting().prefetch_related("phases").get(pk=programme.pk))
    fresh = queries.counting().select_related("unit").prefetch_related("phases").get(pk=programme.pk)
    stricter = replace(rules, eligible_from=date(2022, 4, 1))
    with django_assert_num_queries(1):
        previews.difference(fresh, rules)
    with django_assert_num_queries(4):  # the groups, the rows that lose, their units, the names of these
        read_all(previews.difference(fresh, stricter, reader=cast.giang))
    for _n in range(4):
        recognised(cast)
    readers.drain_all()
    with django_assert_num_queries(1):
        assert previews.difference(fresh, rules).seen == 5
    with django_assert_num_queries(4):
        assert read_all(previews.difference(fresh, stricter, reader=cast.giang)) == (0, 5, 1)


def read_all(found):
    return len(found.gains), len(found.losses), len(found.units)


DAY = st.none() | st.dates(date(2021, 8, 1), date(2023, 12, 31))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    items=st.lists(st.tuples(st.sampled_from(["recognised", "received", "returned", "refused"]), DAY, DAY), max_size=6),
    window=st.tuples(DAY, DAY),
    by=st.sampled_from(["filed", "applied"]),
)
def test_groups_are_ruled_on_as_each_dossier_by_itself(cast, programme, items, window, by):
    Entry.objects.all().delete()
    made = [
        make_initiative(cast, "TB-YT-01", cast.an, state=state, first_applied_on=applied, filed_on=filed_on or SINCE)
        for state, applied, filed_on in items
    ]
    verdicts.evaluate_many(i.pk for i in made)
    fresh = queries.counting().select_related("unit").prefetch_related("phases").get(pk=programme.pk)
    proposed = replace(queries.rules_of(fresh), eligible_from=window[0], eligible_to=window[1], phase_by=by)
    found = previews.difference(fresh, proposed)
    gains, losses, reworded = set(), set(), 0
    for entry in Entry.objects.filter(programme=fresh).select_related("initiative"):
        facts = queries.facts_of(entry.initiative, is_recognised=entry.is_recognised)
        ruling = decide(facts, proposed)
        if ruling.is_counted != entry.is_counted:
            (gains if ruling.is_counted else losses).add((entry.initiative.code, ruling.reasons))
        elif not entry.is_counted:
            reworded += entry.reasons != list(ruling.reasons)
    assert found.seen == len(made)
    assert {(s.code, s.becomes) for s in found.gains} == gains
    assert {(s.code, s.becomes) for s in found.losses} == losses
    assert (found.gained, found.lost, found.reworded) == (len(gains), len(losses), reworded)


def test_the_whole_difference_is_taken_along_as_a_table(cast, sign_in, programme):
    early = recognised(cast, first_applied_on=date(2022, 1, 10))
    readers.drain_all()
    asked = {"eligible_from": "2022-01-15", "needs_recognition": "on", "phase_by": programme.phase_by, "tai": "1"}
    answered = sign_in(cast.giang).get(reverse("office:programme-trial", args=[programme.code]), asked)
    book = load_workbook(io.BytesIO(b"".join(answered)))
    dossiers, units = (
        [c.value for row in book[n].iter_rows() for c in row if c.value is not None] for n in book.sheetnames
    )
    assert {early.code, early.title, "Không còn được tính", "Được tính: Giai đoạn 1"} <= set(dossiers)
    assert any("lần đầu ngày 10/01/2022, chương trình tính từ 15/01/2022" in str(v) for v in dossiers)
    assert {early.unit.short_name, -1} <= set(units)
    assert Entry.objects.get().is_counted


def test_other_rules_are_told_to_authors_and_once_to_each_office(cast, programme, monkeypatch):
    items = [recognised(cast, first_applied_on=date(2022, 2, 1)) for _n in range(3)]
    readers.drain_all()
    monkeypatch.setattr(reading, "AT_ONCE", 1)  # so that each is a stretch of its own, worked through by the worker
    Notice.objects.all().delete()
    Programme.objects.filter(pk=programme.pk).update(eligible_from=date(2022, 3, 1))
    acts.record("programmes.programme.changed", programme, by=cast.giang)
    readers.drain_all()
    reading.go_on()
    told = Notice.objects.filter(person=cast.an)
    assert {n.subject_code for n in told} == {i.code for i in items}
    assert told.count() == 3
    assert "không còn được tính" in told[0].headline
    assert "lần đầu ngày 01/02/2022, chương trình tính từ 01/03/2022" in told[0].body
    assert Notice.objects.filter(person=cast.binh, kind="tallies.recounted").count() == 1
    Programme.objects.filter(pk=programme.pk).update(eligible_from=date(2022, 1, 1))
    with clock.at(date(2022, 5, 21)):
        acts.record("programmes.programme.changed", programme, by=cast.giang)
        readers.drain_all()
        reading.go_on()
    assert Notice.objects.filter(person=cast.an, headline__contains="nay được tính").count() == 3
    assert Notice.objects.filter(person=cast.binh, kind="tallies.recounted").count() == 2


def test_a_supplement_that_is_late_is_named_from_the_day_after(cast, programme):
    item = received(cast)
    reception.send_back(item, by=cast.binh, reason=REASON)
    readers.drain_all()
    assert Entry.objects.get().reasons == [Reason.RETURNED]
    with clock.at(item.due_on + timedelta(days=1)):
        deadlines.remind_all()
        readers.drain_all()
        assert Entry.objects.get().reasons == [Reason.LATE_SUPPLEMENT]


def test_the_year_of_the_law_is_a_warning_not_a_bar(cast, programme):
    item = filed(cast, first_applied_on=date(2021, 5, 19))
    readers.drain_all()
    assert "quá 1 năm" in queries.verdicts_of(item)[0].warnings[0]
    fresh = filed(cast, first_applied_on=date(2021, 5, 20))
    readers.drain_all()
    assert queries.verdicts_of(fresh)[0].warnings == ()
    assert "quá 1 năm" in queries.simulate(item)[0].warnings[0]


def test_what_is_missing_is_told_apart_from_what_shuts_out(cast, programme):
    item = received(cast)
    out = received(cast, is_ip_protected=True)
    readers.drain_all()
    assert queries.verdicts_of(item)[0].is_mendable
    assert not queries.verdicts_of(out)[0].is_mendable


def test_the_author_and_the_office_read_it(cast, sign_in, programme):
    item = received(cast)
    readers.drain_all()
    for who, page in ((cast.an, "member:initiative"), (cast.binh, "office:dossier")):
        words = page_of(sign_in(who), page, item.code)
        assert "Sẽ được tính" in words
        assert "chưa có quyết định công nhận" in words


def test_the_office_tries_rules_before_anybody_is_hurt(cast, sign_in, programme):
    early = recognised(cast, first_applied_on=date(2022, 1, 10))
    readers.drain_all()
    giang = sign_in(cast.giang)
    asked = {"eligible_from": "2022-01-15", "needs_recognition": "on", "phase_by": programme.phase_by}
    words = page_of(giang, "office:programme-trial", programme.code, **asked)
    assert early.code in words
    assert "áp dụng trước thời gian chương trình quy định" in words
    assert Entry.objects.get().is_counted
    address = reverse("office:programme-trial", args=[programme.code])
    assert giang.get(address, {**asked, "eligible_from": "hôm qua"}).status_code == 422
    assert sign_in(cast.binh).get(address).status_code == 403
    assert sign_in(cast.khoa).get(address).status_code == 404


def test_an_amendment_shows_its_difference_before_it_is_issued(cast, sign_in, programme):
    from thidua.programmes.domain import amendments, corrections

    early = recognised(cast, first_applied_on=date(2022, 1, 10))
    readers.drain_all()
    draft = amendments.draft(programme.plan, by=cast.giang)
    copy = draft.programmes.get(counts_initiatives=True)
    corrections.write_programme(copy, by=cast.giang, eligible_from=date(2022, 1, 15))
    words = page_of(sign_in(cast.giang), "office:plan-recount", draft.code)
    assert early.code in words
    assert "Không còn được tính" in words
    assert Entry.objects.get(programme=programme).is_counted


def test_a_change_that_touches_many_is_worked_through_in_stretches(cast, programme, monkeypatch):
    items = [recognised(cast) for _n in range(5)]
    readers.drain_all()
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    Programme.objects.filter(pk=programme.pk).update(eligible_from=date(2022, 3, 1))
    acts.record("programmes.programme.changed", programme, by=cast.giang)
    readers.drain_all()
    assert Entry.objects.filter(is_counted=True).count() == 5  # the reader has left them to the worker
    assert reading.go_on(most=1)
    assert Entry.objects.filter(is_counted=True).count() == 3  # two are done; a stop here loses nothing
    assert Revaluation.objects.get().after == items[1].pk
    assert not reading.go_on()
    assert not Entry.objects.filter(is_counted=True).exists()
    assert not Revaluation.objects.exists()


def test_until_the_worker_has_read_a_filing_its_verdict_comes_from_the_facts(
    cast, programme, settings, django_capture_on_commit_callbacks
):
    settings.READERS_WAIT = True
    item = make_initiative(cast, "TB-YT-01", cast.an)
    with django_capture_on_commit_callbacks(execute=True):
        acts.record("initiatives.initiative.submitted", item, by=SYSTEM)
    assert not Entry.objects.filter(initiative=item).exists()
    (row,) = queries.verdicts_of(item)
    assert row.is_counted
    tasks.read()
    (entry,) = Entry.objects.filter(initiative=item)
    assert entry.is_counted
    (row,) = queries.verdicts_of(item)
    assert row.is_counted
