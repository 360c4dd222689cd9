"""One's own profile, and all that is stored about oneself."""

import io
import json
import re
import zipfile

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from PIL import Image

from tests.accounts.conftest import PASSWORD
from tests.initiatives.test_dossiers import IDEA, WHOLE
from thidua.documents.choices import Purpose
from thidua.initiatives.domain import attachments, dossiers
from thidua.people.models import Account, Person
from thidua.sites.member import own_records


@pytest.fixture
def an(cast, knock):
    client = Client()
    knock("0900000001", PASSWORD, client=client)
    return client


@pytest.fixture
def posting(settings):
    settings.EMAIL_HOST = "localhost"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_a_new_telephone_number_signs_in_and_the_old_no_longer(cast, an, knock):
    assert an.post("/toi/ca-nhan/dien-thoai/", {"phone": "091 234 5678"}).url == "/toi/ca-nhan/"
    assert knock("0912345678", PASSWORD).status_code == 302
    assert knock("0900000001", PASSWORD).status_code == 200
    cast.an.refresh_from_db()
    assert "0912345678" in cast.an.search
    assert cast.an.account.preference.own_phone == "0912345678"
    assert cast.an.notices.filter(headline__contains="Số điện thoại").exists()


@pytest.mark.parametrize(("typed", "sentence"), [("0900000003", "đang ghi cho người khác"), ("12345", "cần 10 chữ số")])
def test_a_number_that_will_not_do_comes_back_with_the_reason(cast, an, typed, sentence):
    page = an.post("/toi/ca-nhan/dien-thoai/", {"phone": typed})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert f'value="{typed}"' in page.content.decode()


def test_trying_out_whose_numbers_exist_is_slowed(cast, an):
    for _attempt in range(11):
        an.post("/toi/ca-nhan/dien-thoai/", {"phone": "0900000003"})
    assert an.post("/toi/ca-nhan/dien-thoai/", {"phone": "0900000003"}).status_code == 429


def test_an_address_counts_once_its_code_has_come_back(cast, an, posting):
    an.post("/toi/ca-nhan/email/", {"email": "An.Nguyen@example.vn"})
    assert mail.outbox[0].to == ["an.nguyen@example.vn"]
    code = re.search(r"\d{6}", mail.outbox[0].body)[0]
    cast.an.refresh_from_db()
    assert cast.an.email is None
    assert an.post("/toi/ca-nhan/email/", {"code": "000000" if code != "000000" else "1"}).status_code == 422
    assert an.post("/toi/ca-nhan/email/", {"code": code}).url == "/toi/ca-nhan/"
    cast.an.refresh_from_db()
    assert cast.an.email == "an.nguyen@example.vn"


def test_five_wrong_codes_or_an_hour_end_it(cast, an, posting, later):
    an.post("/toi/ca-nhan/email/", {"email": "an@example.vn"})
    code = re.search(r"\d{6}", mail.outbox[0].body)[0]
    for _attempt in range(5):
        an.post("/toi/ca-nhan/email/", {"code": "x"})
    assert "xin mã mới" in an.post("/toi/ca-nhan/email/", {"code": code}).content.decode()
    an.post("/toi/ca-nhan/email/thoi/")
    assert "Gửi mã" in an.get("/toi/ca-nhan/email/").content.decode()


def test_asking_for_an_address_does_not_tell_whether_somebody_has_it(cast, an, posting):
    cast.binh.email = "binh@example.vn"
    cast.binh.save()
    assert an.post("/toi/ca-nhan/email/", {"email": "binh@example.vn"}).url == "/toi/ca-nhan/email/"
    code = re.search(r"\d{6}", mail.outbox[0].body)[0]
    assert "đang ghi cho người khác" in an.post("/toi/ca-nhan/email/", {"code": code}).content.decode()


def test_without_a_mail_server_the_page_says_whom_to_ask(cast, an):
    assert "chưa gửi được email" in an.get("/toi/ca-nhan/email/").content.decode()


def test_the_language_comes_along_to_another_device(cast, an, knock):
    an.post("/toi/ca-nhan/ngon-ngu/", {"language": "en"})
    other = Client()
    assert knock("0900000001", PASSWORD, client=other).cookies["django_language"].value == "en"
    assert an.post("/toi/ca-nhan/ngon-ngu/", {"language": "xx"}).status_code == 422


def opened(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, "png")
    return made.getvalue()


def test_everything_about_me_to_take_away(cast, an):
    initiative = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **IDEA, **WHOLE)
    attachments.attach(initiative, picture(), "ảnh xe đẩy.png", Purpose.PHOTO_AFTER, by=cast.an)
    assert "ZIP" in an.get("/toi/ca-nhan/du-lieu/").content.decode()
    packed = opened(an.post("/toi/ca-nhan/du-lieu/"))
    told = json.loads(packed.read("du-lieu.json"))
    assert told["people.Person"]["rows"][0]["full_name"] == "Nguyễn Thị An"
    assert told["initiatives.Initiative"]["rows"][0]["title"] == IDEA["title"]
    assert told["accounts.SignIn"]["title"] == "Phiên đang đăng nhập"
    assert "đã" not in told["ledger.Act"]["rows"][0]["kind"]
    readable = packed.read("doc-du-lieu.html").decode()
    assert IDEA["title"] in readable
    assert "<script" not in readable
    [sent] = [name for name in packed.namelist() if name.startswith("tep/")]
    assert sent.startswith(f"tep/{initiative.code}/001-")
    assert len(packed.read(sent)) > 50


def test_no_secret_and_nobody_else_is_in_it(cast, an, knock):
    dossiers.start(cast.binh, cast["TB-YT-01"], by=cast.binh, **{**IDEA, "title": "Việc riêng của Bình"})
    packed = opened(an.post("/toi/ca-nhan/du-lieu/"))
    whole = packed.read("du-lieu.json").decode()
    assert "Việc riêng của Bình" not in whole
    assert cast.binh.phone not in whole
    assert cast.an.account.password not in whole
    assert an.session.session_key not in whole


def test_no_table_that_points_to_a_person_is_forgotten(cast):
    pointing = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model in (Person, Account)
    }
    followed = {model for model, _rows in own_records._sources(cast.an)}
    assert len(pointing) > 15
    assert pointing - followed == set()


def test_it_is_not_given_to_a_session_left_open(cast, knock, later):
    client = Client()
    with later():
        knock("0900000001", PASSWORD, client=client)
    with later(minutes=20):
        assert client.get("/toi/ca-nhan/du-lieu/").url == "/bao-mat/xac-nhan/?next=/toi/ca-nhan/du-lieu/"
        assert client.post("/toi/ca-nhan/du-lieu/").status_code == 302
        assert client.post("/toi/ca-nhan/dien-thoai/", {"phone": "0912345678"}).status_code == 302
