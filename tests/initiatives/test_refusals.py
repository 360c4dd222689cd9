"""Every refusal has its sentence, and changes nothing."""

from datetime import date
from decimal import Decimal

import pytest

from tests.initiatives.test_dossiers import IDEA, REASON, WHOLE, filed, recognised
from thidua.documents.choices import Purpose
from thidua.initiatives import workflow
from thidua.initiatives.choices import AUTHOR_LABELS, TONES, Channel, State
from thidua.initiatives.domain import adoptions, attachments, dossiers, reception, recognitions, shares
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.ledger import presenters
from thidua.ledger.models import Act
from thidua.notify.models import Notice

GOOD = {"decision_number": "1/QĐ", "decided_on": date(2022, 5, 18)}


def received(cast, **fields):
    item = filed(cast, **fields)
    reception.receive(item, by=cast.binh)
    return item


def drafted(cast, **fields):
    return dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**IDEA, **fields})


# (prepare, act, sentence): what somebody tries, and what they are told.
TRIES = [
    (drafted, lambda i, c: dossiers.submit(i, by=c.dung), "Chỉ tác giả mới gửi được"),
    (drafted, lambda i, c: dossiers.withdraw(i, by=c.binh), "Chỉ tác giả mới rút được"),
    (drafted, lambda i, c: dossiers.write(i, by=c.binh, revision=1, title="x"), "Bản nháp này là của người khác"),
    (drafted, lambda i, c: reception.receive(i, by=c.binh), "Không thể «Tiếp nhận» khi hồ sơ đang ở bước «Nháp»"),
    (filed, lambda i, c: reception.receive(i, by=c.lan), "không có quyền «Tiếp nhận, trả lại hồ sơ sáng kiến»"),
    (filed, lambda i, c: reception.receive(i, by=c.giang), "không có quyền «Tiếp nhận"),
    (filed, lambda i, c: dossiers.submit(i, by=c.an), "Không thể «Gửi» khi hồ sơ đang ở bước «Chờ tiếp nhận»"),
    (filed, lambda i, c: dossiers.write(i, by=c.an, revision=1, title="x"), "nhờ cán bộ trả lại"),
    (filed, lambda i, c: recognitions.recognise(i, by=c.chi, **GOOD), "Không thể «Công nhận»"),
    (filed, lambda i, c: dossiers.mark_duplicate(i, i, by=c.binh), "không thể trùng với chính nó"),
    (filed, lambda i, c: dossiers.flag(i, by=c.an, is_ip_protected=True), "không có quyền"),
    (filed, lambda i, c: dossiers.confirm_benefit(i, -1, by=c.binh), "không thể âm"),
    (filed, lambda i, c: dossiers.confirm_benefit(i, 5, by=c.dung), "không có quyền"),
    (filed, lambda i, c: dossiers.share_out(i, [], by=c.binh), "ít nhất một tác giả"),
    (filed, lambda i, c: dossiers.share_out(i, [(c.an, Decimal(50))] * 2, by=c.binh), "ghi hai lần"),
    (filed, lambda i, c: shares.confirm(i.authorships.get(), by=c.dung), "Chỉ chính đồng tác giả"),
    (received, lambda i, c: recognitions.refuse(i, by=c.binh, reason=REASON), "không có quyền «Công nhận hoặc"),
    (received, lambda i, c: recognitions.refuse(i, by=c.chi, reason="không"), "ít nhất 20 ký tự"),
    (
        received,
        lambda i, c: recognitions.recognise(i, by=c.chi, decision_number=" ", decided_on=date(2022, 5, 18)),
        "Hãy nhập số quyết định",
    ),
    (
        received,
        lambda i, c: recognitions.recognise(i, by=c.chi, decision_number="1", decided_on=date(2022, 5, 21)),
        "trong tương lai",
    ),
    (
        received,
        lambda i, c: recognitions.recognise(i, by=c.chi, decision_number="1", decided_on=date(2022, 1, 31)),
        "trước ngày áp dụng lần đầu",
    ),
    (recognised, lambda i, c: dossiers.withdraw(i, by=c.an), "Không thể «Rút hồ sơ»"),
    (recognised, lambda i, c: dossiers.write(i, by=c.binh, revision=1, title="x"), "đã kết thúc"),
    (recognised, lambda i, c: attachments.attach(i, b"%PDF-1.4", "a.pdf", Purpose.EVIDENCE, by=c.an), "đã kết thúc"),
    (
        recognised,
        lambda i, c: recognitions.revoke(i.recognitions.get(), by=c.binh, reason=REASON),
        "không có quyền «Huỷ bỏ công nhận",
    ),
    (recognised, lambda i, c: adoptions.register(i, c["TB-YT-02"], by=c.an), "không có quyền «Đăng ký áp dụng"),
]


@pytest.mark.parametrize(("prepare", "act", "sentence"), TRIES, ids=[t[2] for t in TRIES])
def test_a_refusal_says_why_and_changes_nothing(cast, prepare, act, sentence):
    item = prepare(cast)
    before = Initiative.objects.filter(pk=item.pk).values().get()
    acts = Act.objects.count()
    with pytest.raises(Refused) as refused:
        act(item, cast)
    assert sentence in refused.value.sentence
    assert Initiative.objects.filter(pk=item.pk).values().get() == before
    assert Act.objects.count() == acts


