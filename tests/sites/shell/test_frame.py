"""Signing in and out, the frame of the pages, and what a person sees when something is refused."""

import json
import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from thidua.kernel import installation
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.notify import outbox
from thidua.sites.shell import faults
from thidua.sites.shell.answers import download
from thidua.sites.shell.middleware import RefusalMiddleware

PASSWORD = "mat-khau-2022"


@pytest.fixture
def binh(cast):
    account = cast.binh.account
    account.set_password(PASSWORD)
    account.save()
    return cast.binh


def enter(client, who, **more):
    return client.post(reverse("shell:login"), {"username": who, "password": PASSWORD, **more})


@pytest.mark.parametrize("written", ["0900000003", "090 000 0003", "+84900000003"])
def test_one_signs_in_with_the_phone_number_as_one_writes_it(client, binh, written):
    assert enter(client, written).url == reverse("shell:home")


def test_a_wrong_password_says_what_to_check_and_keeps_the_name(client, binh):
    page = client.post(reverse("shell:login"), {"username": "0900000003", "password": "sai"}).content.decode()
    assert "Hãy kiểm tra số điện thoại, mã đoàn viên hoặc email, và mật khẩu." in page
    assert 'value="0900000003"' in page
    assert "sai" not in re.findall(r'value="([^"]*)"', page)


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [("/van-phong/sang-kien/", "/van-phong/sang-kien/"), ("https://xau.example/", None), ("//xau.example", None)],
)
def test_after_signing_in_one_stays_on_this_site(client, binh, asked, sent_to):
    assert enter(client, "0900000003", next=asked).url == (sent_to or reverse("shell:home"))


def test_officers_start_at_their_desk_and_members_at_their_page(cast, sign_in):
    assert sign_in(cast.binh).get(reverse("shell:home")).url == reverse("office:todo")
    assert sign_in(cast.an).get(reverse("shell:home")).url == reverse("member:home")


def test_signing_out_needs_a_post_and_is_offered_in_both_frames(cast, sign_in):
    client = sign_in(cast.binh)
    assert client.get(reverse("shell:logout")).status_code == 405
    for page in ("office:todo", "member:home", "portal:home"):
        assert f'action="{reverse("shell:logout")}"' in client.get(reverse(page)).content.decode()
    client.post(reverse("shell:logout"))
    assert client.get(reverse("office:todo")).url.startswith(reverse("shell:login"))


def test_a_changed_password_is_said(client, binh):
    enter(client, "0900000003")
    new = "Sang-Kien-Moi-88"
    sent = client.post(
        reverse("shell:password"), {"old_password": PASSWORD, "password": new, "again": new}, follow=True
    )
    assert "Đã đổi mật khẩu" in sent.content.decode()
    binh.account.refresh_from_db()
    assert binh.account.check_password(new)


def test_one_works_only_at_ones_own_posts(cast, sign_in):
    client = sign_in(cast.binh)
    others = cast.lan.posts.get()
    client.post(reverse("shell:switch-desk"), {"post": others.pk})
    assert client.get(reverse("office:todo")).context["desk_unit"] == cast["TB-YT-01"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [("binh", 7), ("minh", 7), ("quy", 3)],
)
def test_the_menu_shows_what_the_role_may_open(cast, sign_in, who, seen):
    menu = sign_in(getattr(cast, who)).get(reverse("office:todo")).context["office_menu"]
    assert len(menu) == seen
    assert [str(link.label) for link in menu if link.is_current] == ["Việc cần làm"]


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("office:plans", "Chương trình & chỉ tiêu"),
        ("office:initiatives", "Sáng kiến"),
        ("office:awards", "Khen thưởng"),
    ],
)
def test_a_page_marks_the_item_it_belongs_to(cast, sign_in, page, marked):
    menu = sign_in(cast.binh).get(reverse(page)).context["office_menu"]
    assert [str(link.label) for link in menu if link.is_current] == [marked]


def test_the_demonstration_and_its_day_are_said_on_every_frame(cast, sign_in, today):
    installation.set_demonstration(is_demonstration=True, clock_on=today)
    client = sign_in(cast.binh)
    for page in ("office:todo", "member:home", "portal:home", "shell:password"):
        shown = client.get(reverse(page)).content.decode()
        assert "đồng hồ đứng tại 20/05/2022" in shown
        assert shown.count("<main id=") == 1
        assert 'href="#main"' in shown
    installation.set_demonstration(is_demonstration=False, clock_on=None)
    assert "demo-banner" not in client.get(reverse("portal:home")).content.decode()


def test_drafts_on_a_shared_phone_are_kept_apart(cast, sign_in):
    for person in (cast.an, cast.dung):
        assert f'data-person="{person.pk}"' in sign_in(person).get(reverse("member:home")).content.decode()
    assert "data-person" not in Client().get(reverse("portal:home")).content.decode()


def test_the_language_is_switched_and_one_stays_where_one_was(client, db):
    sent = client.post(reverse("shell:language"), {"language": "en", "next": "/thu-vien/"})
    assert sent.url == "/thu-vien/"
    assert '<html lang="en">' in client.get("/thu-vien/").content.decode()


