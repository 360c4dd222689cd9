"""Every deciding button pressed twice: done once, and the second press is told so instead of being a fault."""

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import REASON, filed, recognised
from tests.initiatives.test_reception import GROUNDS, passed_up, received
from tests.review.test_councils import cast_all, opened
from tests.similarity.test_comparisons import neighbours
from thidua.initiatives.domain import reception, scopes
from thidua.initiatives.models import Adoption, Recognition, ScopeProposal
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.review.choices import Vote
from thidua.similarity.models import Judgement

DECISION = {"decided_on": "2022-05-20", "body": "head"}


def twice(client, name, args, **sent):
    """Both presses of what the page showed; gives what the second one leads to."""
    address = reverse(name, args=args)
    assert client.post(address, sent).status_code == 302
    known = Act.objects.count()
    answered = client.post(address, sent, follow=True)
    assert answered.status_code == 200
    assert Act.objects.count() == known  # nothing more was done
    return answered.content.decode()


def seen(item):
    item.refresh_from_db()
    return f"{item.state}.{item.revision}"


@pytest.mark.parametrize(
    ("made", "who", "step"),
    [
        (filed, "binh", "receive"),
        (filed, "binh", "send_back"),
        (received, "binh", "pass_up"),
        (received, "chi", "refuse"),
        (passed_up, "hanh", "hand_down"),
        (passed_up, "binh", "call_back"),
        (recognised, "chi", "revoke"),
        (received, "binh", "undo"),
    ],
)
def test_a_step_on_a_dossier(cast, sign_in, made, who, step):
    item = made(cast)
    sent = {"step": step, "reason": REASON, "seen": seen(item)}
    assert "đã được ghi ở lần bấm trước" in twice(
        sign_in(getattr(cast, who)), "office:dossier-step", [item.code], **sent
    )


def test_a_decision_and_a_scope(cast, sign_in):
    item, chi, son = received(cast), sign_in(cast.chi), sign_in(cast.son)
    twice(chi, "office:dossier-recognise", [item.code], seen=seen(item), **DECISION)
    assert Recognition.objects.count() == 1
    twice(chi, "office:dossier-scope", [item.code], unit="TB", grounds=GROUNDS)
    proposal = ScopeProposal.objects.get()
    twice(son, "office:scope-proposal", [proposal.pk], step="recognise_scope", **DECISION)
    wide = Recognition.objects.get(scope="province")
    twice(son, "office:dossier-revoke", [item.code, wide.pk], reason=REASON)
    assert Recognition.objects.filter(revoked_on__isnull=True).count() == 1


@pytest.mark.parametrize("step", ["return_scope", "refuse_scope"])
def test_a_word_on_a_scope(cast, sign_in, step):
    proposal = scopes.propose(recognised(cast), cast["TB"], by=cast.chi, grounds=GROUNDS)
    said = twice(sign_in(cast.son), "office:scope-proposal", [proposal.pk], step=step, reason=REASON)
    assert "đã được ghi ở lần bấm trước" in said


def test_a_session_from_opening_to_minutes(cast, sign_in):
    session = opened(cast, received(cast))
    binh, chi = sign_in(cast.binh), sign_in(cast.chi)
    cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES, "dung": Vote.YES})
    for client, step in ((binh, "close"), (binh, "reopen"), (binh, "close"), (chi, "sign")):
        assert "đã được ghi ở lần bấm trước" in twice(client, "office:session-step", [session.code], step=step)


@pytest.mark.parametrize("finding", ["new", "improvement", "adoption", "copy"])
def test_a_word_on_a_likeness(cast, sign_in, finding):
    original = neighbours(cast)
    item = filed(cast)
    reception.receive(item, by=cast.binh)
    readers.drain_all()
    sent = {"other": original.code, "finding": finding, "reason": "Đã so từng đoạn, khác ở cách chia khay theo giường."}
    twice(sign_in(cast.binh), "office:compare-judge", [item.code], **sent)
    assert Judgement.objects.count() == 1
    assert Adoption.objects.count() == (finding == "adoption")


def test_an_adoption(cast, sign_in):
    original = neighbours(cast)
    twice(sign_in(cast.chi), "office:adopt", [original.code], intention="Dùng ở khoa Nội.")
    assert Adoption.objects.count() == 1
