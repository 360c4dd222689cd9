"""Who takes a dossier back, and who only the own name; the others are told and confirm their shares anew."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import IDEA, filed
from thidua.initiatives import rules
from thidua.initiatives.choices import State
from thidua.initiatives.domain import departures, dossiers, reception
from thidua.initiatives.domain import shares as words
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Forbidden
from thidua.ledger import presenters
from thidua.ledger.models import Act
from thidua.notify.models import Notice


def shared(cast, *more):
    """Of An (lead), Dung and Chi; filed by An."""
    item = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **IDEA)
    shares = [(cast.an, Decimal(50)), (cast.dung, Decimal(30)), (cast.chi, Decimal(20)), *more]
    dossiers.share_out(item, shares, by=cast.an)
    for person in (cast.dung, cast.chi):
        words.confirm(item.authorships.get(person=person), by=person)
    dossiers.submit(item, by=cast.an)
    return Initiative.objects.get(pk=item.pk)


def told(person, kind):
    return list(Notice.objects.filter(person=person, kind__contains=kind).values_list("headline", flat=True))


def test_the_lead_withdraws_and_every_other_author_is_told(cast):
    item = shared(cast)
    dossiers.withdraw(item, by=cast.an)
    assert item.state == State.WITHDRAWN
    assert told(cast.an, "withdrawn.author") == []
    for person in (cast.dung, cast.chi):
        assert told(person, "withdrawn.author") == [f"Sáng kiến đã được rút: {item.title}"]
    assert told(cast.binh, "withdrawn") == [f"Sáng kiến đã được rút: {item.title}"]


def test_a_co_author_does_not_withdraw_what_is_the_others_too(cast, sign_in):
    item = shared(cast)
    with pytest.raises(Forbidden, match="Tác giả chính hoặc người đã gửi"):
        dossiers.withdraw(item, by=cast.dung)
    dung = sign_in(cast.dung)
    page = dung.get(reverse("member:initiative", args=[item.code])).content.decode()
    assert 'value="withdraw"' not in page
    assert "Rút tên tôi khỏi hồ sơ này" in page
    answer = dung.post(reverse("member:step", args=[item.code]), {"step": "withdraw"})
    assert answer.status_code in (302, 403)
    assert Initiative.objects.get().state == State.SUBMITTED


def test_whoever_sent_it_withdraws_though_another_leads(cast):
    item = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **IDEA)
    dossiers.share_out(item, [(cast.dung, Decimal(60)), (cast.an, Decimal(40))], by=cast.an)
    dossiers.submit(item, by=cast.an)
    item = Initiative.objects.get()
    assert rules.lead_of(item).person == cast.dung
    assert rules.may_withdraw(cast.an, item)
    assert rules.may_withdraw(cast.dung, item)


def test_any_author_speaks_while_the_lead_is_only_a_name(cast):
    item = filed(cast)
    dossiers.share_out(item, [("Lý Thị Ngoài", Decimal(60)), (cast.dung, Decimal(40))], by=cast.binh)
    assert rules.may_withdraw(cast.dung, Initiative.objects.get())


def test_a_co_author_takes_the_own_name_back_and_the_rest_confirm_anew(cast, sign_in):
    item = shared(cast)
    reception.receive(item, by=cast.binh)
    answer = sign_in(cast.dung).post(reverse("member:leave", args=[item.code]), {"reason": "Tôi chỉ góp ý kiến."})
    assert answer.status_code == 302
    item = Initiative.objects.get()
    rows = [(a.person, a.share, a.confirmed_at) for a in item.authorships.all()]
    assert rows == [(cast.an, Decimal("71.43"), None), (cast.chi, Decimal("28.57"), None)]
    assert item.state == State.RECEIVED
    for person in (cast.an, cast.chi):
        assert told(person, "author_left.author") == [f"Trần Văn Dũng đã rút tên khỏi danh sách tác giả: {item.title}"]
    assert "Tôi chỉ góp ý kiến." in Notice.objects.get(person=cast.an, kind="initiatives.author_left.author").body
    assert told(cast.binh, "author_left") != []
    act = Act.objects.get(kind="initiatives.initiative.author_left")
    assert presenters.sentence(act) == "đã rút tên mình khỏi danh sách tác giả"
    assert (act.reason, act.after["authors"][0]) == ("Tôi chỉ góp ý kiến.", "Nguyễn Thị An 71.43 %")
    assert item.revisions.count() == 2  # as filed, and as it is now
    assert sign_in(cast.dung).get(reverse("member:initiative", args=[item.code])).status_code == 404
    page = sign_in(cast.chi).get(reverse("member:initiative", args=[item.code])).content.decode()
    assert "Đúng, tôi xác nhận" in page


def test_the_lead_and_strangers_do_not_leave_and_nobody_after_the_decision(cast):
    item = shared(cast)
    for person, sentence in ((cast.an, "Bạn là tác giả chính"), (cast.lan, "không phải là tác giả")):
        with pytest.raises(Forbidden, match=sentence):
            departures.leave(item, by=person)
    Initiative.objects.update(state=State.REFUSED, received_on="2022-05-20", concluded_on="2022-05-20")
    with pytest.raises(Forbidden, match="đã kết thúc"):
        departures.leave(Initiative.objects.get(), by=cast.dung)


@pytest.mark.parametrize(
    ("shares", "anew"),
    [
        (["50", "20"], ["71.43", "28.57"]),
        (["33.34", "33.33", "11.11"], ["42.87", "42.85", "14.28"]),
        (["0", "0"], ["100", "0"]),
        (["40"], ["100.00"]),
    ],
)
def test_shares_keep_their_proportions_and_make_a_whole(shares, anew):
    found = departures.shared_anew([Decimal(share) for share in shares])
    assert found == [Decimal(share) for share in anew]
    assert sum(found) == 100
