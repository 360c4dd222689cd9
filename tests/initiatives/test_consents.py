"""A recognition waits for the co-authors' word on their shares, but not for ever, and not for who cannot answer."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import IDEA, WHOLE
from tests.initiatives.test_imports import apply, row, sent
from thidua.initiatives import consents, queries
from thidua.initiatives.choices import Channel, Consent, State
from thidua.initiatives.domain import decrees, dossiers, reception, recognitions, shares
from thidua.initiatives.domain.decrees import Decree
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, rulepacks
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.people.domain import rosters

WHY = "Tôi làm một nửa phần khung xe."
LATER = date(2022, 5, 31)  # asked on 20 May, ten days to answer


@pytest.fixture
def item(cast) -> Initiative:
    """Of An and Dũng, received; nobody has asked Dũng's word yet but by the notice."""
    draft = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**IDEA, **WHOLE})
    dossiers.share_out(draft, [(cast.an, Decimal(60)), (cast.dung, Decimal(40))], by=cast.an)
    dossiers.submit(draft, by=cast.an)
    reception.receive(draft, by=cast.binh)
    return Initiative.objects.get(pk=draft.pk)


def again(item):
    return Initiative.objects.get(pk=item.pk)


def recognise(item, by):
    return recognitions.recognise(again(item), by=by, decision_number="12/QĐ-BV", decided_on=clock.today())


def of(item, person):
    return again(item).authorships.get(person=person)


def stands(item, person):
    return next(consent for a, consent in consents.of_each(again(item)) if a.person_id == person.pk)


def without_account(cast, name="Lê Văn Thợ"):
    return rosters.enter(name, cast["TB-YT-01"], phone="0911000001", since=date(2020, 1, 1), by=cast.binh)


def test_the_rule_is_dated_and_says_honestly_what_it_rests_on(cast):
    pack = rulepacks.in_force("share-consent", clock.today())
    assert (pack.verified, pack.rules["demanded_before_recognition"]) == (False, True)
    assert pack.legal_basis.startswith("Quy ước của phần mềm")


def test_a_recognition_waits_and_says_for_whom_and_until_when(cast, item):
    waits = "Còn chờ Trần Văn Dũng (đến hết ngày 30/05/2022) xác nhận tỷ lệ đóng góp"
    with pytest.raises(Refused, match="Còn chờ Trần Văn Dũng"):
        recognise(item, cast.chi)
    assert consents.shares_agreed(again(item)).startswith(waits)
    shares.confirm(of(item, cast.dung), by=cast.dung)
    assert recognise(item, cast.chi).decision_number == "12/QĐ-BV"
    assert "silent" not in Act.objects.get(kind="initiatives.initiative.recognised").after


def test_an_only_author_is_asked_nothing(cast):
    draft = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**IDEA, **WHOLE})
    assert consents.shares_agreed(draft) is None
    assert [consent for _a, consent in consents.of_each(draft)] == [None]


def test_silence_agrees_after_the_last_day_and_is_written_down(cast, item):
    with clock.at(date(2022, 5, 30)):
        assert stands(item, cast.dung) == Consent.WAITING
    with clock.at(LATER):
        assert stands(item, cast.dung) == Consent.SILENT
        recognise(item, cast.chi)
    assert Act.objects.get(kind="initiatives.initiative.recognised").after["silent"] == ["Trần Văn Dũng"]


def test_a_changed_share_is_asked_anew(cast, item):
    with clock.at(LATER):
        dossiers.share_out(again(item), [(cast.an, Decimal(70)), (cast.dung, Decimal(30))], by=cast.binh)
        assert stands(item, cast.an) == Consent.WAITING
        assert "10/06/2022" in consents.shares_agreed(again(item))
        assert queries.shares_to_confirm(cast.dung).get().share == 30


def test_silence_of_who_has_no_account_says_nothing_but_a_paper_does(cast, item):
    worker = without_account(cast)
    dossiers.share_out(again(item), [(cast.an, Decimal(70)), (worker, Decimal(30))], by=cast.binh)
    shares.note(of(item, cast.an), by=cast.binh)
    with clock.at(LATER):
        assert "Lê Văn Thợ (chưa có tài khoản)" in consents.shares_agreed(again(item))
        shares.note(of(item, worker), by=cast.binh)
        shares.note(of(item, worker), by=cast.binh)
        assert consents.shares_agreed(again(item)) is None
    noted = Act.objects.filter(kind="initiatives.share.noted").order_by("pk")
    assert [(a.actor_name, a.after["author"]) for a in noted] == [
        ("Lê Thanh Bình", "Nguyễn Thị An"),
        ("Lê Thanh Bình", "Lê Văn Thợ"),
    ]


def test_an_objection_blocks_however_long_until_the_share_is_mended(cast, item):
    shares.object_to(of(item, cast.dung), by=cast.dung, reason=WHY)
    with clock.at(LATER):
        with pytest.raises(Refused, match="Trần Văn Dũng chưa đồng ý"):
            recognise(item, cast.chi)
        with pytest.raises(Refused, match="đã báo chưa đồng ý"):
            shares.note(of(item, cast.dung), by=cast.binh)
        # Saving the same shares once more mends nothing.
        dossiers.share_out(again(item), [(cast.an, Decimal(60)), (cast.dung, Decimal(40))], by=cast.binh)
        assert stands(item, cast.dung) == Consent.OBJECTED
        dossiers.share_out(again(item), [(cast.an, Decimal(50)), (cast.dung, Decimal(50))], by=cast.binh)
        assert stands(item, cast.dung) == Consent.WAITING


