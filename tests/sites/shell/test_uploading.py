"""Files in pieces: cut off, sent twice, in two tabs, by strangers."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.documents import hostile
from tests.initiatives.test_dossiers import IDEA
from thidua.documents.domain import cleaning, resumption
from thidua.documents.models import StoredFile, Upload, UploadPiece
from thidua.initiatives.models import Initiative

PDF = hostile.pdf(b"%" + b"x" * 700_000)


def begin(client, content=PDF, key="k-1", name="ban-ve.pdf", purpose="evidence", **more):
    given = {"name": name, "size": len(content), "mark": "1", "purpose": purpose, "key": key, **more}
    return client.post(reverse("shell:upload-begin"), json.dumps(given), content_type="application/json")


def send(client, state, content=PDF, piece=300_000):
    start = state["offset"]
    return client.post(
        state["url"], content[start : start + piece], content_type="application/octet-stream", headers={"Upload-Offset": str(start)}
    )  # fmt: skip


def send_all(client, content=PDF, **more):
    state = begin(client, content, **more).json()
    while not state["done"]:
        state = send(client, state, content).json()
    return state


@pytest.fixture
def an(cast, sign_in):
    return sign_in(cast.an)


def test_a_file_arrives_whole_and_goes_to_the_dossier(an):
    send_all(an)
    assert not UploadPiece.objects.exists()
    an.post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "act": "send"})
    attachment = Initiative.objects.get().attachments.get()
    with attachment.file.stored.open("rb") as opened:
        assert opened.read() == PDF
    assert attachment.file.unit is not None
    assert not Upload.objects.exists()


@pytest.mark.parametrize("page", ["member:initiative", "member:review"])
def test_a_file_of_a_form_left_unsent_is_in_its_draft(an, page):
    send_all(an)
    an.post(reverse("member:autosave-new"), {"title": "Xe đẩy thuốc", "submission_key": "k-1"})  # and the tab is closed
    draft = Initiative.objects.get()
    assert not draft.attachments.exists()
    an.get(reverse(page, args=[draft.code]))
    assert draft.attachments.count() == 1


def test_a_cut_upload_goes_on_where_it_stopped(an):
    state = begin(an).json()
    send(an, state)
    again = begin(an).json()  # the same file chosen again, even after a restart: it is in the database
    assert (again["url"], again["offset"]) == (state["url"], 300_000)
    assert an.get(again["url"]).json()["offset"] == 300_000


def test_a_piece_sent_twice_or_out_of_place_changes_nothing(an):
    state = begin(an).json()
    assert send(an, state).json()["offset"] == 300_000
    assert send(an, state).json()["offset"] == 300_000
    assert send(an, {**state, "offset": 600_000}).json()["offset"] == 300_000
    assert send(an, {**state, "offset": 300_000}, piece=10**7).json()["done"]


def test_more_than_was_announced_is_not_taken(an):
    state = begin(an, PDF[:1000]).json()
    answer = an.post(state["url"], PDF[:5000], content_type="application/octet-stream", headers={"Upload-Offset": "0"})
    assert answer.json()["offset"] == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"size": 21 * 2**20}, "lớn hơn 20 MB"),
        ({"size": 0}, "rỗng"),
        ({"purpose": "x"}, "Mẫu gửi không hợp lệ"),
        ({"key": ""}, "Mẫu gửi không hợp lệ"),
        ({"size": "nhiều"}, "Mẫu gửi không hợp lệ"),
    ],
)
def test_limits_are_said_before_a_byte_travels(an, more, sentence):
    answer = begin(an, **more)
    assert answer.status_code == 422
    assert sentence in answer.json()["sentence"]


def test_a_wrong_kind_is_refused_at_its_first_piece(an):
    page = b"<html><script>" + b"x" * 900_000
    answer = send(an, begin(an, page).json(), page)
    assert answer.status_code == 422
    assert "không thuộc loại được nhận" in answer.json()["sentence"]
    assert not Upload.objects.exists()


def test_a_hostile_file_is_refused_once_it_is_whole(an):
    bad = hostile.pdf(b"3 0 obj<</S/JavaScript>>endobj")
    answer = send(an, begin(an, bad).json(), bad)
    assert (answer.status_code, "lệnh chạy" in answer.json()["sentence"]) == (422, True)
    assert not StoredFile.objects.exists()


def test_an_upload_is_nobody_elses(an, cast, sign_in, client):
    state = begin(an).json()
    for other in (sign_in(cast.dung), client):
        assert send(other, state).status_code == 404
        assert other.post(state["drop"]).status_code == 404
    assert an.get(reverse("shell:upload", args=[uuid.uuid4()])).status_code == 404
    send_all(sign_in(cast.dung))
    an.post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "act": "send"})
    assert not Initiative.objects.get().attachments.exists()


def test_a_file_may_be_taken_off_the_form_again(an):
    state = send_all(an)
    assert an.post(state["drop"]).json() == {"dropped": True}
    an.post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "act": "send"})
    assert not Initiative.objects.get().attachments.exists()


def test_visitors_send_a_bounded_number(cast, settings):
    visitor = Client()
    for n in range(6):
        assert begin(visitor, name=f"{n}.pdf").status_code == 200
    assert "tối đa 6 tệp" in begin(visitor, name="7.pdf").json()["sentence"]
    settings.OPEN_UPLOADS_AN_HOUR = 7
    assert "từ mạng này" in begin(Client(), name="8.pdf").json()["sentence"]


def test_a_kill_while_the_whole_file_is_stored_costs_nothing(an, monkeypatch):
    from thidua.documents.domain import files

    small = PDF[:250_000] + b"\n%%EOF\n"
    state = begin(an, small).json()
    whole = files.store

    def killed(*_content, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "store", killed)
    with pytest.raises(KeyboardInterrupt):
        send(an, state, small)
    monkeypatch.setattr(files, "store", whole)
    assert an.get(state["url"]).json()["done"]  # the pieces were all there: asked again, it is finished
    assert an.get(state["url"]).json()["done"]
    assert StoredFile.objects.count() == 1


def test_uploads_never_finished_are_cleared_away(an, monkeypatch):
    state = begin(an).json()
    send(an, state)
    cleaning.sweep()
    assert Upload.objects.exists()
    from datetime import timedelta

    Upload.objects.update(touched_at=Upload.objects.get().touched_at - resumption.KEPT_FOR - timedelta(hours=1))
    cleaning.sweep()
    assert not Upload.objects.exists()
    assert not UploadPiece.objects.exists()
    assert begin(an).json()["offset"] == 0
