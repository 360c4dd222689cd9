"""The desk above the grassroots: what is its own, what was left lying below it, scopes it decides."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.initiatives.test_dossiers import filed, recognised
from tests.initiatives.test_reception import GROUNDS, passed_up, received
from tests.sites.member.test_pages import page_of
from tests.sites.office.test_decisions_for_many import picture
from thidua.initiatives import queries
from thidua.initiatives.domain import scopes
from thidua.initiatives.queries import desks
from thidua.kernel import clock, formats
from thidua.ledger import presenters

LATER = date(2022, 9, 20)


def listed(client, state):
    return {i.code for i, _s in client.get(reverse("office:initiatives"), {"state": state}).context["rows"]}


def numbers(client):
    return {value: n for value, _label, n in client.get(reverse("office:initiatives")).context["tabs"]}


def test_every_number_of_a_tab_is_that_of_its_list(cast, sign_in):
    below, own = received(cast), passed_up(cast)
    filed(cast)
    with clock.at(LATER):
        for person in (cast.binh, cast.giang, cast.phuc):
            client = sign_in(person)
            for state, n in numbers(client).items():
                assert n is None or n == len(listed(client, state)), (person, state)
        giang = sign_in(cast.giang)
        assert listed(giang, "qua-han") == {own.code} == listed(giang, "cho-quyet-dinh")
        assert below.code in listed(giang, "cap-duoi-qua-han")
        assert own.code not in listed(giang, "cap-duoi-qua-han")
        assert listed(sign_in(cast.phuc), "cap-duoi-qua-han") == {own.code}  # the sector lets it lie


def test_what_was_left_lying_below_is_work_above(cast, sign_in):
    item = received(cast)
    with clock.at(formats.add_working_days(item.due_on, 3)):
        assert desks.escalated(cast.giang, cast["TB-YT"]) == 0
    with clock.at(LATER):
        words = page_of(sign_in(cast.giang), "office:todo")
        assert "Cấp dưới để quá hạn" in words
        assert "?state=cap-duoi-qua-han" in words
        assert "Cấp dưới để quá hạn" not in page_of(sign_in(cast.binh), "office:todo")


def test_what_was_passed_up_is_named_and_linked_in_the_work_of_the_desk_above(cast, sign_in):
    item = passed_up(cast)
    words = page_of(sign_in(cast.hanh), "office:todo")
    assert item.title in words
    assert "?state=cho-quyet-dinh" in words


def test_the_file_of_a_scope_decision_is_kept_and_its_paper_linked(cast, sign_in):
    item = recognised(cast)
    proposal = scopes.propose(item, cast["TB"], by=cast.chi, grounds=GROUNDS)
    son, address = sign_in(cast.son), reverse("office:scope-proposal", args=[proposal.pk])
    assert "multipart/form-data" in son.get(address).content.decode()
    sent = {"step": "recognise_scope", "decision_number": "", "decided_on": "2022-05-20", "body": "council"}
    page = son.post(address, {**sent, "file": SimpleUploadedFile("qd.png", picture())}, follow=True)
    wide = item.recognitions.get(scope="province")
    assert (wide.file.name, wide.paper.pdf is not None) == ("qd.jpg", True)
    assert reverse("office:file", args=[wide.paper.pdf_id]) in page.content.decode()
    told = [presenters.sentence(act) for act in queries.history_of(item)]
    assert told[-1] == f"đã ghi quyết định công nhận phạm vi ảnh hưởng: {wide.decision_number}"
    assert "đã công nhận phạm vi ảnh hưởng" not in told
    assert "đã ghi quyết định công nhận sáng kiến: 12/QĐ-BV" in told


def test_only_scopes_still_open_are_offered_and_only_those_in_charge_take_one_back(cast, sign_in):
    item = recognised(cast)
    assert [u.code for u in scopes.left_to_ask(item)] == ["TB-YT", "TB", "TLD"]
    proposal = scopes.propose(item, cast["TB"], by=cast.chi, grounds=GROUNDS)
    assert [u.code for u in scopes.left_to_ask(item)] == ["TLD"]
    scopes.recognise(proposal, by=cast.son, decided_on=date(2022, 5, 20))
    assert [u.code for u in scopes.left_to_ask(item)] == ["TLD"]
    assert "Huỷ bỏ công nhận phạm vi này" not in page_of(sign_in(cast.chi), "office:dossier", item.code)
    assert "Huỷ bỏ công nhận phạm vi này" in page_of(sign_in(cast.son), "office:dossier", item.code)
