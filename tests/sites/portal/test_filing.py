"""The QR code on the wall: a form for members, one for visitors where the union allows it."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import IDEA
from tests.sites.member.test_pages import page_of, photo
from thidua.initiatives.choices import Channel, State
from thidua.initiatives.models import Initiative
from thidua.notify.models import Notice

WHO = {"name": "Lý Thị Mới", "phone": "0912 345 678"}


@pytest.fixture
def open_unit(cast):
    unit = cast["TB-YT-01"]
    unit.accepts_open_filing = True
    unit.save()
    return unit


@pytest.fixture
def address(programme, open_unit):
    return reverse("portal:quick", args=[programme.code, open_unit.code])


def test_a_visitor_files_and_gets_a_code_once(client, cast, programme, address):
    words = client.get(address).content.decode()
    assert "CĐCS Bệnh viện Đa khoa tỉnh" in words
    assert programme.short_name in words
    done = client.post(address, {**IDEA, **WHO, "submission_key": "k", "before": photo()}, follow=True)
    item = Initiative.objects.get()
    assert (item.channel, item.state, item.came_through) == (Channel.OPEN, State.SUBMITTED, programme)
    assert item.attachments.count() == 1
    assert item.code in done.content.decode()
    claim = done.context["claim"]
    assert claim.startswith("NH-")
    assert Notice.objects.filter(person=cast.binh, needs_action=True).exists()
    client.post(address, {**IDEA, **WHO, "submission_key": "k"})
    assert Initiative.objects.count() == 1
    assert claim in client.get(reverse("portal:quick-done")).content.decode()


def test_the_claim_code_brings_it_to_an_account(client, cast, sign_in, address):
    done = client.post(address, {**IDEA, **WHO, "submission_key": "k"}, follow=True)
    dung = sign_in(cast.dung)
    assert "không đúng hoặc đã được dùng" in dung.post(reverse("member:claim"), {"code": "NH-SAI"}).content.decode()
    dung.post(reverse("member:claim"), {"code": done.context["claim"].lower()})
    item = Initiative.objects.get()
    assert item.code in page_of(dung, "member:initiatives")
    assert not client.get(reverse("portal:quick-done")).context["claim"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Hãy nhập họ và tên."),
        ({"phone": "12"}, "Số điện thoại cần 10 chữ số"),
        ({"title": "Xe"}, "ít nhất 8 ký tự"),
        ({"website": "http://x"}, "Mẫu gửi không hợp lệ"),
        ({"submission_key": ""}, "Mẫu gửi không hợp lệ"),
    ],
)
def test_a_wrong_box_is_named_and_nothing_is_lost(client, address, wrong, sentence):
    answer = client.post(address, {**IDEA, **WHO, "submission_key": "k", **wrong})
    words = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in words
    assert IDEA["solution"] in words
    assert not Initiative.objects.exists()


def test_photos_wait_until_the_form_is_right(client, address):
    answer = client.post(address, {**IDEA, **WHO, "title": "Xe", "submission_key": "k", "before": photo()})
    assert "truoc.jpg" in answer.content.decode()
    client.post(address, {**IDEA, **WHO, "submission_key": "k"})
    assert Initiative.objects.get().attachments.get().file.name == "truoc.jpg"


def test_kept_photos_are_nobody_elses(client, address):
    from django.test import Client

    client.post(address, {**IDEA, **WHO, "title": "Xe", "submission_key": "k", "before": photo()})
    other = Client().post(address, {**IDEA, **WHO, "title": "Xe", "submission_key": "k"})
    assert "truoc.jpg" not in other.content.decode()


def test_one_phone_files_a_few_a_day(client, address):
    for n in range(5):
        another = {**IDEA, "title": f"Xe đẩy thuốc kiểu {n}"}
        assert client.post(address, {**another, **WHO, "submission_key": f"k{n}"}).status_code == 302
    answer = client.post(address, {**IDEA, **WHO, "submission_key": "k9"})
    assert answer.status_code == 422
    assert "đã gửi 5 sáng kiến trong một ngày" in answer.content.decode()
    again = {**IDEA, "title": "Xe đẩy thuốc kiểu 1"}
    assert client.post(address, {**again, **WHO, "submission_key": "k1"}).status_code == 302  # sent again: known
    assert Initiative.objects.count() == 5


def another(n):
    return {**IDEA, **WHO, "title": f"Xe đẩy thuốc kiểu {n}", "phone": f"09123456{n:02d}", "submission_key": f"k{n}"}


def test_one_network_files_as_much_as_a_shift_of_the_union(address, settings):
    """300 members: 75 an hour from their one address, each with a phone of their own; then a pause."""
    from django.test import Client

    settings.OPEN_FILINGS_AN_HOUR = 10
    for n in range(75):
        assert Client().post(address, another(n)).status_code == 302
    assert "quá nhiều lượt gửi" in Client().post(address, another(75)).content.decode()
    assert Client().post(address, another(3)).status_code == 302  # sent again: never counted


def test_one_device_files_a_bounded_number_an_hour(client, address, monkeypatch):
    monkeypatch.setattr("thidua.sites.portal.limits.PER_DEVICE_AN_HOUR", 2)
    for n in range(3):  # the first one makes the session
        assert client.post(address, another(n)).status_code == 302
    assert "Máy này vừa gửi quá nhiều lượt" in client.post(address, another(9)).content.decode()


def test_the_same_words_from_two_tabs_are_one_filing(client, address):
    client.post(address, {**IDEA, **WHO, "submission_key": "tab-1"})
    client.post(address, {**IDEA, **WHO, "submission_key": "tab-2"})
    assert Initiative.objects.count() == 1


def test_other_words_in_a_stale_tab_are_neither_lost_nor_mixed_up(client, address):
    client.post(address, {**IDEA, **WHO, "submission_key": "k"})
    other = {**IDEA, **WHO, "title": "Giá để bình ô-xy không lăn", "submission_key": "k"}
    answer = client.post(address, other)
    words = answer.content.decode()
    assert (answer.status_code, Initiative.objects.get().title) == (422, IDEA["title"])
    assert "đã được gửi với mã" in words
    assert "Giá để bình ô-xy không lăn" in words
    client.post(address, {**other, "submission_key": answer.context["submission_key"]})
    assert Initiative.objects.count() == 2


def test_a_visitors_draft_waits_on_the_server_for_a_day(client, address):
    from datetime import timedelta

    from thidua.kernel import clock

    client.post(f"{address}tu-luu/", {"title": "Xe đẩy", "name": "Lý Thị Mới", "submission_key": "k"})
    page = client.get(address)
    assert "Lý Thị Mới" in page.content.decode()
    assert page.context["submission_key"] == "k"
    with clock.at(clock.today() + timedelta(days=2)):
        assert "Lý Thị Mới" not in client.get(address).content.decode()
    client.post(address, {**IDEA, **WHO, "submission_key": "k"})
    assert "Lý Thị Mới" not in client.get(address).content.decode()


def test_a_late_save_of_a_visitor_brings_no_older_words_back(client, address):
    first = {"title": "Xe đẩy", "name": "Lý Thị Mới", "submission_key": "k", "revision": "0"}
    newer = {**first, "title": "Xe đẩy thuốc"}
    assert client.post(f"{address}tu-luu/", newer).json()["revision"] == 1
    assert client.post(f"{address}tu-luu/", first).json()["stale"] is True  # cut on its way, it comes now
    page = client.get(address)
    assert (page.context["revision"], page.context["form"].initial["title"]) == (1, "Xe đẩy thuốc")
    newest = {**first, "title": "Xe đẩy thuốc ba tầng"}  # the answer to `newer` was lost
    assert client.post(f"{address}tu-luu/", newest).json()["stale"] is True
    assert client.post(f"{address}tu-luu/", {**newest, "own": urlencode(newer)}).json()["revision"] == 2
    assert client.get(address).context["form"].initial["title"] == "Xe đẩy thuốc ba tầng"


def test_a_device_said_to_be_shared_keeps_nothing(client, address):
    client.post(f"{address}tu-luu/", {"title": "Xe đẩy", "name": "Lý Thị Mới", "submission_key": "k"})
    answer = client.post(f"{address}tu-luu/", {"name": "Lý Thị Mới", "shared": "1", "submission_key": "k"})
    assert "không lưu nháp" in answer.json()["sentence"]
    assert "Lý Thị Mới" not in client.get(address).content.decode()


def test_a_kiosk_is_set_up_by_an_officer_and_starts_anew_for_each_worker(cast, sign_in, programme, address):
    place = [programme.code, "TB-YT-01"]
    assert sign_in(cast.lan).get(reverse("portal:kiosk", args=place)).status_code == 404
    assert sign_in(cast.an).get(reverse("portal:kiosk", args=place)).status_code == 403
    device = sign_in(cast.binh)
    assert "máy dùng chung" in device.get(reverse("portal:kiosk", args=place)).content.decode()
    assert device.post(reverse("portal:kiosk", args=place)).url == address
    blank = device.get(address)  # the officer is signed out
    assert 'data-kiosk="90"' in blank.content.decode()
    assert blank.headers["Cache-Control"] == "no-store"
    device.post(f"{address}tu-luu/", {"name": "Lý Thị Mới", "submission_key": "k"})
    done = device.post(address, {**IDEA, **WHO, "submission_key": "k"}, follow=True)
    claim = done.context["claim"]
    assert claim
    assert "Lý Thị Mới" not in device.get(address).content.decode()
    back = device.get(reverse("portal:quick-done"))  # the next worker presses back
    assert back.url == address
    device.post(reverse("portal:kiosk-stop"))
    assert "data-kiosk=" not in device.get(address).content.decode()


def test_a_kiosk_offers_nobody_anothers_name_and_lets_nobody_stay_signed_in(cast, sign_in, programme, address):
    device = sign_in(cast.binh)
    device.post(reverse("portal:kiosk", args=[programme.code, "TB-YT-01"]))
    words = device.get(address).content.decode()
    assert 'autocomplete="name"' not in words
    assert 'autocomplete="tel"' not in words
    assert reverse("shell:login") not in words
    device.force_login(cast.an.account)
    assert device.get(address).status_code == 200
    assert not device.get(address).wsgi_request.user.is_authenticated


def test_a_kiosk_needs_a_union_that_takes_filings_without_an_account(cast, sign_in, programme):
    lan = sign_in(cast.lan)
    place = reverse("portal:kiosk", args=[programme.code, "TB-YT-02"])
    assert "chưa dùng được máy chung" in lan.get(place).content.decode()
    assert lan.post(place).status_code == 422


def test_a_union_that_wants_signing_in_says_so(client, cast, programme):
    address = reverse("portal:quick", args=[programme.code, "TB-YT-02"])
    words = client.get(address).content.decode()
    assert "nhận sáng kiến từ người đã đăng nhập" in words
    client.post(address, {**IDEA, **WHO, "submission_key": "k"})
    assert not Initiative.objects.exists()


def test_a_member_goes_to_the_own_form(cast, sign_in, programme, address):
    answer = sign_in(cast.an).get(address)
    assert answer.url == f"{reverse('member:file')}?chuong-trinh={programme.code}"
    assert programme.short_name in page_of(sign_in(cast.an), "member:file")


def test_wrong_codes_do_not_exist(client, programme, open_unit):
    for codes in (("CT-SAI", open_unit.code), (programme.code, "SAI"), (programme.code, "NT-KCN-01")):
        assert client.get(reverse("portal:quick", args=codes)).status_code == 404
    assert client.get(reverse("portal:quick-done")).status_code == 404
