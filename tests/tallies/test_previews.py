"""What a change of rules would do, told before it is made; verdicts that follow time and the tree; warnings."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.cast import SYSTEM
from tests.initiatives.test_dossiers import REASON, filed, recognised
from tests.initiatives.test_reception import received
from tests.sites.member.test_pages import page_of
from tests.tallies.test_sums import make_initiative, make_programme
from thidua.initiatives.domain import deadlines, reception
from thidua.kernel import clock
from thidua.ledger import acts, readers, tasks
from thidua.programmes.choices import PlanState
from thidua.programmes.models import Plan, Programme
from thidua.tallies import queries
from thidua.tallies.choices import Reason
from thidua.tallies.domain import previews, reading
from thidua.tallies.models import Entry, Revaluation


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
    assert wider.units == [(cast["TB-YT-01-N"].short_name, 1)]
    assert not previews.difference(programme, now).is_any
    assert Entry.objects.filter(is_counted=True).count() == entries  # nothing was written
    assert kept.code not in {s.code for s in narrower.losses}


def test_a_preview_costs_the_same_for_one_and_for_many(cast, programme, django_assert_num_queries):
    recognised(cast)
    readers.drain_all()
    rules = queries.rules_of(queries.counting().prefetch_related("phases").get(pk=programme.pk))
    fresh = queries.counting().select_related("unit").prefetch_related("phases").get(pk=programme.pk)
    with django_assert_num_queries(1):
        previews.difference(fresh, rules)
    for _n in range(4):
        recognised(cast)
    readers.drain_all()
    with django_assert_num_queries(1):
        assert previews.difference(fresh, rules).seen == 5


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