def test_notices_are_ones_own(cast, sign_in):
    outbox.tell([cast.an], "initiatives.returned.author", about=cast["TB-YT-01"], headline="Cần bổ sung ảnh", body="")
    notice = outbox.inbox(cast.an).get()
    assert "Cần bổ sung ảnh" in sign_in(cast.an).get(reverse("shell:notices")).content.decode()
    assert "Cần bổ sung ảnh" not in sign_in(cast.dung).get(reverse("shell:notices")).content.decode()
    sign_in(cast.dung).post(reverse("shell:notice", args=[notice.pk]))
    assert outbox.unread_count(cast.an) == 1
    sign_in(cast.an).post(reverse("shell:notice", args=[notice.pk]))
    assert outbox.unread_count(cast.an) == 0


def test_officers_read_notices_in_their_own_frame(cast, sign_in):
    assert 'body class="office"' in sign_in(cast.binh).get(reverse("shell:notices")).content.decode()
    assert 'body class="member"' in sign_in(cast.an).get(reverse("shell:notices")).content.decode()


def test_health_answers_for_the_database(client, db, monkeypatch):
    assert json.loads(client.get(reverse("shell:health")).content) == {"status": "ok"}

    def broken(*_args):
        raise DatabaseError

    monkeypatch.setattr("thidua.sites.shell.middleware.installation.current", broken)
    monkeypatch.setattr("thidua.sites.shell.views.connection", SimpleNamespace(cursor=broken))
    assert client.get(reverse("shell:health")).status_code == 503


def test_search_engines_stay_out_of_the_rooms(client, db):
    assert b"Disallow: /van-phong/" in client.get("/robots.txt").content


@pytest.mark.parametrize(("fault", "status"), [(Refused, 422), (Forbidden, 403), (Stale, 409)])
def test_a_refusal_is_its_sentence(rf, db, fault, status):
    request = rf.post("/")
    request.htmx = False
    request._messages = []
    page = RefusalMiddleware(lambda _: None).process_exception(request, fault("Còn thiếu <b>ảnh</b>."))
    assert page.status_code == status
    shown = page.content.decode()
    assert "Còn thiếu &lt;b&gt;ảnh&lt;/b&gt;." in shown
    assert "data-back" in shown
    assert "HX-Request" in page["Vary"]


def test_other_faults_are_not_hidden(rf):
    assert RefusalMiddleware(lambda _: None).process_exception(rf.get("/"), ValueError()) is None


@pytest.mark.parametrize(
    ("fault", "words"), [(RequestDataTooBig(), "tối đa 3 MB"), (TooManyFilesSent(), "chia thành nhiều lần gửi")]
)
def test_too_much_at_once_names_the_limit(rf, fault, words):
    page = faults.bad_request(rf.post("/"), fault)
    assert page.status_code == 413
    assert words in page.content.decode()


def test_too_much_text_reaches_that_page(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    sent = client.post(reverse("shell:login"), {"username": "x" * 2_000_000})
    assert sent.status_code == 413
    assert "tối đa 1 MB" in sent.content.decode()


@pytest.mark.parametrize(("code", "words"), [("400", "tải lại trang"), ("500", "đã được ghi lại")])
def test_error_pages_need_neither_request_nor_database(code, words):
    from django.template import loader

    with translation.override("vi"):
        page = loader.get_template(f"{code}.html").render()
    assert words in page
    assert f'<p class="error-code">{code}</p>' in page


def test_unknown_pages_and_expired_forms_say_what_to_do(db):
    client = Client(enforce_csrf_checks=True)
    assert "Không tìm thấy trang này" in client.get("/khong-co/").content.decode()
    refused = client.post(reverse("shell:login"), {"username": "a"})
    assert refused.status_code == 403
    assert "gửi lần nữa; nội dung đã nhập vẫn còn" in refused.content.decode()


def test_a_download_keeps_its_vietnamese_name_and_runs_nothing():
    sent = download(b"x", 'Báo cáo "sơ kết".html', "text/html", inline=True)
    assert "filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%22s%C6%A1%20k%E1%BA%BFt%22.html" in sent["Content-Disposition"]
    assert re.search(r'filename="[^"]*"', sent["Content-Disposition"])
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent["Content-Security-Policy"]


def test_a_part_is_answered_only_to_the_page_that_asks_for_it(db):
    from thidua.sites.shell.answers import answer

    def shown(**headers):
        request = RequestFactory().get("/", headers=headers)
        from django_htmx.middleware import HtmxDetails

        request.htmx = HtmxDetails(request)
        request._messages = []
        return answer(request, "shell/refused.html", {"sentence": "S", "status": 422}, partial="shell/_refused.html")

    assert "<html" in shown().content.decode()
    assert "<html" not in shown(**{"HX-Request": "true"}).content.decode()
    assert "<html" in shown(**{"HX-Request": "true", "HX-Boosted": "true"}).content.decode()
