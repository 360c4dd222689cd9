"""OpenID Connect against a real provider process (oidc-provider-mock) on this machine."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from tests.accounts.conftest import PASSWORD
from tests.cast import SINCE
from thidua.accounts.domain import one_time_passwords as otp
from thidua.accounts.domain import second_steps
from thidua.accounts.models import Preference, ProviderLink
from thidua.config import providers as configuration
from thidua.kernel import clock
from thidua.ledger.models import Act
from thidua.people.domain import rosters
from thidua.people.models import Account

ENVIRONMENT = {
    "THIDUA_OIDC": "co-quan,khac",
    "THIDUA_OIDC_CO_QUAN_CLIENT_ID": "thidua",
    "THIDUA_OIDC_CO_QUAN_CLIENT_SECRET": "x",
    "THIDUA_OIDC_CO_QUAN_LABEL": "Sở Y tế",
    "THIDUA_OIDC_CO_QUAN_MATCH": "email,phone,code",
    "THIDUA_OIDC_CO_QUAN_CODE_CLAIM": "union_code",
    "THIDUA_OIDC_KHAC_CLIENT_ID": "thidua",
    "THIDUA_OIDC_KHAC_CLIENT_SECRET": "x",
}


@pytest.fixture(scope="module")
def issuer():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def provider(issuer, settings, cast):
    addresses = {"THIDUA_OIDC_CO_QUAN_ISSUER": issuer, "THIDUA_OIDC_KHAC_ISSUER": issuer}
    settings.OIDC_PROVIDERS = configuration.from_environment(ENVIRONMENT | addresses)
    cast.an.email = "an@benhvien.example.vn"
    cast.an.save()
    return issuer


def agree(provider: str, there: str, subject: str, **claims) -> str:
    """At the provider: the person is who they are and says yes. Gives the way back."""
    requests.put(f"{provider}/users/{subject}", json=claims, timeout=5).raise_for_status()
    sent = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert sent.status_code == 302, sent.text
    parts = urlsplit(sent.headers["Location"])
    return f"{parts.path}?{parts.query}"


def come(provider: str, subject: str, *, client: Client | None = None, start="/dang-nhap/qua/co-quan/", **claims):
    client = client or Client()
    there = client.get(start).url
    assert there.startswith(f"{provider}/oauth2/authorize")
    return client, client.get(agree(provider, there, subject, **claims))


def refusal(page) -> str:
    assert page.status_code == 422
    return page.content.decode()


def test_a_verified_address_signs_in_and_is_linked(provider, cast):
    client, page = come(provider, "u1", email="AN@benhvien.example.vn", email_verified=True)
    assert page.url == "/bat-dau/"
    assert client.get("/toi/").context["person"] == cast.an
    assert ProviderLink.objects.get().subject == "u1"
    assert Act.objects.filter(kind="accounts.provider.linked").count() == 1
    # The address changes hands: the link holds, and the address no longer counts.
    _other, page = come(provider, "u1", email="khac@benhvien.example.vn", email_verified=True)
    assert page.url == "/bat-dau/"
    _stranger, page = come(provider, "u2", email="an@benhvien.example.vn", email_verified=True)
    assert "đã liên kết một tài khoản Sở Y tế khác" in refusal(page)


@pytest.mark.parametrize(
    ("claims", "who"),
    [
        ({"phone_number": "+84900000003", "phone_number_verified": True}, "binh"),
        ({"union_code": "dv004"}, "chi"),
    ],
)
def test_a_verified_phone_number_or_the_member_code(provider, cast, claims, who):
    client, page = come(provider, f"by-{who}", **claims)
    assert page.status_code == 302
    assert client.get("/toi/").context["person"] == getattr(cast, who)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "an@benhvien.example.vn"},
        {"email": "an@benhvien.example.vn", "email_verified": False},
        {"email": "an@benhvien.example.vn", "email_verified": "false"},
        {"phone_number": "+84900000003"},
        {"email": "khong.ai@example.vn", "email_verified": True},
        # Two claims that mean two people mean nobody.
        {"email": "an@benhvien.example.vn", "email_verified": True, "union_code": "DV003"},
        {},
    ],
)
def test_what_is_unverified_or_unknown_does_not_get_in(provider, cast, claims):
    client, page = come(provider, "nobody", **claims)
    assert "chưa gắn với ai trong danh sách" in refusal(page)
    assert client.get("/toi/").status_code == 302
    assert not ProviderLink.objects.exists()
    assert Account.objects.count() == len(cast.people)


def test_a_phone_number_one_has_only_stated_proves_nothing(provider, cast):
    Preference.objects.create(account=cast.binh.account, own_phone=cast.binh.phone)
    _client, page = come(provider, "u3", phone_number="+84900000003", phone_number_verified=True)
    assert "chưa gắn với ai" in refusal(page)


def test_only_the_ways_its_operator_allows(provider, cast):
    claims = {"phone_number": "+84900000003", "phone_number_verified": True}
    _client, page = come(provider, "u4", start="/dang-nhap/qua/khac/", **claims)
    assert "chưa gắn với ai" in refusal(page)


def test_whoever_has_left_or_is_closed_does_not_get_in(provider, cast, today):
    cast.an.account.is_active = False
    cast.an.account.save()
    claims = {"email": "an@benhvien.example.vn", "email_verified": True}
    assert "đã bị khoá" in refusal(come(provider, "u5", **claims)[1])
    cast.an.left_on = today
    cast.an.save()
    assert "chưa gắn với ai" in refusal(come(provider, "u5", **claims)[1])


def test_somebody_on_the_roster_without_an_account_gets_one_without_a_password(provider, cast):
    may = rosters.enter(
        "Lý Thị Mây", cast["TB-YT-01"], email="may@bv.example.vn", code="DV777", since=SINCE, by=cast.binh
    )
    client, page = come(provider, "u6", email="may@bv.example.vn", email_verified=True)
    assert page.status_code == 302
    account = Account.objects.get(person=may)
    assert not account.has_usable_password()
    link = ProviderLink.objects.get()
    assert "Hãy đặt mật khẩu trước" in client.post(f"/bao-mat/lien-ket/{link.pk}/bo/").content.decode()
    new = {"password": "chim bay qua đồng", "again": "chim bay qua đồng"}
    assert client.post("/mat-khau/", new).status_code == 302
    assert client.post(f"/bao-mat/lien-ket/{link.pk}/bo/").status_code == 302
    assert not ProviderLink.objects.exists()


def test_linking_after_signing_in(provider, cast, knock, later):
    client = Client()
    knock("0900000001", PASSWORD, client=client)
    assert "Liên kết Sở Y tế" in client.get("/bao-mat/").content.decode()
    _client, page = come(provider, "u7", client=client, start="/bao-mat/lien-ket/co-quan/", email="rieng@example.vn")
    assert page.url == "/bao-mat/"
    assert ProviderLink.objects.get().account == cast.an.account
    fresh, page = come(provider, "u7", email="rieng@example.vn")
    assert fresh.get("/toi/").context["person"] == cast.an
    other = Client()
    knock("0900000003", PASSWORD, client=other)
    _other, page = come(provider, "u7", client=other, start="/bao-mat/lien-ket/co-quan/")
    assert "đã liên kết với một người khác" in page.content.decode()
    with later(minutes=20):
        assert client.get("/bao-mat/lien-ket/co-quan/").url.startswith("/bao-mat/xac-nhan/")


def test_the_second_step_is_taken_here_all_the_same(provider, cast):
    secret = otp.new_secret()
    second_steps.add_app(cast.an.account, secret, otp.at_counter(secret, int(clock.running().timestamp()) // 30))
    client, page = come(provider, "u8", email="an@benhvien.example.vn", email_verified=True)
    assert page.url == "/dang-nhap/buoc-hai/"
    assert client.get("/toi/").status_code == 302


def state_of(client: Client) -> tuple[str, dict]:
    return next((key, value) for key, value in client.session.items() if key.startswith("_state_co-quan_"))


def test_an_answer_to_another_question_is_refused(provider, cast):
    claims = {"email": "an@benhvien.example.vn", "email_verified": True}
    failed = "không thành: hãy thử lại từ đầu"
    client = Client()
    way_back = agree(provider, client.get("/dang-nhap/qua/co-quan/").url, "u9", **claims)
    # Sent to a victim's browser, which never asked.
    assert failed in refusal(Client().get(way_back))
    # With a state made up.
    made_up = way_back.replace(parse_qs(urlsplit(way_back).query)["state"][0], "bia-dat")
    assert failed in refusal(client.get(made_up))
    # Brought to the address of another provider.
    assert failed in refusal(client.get(way_back.replace("/co-quan/", "/khac/")))
    # With the nonce of another sign-in.
    session = client.session
    key, kept = state_of(client)
    session[key] = kept | {"data": kept["data"] | {"nonce": "cua-lan-khac"}}
    session.save()
    assert failed in refusal(client.get(way_back))
    assert client.get("/toi/").status_code == 302
    assert not ProviderLink.objects.exists()


def test_the_question_carries_state_nonce_and_challenge(provider, cast):
    client = Client()
    there = client.get("/dang-nhap/qua/co-quan/").url
    question = parse_qs(urlsplit(there).query)
    assert question["code_challenge_method"] == ["S256"]
    assert question["nonce"][0]
    assert question["state"][0]


def test_an_answer_works_once(provider, cast):
    client = Client()
    claims = {"email": "an@benhvien.example.vn", "email_verified": True}
    way_back = agree(provider, client.get("/dang-nhap/qua/co-quan/").url, "u10", **claims)
    assert client.get(way_back).status_code == 302
    client.post("/dang-xuat/")
    assert client.get(way_back).status_code == 422


def test_a_token_signed_by_somebody_else_is_refused(provider, cast, monkeypatch):
    from authlib.integrations.django_client import DjangoOAuth2App
    from joserfc.jwk import KeySet, RSAKey

    foreign = KeySet([RSAKey.generate_key(2048, {"kid": "k", "use": "sig", "alg": "RS256"})]).as_dict()
    monkeypatch.setattr(DjangoOAuth2App, "fetch_jwk_set", lambda self, force=False: foreign)
    _client, page = come(provider, "u11", email="an@benhvien.example.vn", email_verified=True)
    assert "không thành" in refusal(page)


def test_saying_no_at_the_provider(provider, cast):
    client = Client()
    there = client.get("/dang-nhap/qua/co-quan/").url
    sent = requests.post(there, data={"action": "deny"}, allow_redirects=False, timeout=5)
    parts = urlsplit(sent.headers["Location"])
    assert "không thành" in refusal(client.get(f"{parts.path}?{parts.query}"))


def test_one_arrives_where_one_wanted_but_only_here(provider, cast):
    claims = {"email": "an@benhvien.example.vn", "email_verified": True}
    _client, page = come(provider, "u12", start="/dang-nhap/qua/co-quan/?next=/toi/ca-nhan/", **claims)
    assert page.url == "/toi/ca-nhan/"
    _client, page = come(provider, "u12", start="/dang-nhap/qua/co-quan/?next=//xau.example", **claims)
    assert page.url == "/bat-dau/"


def test_a_provider_that_is_down_is_said_and_an_unknown_one_is_not_there(provider, cast, settings):
    down = ENVIRONMENT | {"THIDUA_OIDC": "co-quan", "THIDUA_OIDC_CO_QUAN_ISSUER": "http://localhost:9"}
    settings.OIDC_PROVIDERS = configuration.from_environment(down)
    assert "không trả lời" in refusal(Client().get("/dang-nhap/qua/co-quan/"))
    assert Client().get("/dang-nhap/qua/khong-co/").status_code == 404
    assert "Đăng nhập qua Sở Y tế" in Client().get("/dang-nhap/").content.decode()


def test_a_half_written_setting_stops_the_start():
    with pytest.raises(SystemExit, match="THIDUA_OIDC_KHAC_ISSUER"):
        configuration.from_environment({"THIDUA_OIDC": "khac"})
    assert configuration.from_environment({}) == {}