def test_what_was_noted_can_be_contradicted(cast, item):
    shares.note(of(item, cast.dung), by=cast.binh)
    told = Notice.objects.filter(person=cast.dung, kind="initiatives.credited.author").order_by("pk").last()
    assert "Cán bộ đã ghi nhận bạn đồng ý" in told.body
    assert not queries.shares_to_confirm(cast.dung)
    shares.object_to(of(item, cast.dung), by=cast.dung, reason=WHY)
    assert stands(item, cast.dung) == Consent.OBJECTED


def test_neither_an_author_nor_a_stranger_notes_a_paper(cast, item):
    dossiers.share_out(again(item), [(cast.binh, Decimal(60)), (cast.dung, Decimal(40))], by=cast.chi)
    for person in (cast.binh, cast.lan):
        with pytest.raises(Forbidden):
            shares.note(of(item, cast.dung), by=person)


def test_a_word_is_given_while_the_unit_above_decides(cast, item):
    reception.pass_up(again(item), by=cast.binh, reason="Người đứng đầu là tác giả, đề nghị cấp trên quyết định.")
    with pytest.raises(Refused, match="Còn chờ Trần Văn Dũng"):
        recognise(item, cast.hanh)
    shares.confirm(of(item, cast.dung), by=cast.dung)
    assert recognise(item, cast.hanh)


def test_one_decision_for_many_leaves_out_whom_it_waits_for(cast, item, sign_in):
    alone = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**IDEA, **WHOLE, "title": "Giá treo gấp gọn"})
    dossiers.submit(alone, by=cast.an)
    reception.receive(alone, by=cast.binh)
    chi, address = sign_in(cast.chi), reverse("office:dossiers-decide")
    page = chi.post(address, {"code": [item.code, alone.code]})
    assert [i.code for i, _why, _seen in page.context["ready"]] == [alone.code]
    assert "Trần Văn Dũng (đến hết ngày 30/05/2022)" in page.context["left"][0][1]
    done = decrees.recognise_together([again(item), alone], Decree(clock.today(), "9/QĐ-BV"), by=cast.chi)
    assert [(o.code, o.is_done) for o in done] == [(item.code, False), (alone.code, True)]
    assert "Còn chờ Trần Văn Dũng" in done[0].sentence


def test_who_has_not_answered_is_asked_again_once(cast, item):
    for day, told in (((2022, 5, 26), 0), ((2022, 5, 27), 1), ((2022, 5, 28), 0), ((2022, 6, 2), 0)):
        with clock.at(date(*day)):
            assert shares.remind_all() == told
    notice = Notice.objects.get(kind="initiatives.share_unanswered.author")
    assert (notice.person, notice.needs_action) == (cast.dung, True)
    assert "trước hết ngày 30/05/2022" in notice.headline


@pytest.mark.parametrize("how", ["confirmed", "noted", "objected", "withdrawn"])
def test_who_has_answered_is_left_alone(cast, item, how):
    if how == "confirmed":
        shares.confirm(of(item, cast.dung), by=cast.dung)
    elif how == "noted":
        shares.note(of(item, cast.dung), by=cast.binh)
    elif how == "objected":
        shares.object_to(of(item, cast.dung), by=cast.dung, reason=WHY)
    else:
        dossiers.withdraw(again(item), by=cast.an)
    with clock.at(date(2022, 5, 28)):
        assert shares.remind_all() == 0


def test_what_an_officer_enters_has_the_consent_of_all_it_names(cast):
    """By hand and by list alike; once filed, a changed share is asked for."""
    lines = row("Kệ thuốc đầu buồng 2", code="DV001", others="DV002: 30%")
    apply(sent(cast, lines), by=cast.binh)
    listed = Initiative.objects.get(channel=Channel.ON_BEHALF)
    assert [a.noted_by for a in listed.authorships.all()] == [cast.binh] * 2
    assert consents.shares_agreed(listed) is None
    dossiers.share_out(again(listed), [(cast.an, Decimal(80)), (cast.dung, Decimal(20))], by=cast.binh)
    assert stands(listed, cast.dung) == Consent.WAITING


def test_the_page_names_whom_it_waits_for_and_notes_the_paper(cast, item, sign_in):
    chi = sign_in(cast.chi)
    page = chi.get(reverse("office:dossier", args=[item.code])).content.decode()
    assert "Còn chờ Trần Văn Dũng (đến hết ngày 30/05/2022)" in page
    note = reverse("office:dossier-consent", args=[item.code, of(item, cast.dung).pk])
    assert note in page
    assert sign_in(cast.lan).post(note).status_code == 404
    after = chi.post(note, follow=True).content.decode()
    assert "Đã ghi nhận đồng ý trên giấy." in after
    assert "đồng ý, cán bộ ghi nhận" in after
    assert note not in after
    assert recognise(item, cast.chi)
    assert again(item).state == State.RECOGNISED


def test_the_member_is_told_the_last_day(cast, item, sign_in):
    dung = sign_in(cast.dung)
    page = dung.get(reverse("member:initiative", args=[item.code])).content.decode()
    assert "Hết ngày 30/05/2022 mà không có ý kiến thì được coi là đồng ý." in page
    dung.post(reverse("member:confirm-share", args=[item.code]))
    assert stands(item, cast.dung) == Consent.CONFIRMED
