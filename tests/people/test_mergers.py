"""Two records of one person, merged with everything, and parted again."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from tests.cast import SYSTEM
from thidua.initiatives.domain import dossiers
from thidua.kernel.verdicts import Refused
from thidua.ledger import readers
from thidua.people import duplicates, queries, references
from thidua.people.domain import mergers, rosters
from thidua.people.models import Account, Membership, Namesakes, Person, Post


@pytest.fixture
def twin(cast):
    """Dũng, entered once more with other details."""
    return rosters.enter(
        "Trần Văn Dũng", cast["TB-YT-01"], by=SYSTEM, email="dung@benhvien.vn", birth_year=1980, since=date(2020, 1, 1)
    )


def test_every_key_to_a_person_follows_or_says_why_not():
    keys = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and field.related_model is Person
    }
    following = {references.name_of(field) for _model, field in references.following()}
    assert keys - following == references.OWN | {"tallies.participation.person"}
    assert {"initiatives.authorship.person", "awards.certificate.person", "people.post.person"} <= following
    assert following >= references.MAY_STAY


def test_initiatives_posts_and_details_follow_and_go_back(cast, twin):
    dossier = dossiers.start(twin, cast["TB-YT-01"], by=twin, title="Máy đo nhịp tim tự chế")
    post = rosters.appoint(twin, cast["TB-YT-02"], "auditor", by=SYSTEM, since=date(2022, 1, 1))
    merger = mergers.merge(cast.dung, twin, by=cast.binh)
    assert list(dossier.authorships.values_list("person", flat=True)) == [cast.dung.pk]
    post.refresh_from_db()
    assert post.person == cast.dung
    kept = Person.objects.get(pk=cast.dung.pk)
    assert (kept.email, kept.birth_year, kept.phone) == ("dung@benhvien.vn", 1980, "0900000002")
    assert queries.person_for(twin.code) == kept
    assert queries.person_for("dung@benhvien.vn") == kept
    assert twin.pk not in queries.everybody(cast["TB-YT-01"]).values_list("pk", flat=True)
    mergers.undo(merger, by=cast.binh)
    assert list(dossier.authorships.values_list("person", flat=True)) == [twin.pk]
    kept.refresh_from_db()
    twin.refresh_from_db()
    assert (kept.email, kept.birth_year) == (None, None)
    assert (twin.email, twin.birth_year, twin.left_on, twin.merged_into) == ("dung@benhvien.vn", 1980, None, None)
    assert Membership.objects.get(person=twin).valid.upper is None
    with pytest.raises(Refused, match="đã được hoàn tác"):
        mergers.undo(merger, by=cast.binh)


def test_the_account_follows_when_the_kept_record_has_none(cast, twin):
    merger = mergers.merge(twin, cast.dung, by=cast.binh)
    account = Account.objects.get(person=twin)
    assert account.login == "DV002"
    assert queries.account_for("0900000002") == account
    mergers.undo(merger, by=cast.binh)
    assert queries.account_for("0900000002").person == cast.dung


def test_of_two_accounts_the_dropped_one_is_closed(cast, twin):
    rosters.open_account(twin, "matkhau-thu-2022", by=SYSTEM)
    merger = mergers.merge(cast.dung, twin, by=cast.binh)
    assert Account.objects.get(person=twin).is_active is False
    mergers.undo(merger, by=cast.binh)
    assert Account.objects.get(person=twin).is_active is True


def test_two_authors_of_one_initiative_are_settled_there_first(cast, twin):
    dossier = dossiers.start(twin, cast["TB-YT-01"], by=twin, title="Máy đo nhịp tim tự chế")
    dossier.authorships.create(person=cast.dung, name="Dũng", share=50, position=1)
    with pytest.raises(Refused, match="đồng tác giả"):
        mergers.merge(cast.dung, twin, by=cast.binh)
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_a_post_both_hold_stays_behind(cast, twin):
    rosters.appoint(twin, cast["TB-YT-01"], "council_member", by=SYSTEM, since=date(2021, 1, 1))
    mergers.merge(cast.dung, twin, by=cast.binh)
    assert Post.objects.filter(person=cast.dung, role="council_member").count() == 1
    assert Post.objects.filter(person=twin, role="council_member").count() == 1


def test_heads_are_counted_once_after_a_merger(cast, twin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mergers.merge(cast.dung, twin, by=cast.binh)
    assert readers.drain_all() == 0


def test_who_may_be_one_person_is_found_and_told_apart(cast, twin):
    rosters.enter("Tran Van Dung", cast["TB-YT-02"], by=SYSTEM, birth_year=1980)
    rosters.enter("Trần Văn Dũng", cast["NT-KCN-01"], by=SYSTEM, birth_year=1980)
    found = duplicates.pairs(cast["TB"])
    assert found[0].first.code == "DV002"
    assert len(found) == 2
    assert ("Trùng họ tên", "cùng đơn vị") in [pair.reasons for pair in found]
    mergers.tell_apart(found[0].second, found[0].first, by=cast.binh)
    mergers.tell_apart(found[0].first, found[0].second, by=cast.binh)
    assert Namesakes.objects.count() == 1
    assert len(duplicates.pairs(cast["TB"])) == 1
    assert len(duplicates.pairs(cast["TB"], after=duplicates.cursor_of(found))) == 0
