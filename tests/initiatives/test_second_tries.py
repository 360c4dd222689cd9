"""A refused dossier is written anew with everything that was there; two clicks make one draft."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import IDEA, REASON, filed
from tests.initiatives.test_reception import received
from tests.sites.office.test_decisions_for_many import picture
from thidua.documents.choices import Purpose
from thidua.initiatives.domain import attachments, dossiers, recognitions, second_tries
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import presenters
from thidua.ledger.models import Act


def refused(cast):
    item = received(cast)
    dossiers.share_out(item, [(cast.an, Decimal(70)), (cast.dung, Decimal(30))], by=cast.binh)
    attachments.attach(item, picture(), "truoc.png", Purpose.PHOTO_BEFORE, by=cast.binh)
    recognitions.refuse(item, by=cast.chi, reason=REASON)
    return Initiative.objects.get(pk=item.pk)


def test_words_authors_and_files_are_taken_along(cast):
    old = refused(cast)
    new = second_tries.write_anew(old, by=cast.an)
    assert (new.title, new.solution, new.state, new.filed_on) == (IDEA["title"], IDEA["solution"], "draft", None)
    shares = [(a.person, a.share, bool(a.confirmed_at)) for a in new.authorships.all()]
    assert shares == [(cast.an, 70, True), (cast.dung, 30, False)]  # a co-author is asked anew
    assert new.attachments.get().file.purpose == Purpose.PHOTO_BEFORE
    old.refresh_from_db()
    assert (old.state, old.attachments.count()) == ("refused", 1)
    act = Act.objects.get(kind="initiatives.initiative.written_anew")
    assert presenters.sentence(act) == f"đã viết lại từ hồ sơ {old.code}"


def test_asked_twice_it_is_the_same_draft_until_that_is_dropped(cast):
    old = refused(cast)
    new = second_tries.write_anew(old, by=cast.an)
    assert second_tries.write_anew(old, by=cast.dung) == new
    dossiers.withdraw(new, by=cast.an)
    assert second_tries.write_anew(old, by=cast.an) != new


def test_only_its_authors_and_only_what_ended(cast):
    with pytest.raises(Forbidden, match="Chỉ tác giả"):
        second_tries.write_anew(refused(cast), by=cast.lan)
    with pytest.raises(Refused, match="không được công nhận hoặc đã rút"):
        second_tries.write_anew(filed(cast), by=cast.an)


def test_the_author_is_offered_it_beside_the_reason(cast, sign_in):
    old, an = refused(cast), sign_in(cast.an)
    words = an.get(reverse("member:initiative", args=[old.code])).content.decode()
    assert REASON in words
    assert "Viết lại để gửi lần nữa" in words
    page = an.post(reverse("member:write-anew", args=[old.code]), follow=True)
    assert f"đủ nội dung của hồ sơ {old.code}" in page.content.decode()
    assert IDEA["solution"] in page.content.decode()
    assert sign_in(cast.lan).post(reverse("member:write-anew", args=[old.code])).status_code == 404