def test_filing_belongs_to_ones_own_union(cast):
    with pytest.raises(Forbidden, match="Bạn không thuộc CĐCS Bệnh viện Nhi"):
        dossiers.start(cast.an, cast["TB-YT-02"], by=cast.an, **IDEA)
    with pytest.raises(Forbidden, match="Nhập sáng kiến hộ"):
        dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.dung, **IDEA)
    with pytest.raises(Forbidden, match="Nhập sáng kiến hộ"):
        dossiers.start(cast.an, cast["TB-YT-01"], by=cast.lan, channel=Channel.ON_BEHALF, consent_noted=True, **IDEA)


def test_the_office_sends_what_it_entered_and_may_take_it_back(cast):
    item = dossiers.start(
        cast.dung, cast["TB-YT-01"], by=cast.binh, channel=Channel.ON_BEHALF, consent_noted=True, **IDEA
    )
    dossiers.submit(item, by=cast.binh)
    assert Notice.objects.filter(person=cast.dung, kind="initiatives.submitted.author").exists()
    dossiers.withdraw(item, by=cast.binh)
    assert item.state == State.WITHDRAWN


def test_an_author_never_confirms_the_own_benefit(cast):
    item = dossiers.start(cast.binh, cast["TB-YT-01"], by=cast.binh, **IDEA, **WHOLE)
    dossiers.submit(item, by=cast.binh)
    with pytest.raises(Refused, match="người khác tác giả"):
        dossiers.confirm_benefit(item, 1_000_000, by=cast.binh)
    dossiers.confirm_benefit(item, 1_000_000, by=cast.chi)
    assert (item.benefit_confirmed, item.benefit_confirmed_by) == (1_000_000, cast.chi)


def test_withdrawing_tells_the_office_a_draft_nobody(cast):
    dossiers.withdraw(filed(cast), by=cast.an)
    assert Notice.objects.filter(person=cast.binh, kind="initiatives.withdrawn").count() == 1
    dossiers.withdraw(drafted(cast), by=cast.an)
    assert Notice.objects.filter(kind="initiatives.withdrawn").count() == 2  # Bình and Chi, of the first


def test_what_was_returned_before_receipt_goes_to_receipt_again(cast):
    item = filed(cast)
    reception.send_back(item, by=cast.binh, reason=REASON)
    assert [o.name for o in workflow.WORKFLOW.offers(item, cast.an)] == ["submit", "withdraw"]
    dossiers.submit(item, by=cast.an)
    assert item.state == State.SUBMITTED
    reception.receive(item, by=cast.binh)
    reception.send_back(item, by=cast.binh, reason=REASON)
    assert [o.name for o in workflow.WORKFLOW.offers(item, cast.an)] == ["resume", "withdraw"]
    dossiers.submit(item, by=cast.an)
    assert item.state == State.RECEIVED
    assert [r.number for r in item.revisions.all()] == [1, 2, 3]


def test_two_officers_at_once_only_one_decides(cast):
    item = received(cast)
    other = Initiative.objects.get(pk=item.pk)
    recognitions.recognise(item, by=cast.chi, **GOOD)
    with pytest.raises(Stale):
        recognitions.refuse(other, by=cast.chi, reason=REASON)
    assert Initiative.objects.get().state == State.RECOGNISED


def test_a_new_co_author_is_asked_and_a_changed_share_asks_again(cast):
    item = drafted(cast)
    dossiers.share_out(item, [(cast.an, Decimal(60)), (cast.dung, Decimal(40))], by=cast.an)
    assert Notice.objects.get(person=cast.dung).needs_action
    shares.confirm(item.authorships.get(person=cast.dung), by=cast.dung)
    dossiers.share_out(item, [(cast.an, Decimal(60)), (cast.dung, Decimal(40))], by=cast.an)
    assert item.authorships.get(person=cast.dung).confirmed_at
    dossiers.share_out(item, [(cast.an, Decimal(70)), (cast.dung, Decimal(30))], by=cast.an)
    assert item.authorships.get(person=cast.dung).confirmed_at is None
    assert Notice.objects.filter(person=cast.dung).count() == 2  # what was agreed to no longer holds
    dossiers.share_out(item, [(cast.an, Decimal(80)), (cast.dung, Decimal(20))], by=cast.an)
    assert Notice.objects.filter(person=cast.dung).count() == 2  # not once a keystroke


def test_every_state_and_every_act_has_its_words(cast):
    for state in State:
        assert AUTHOR_LABELS[state]
        assert TONES[state]
        item = Initiative(state=state)
        assert workflow.standing_of(item, for_author=True).holder
    recognitions.revoke(recognised(cast).recognitions.get(), by=cast.chi, reason=REASON)
    for act in Act.objects.filter(kind__startswith="initiatives."):
        assert presenters.sentence(act) != act.kind
