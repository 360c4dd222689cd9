"""Knocking at the door: slowed, never locked; nobody learns who exists; a session is one's own."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.conftest import PASSWORD
from thidua.accounts import queries
from thidua.accounts.domain import delays, sign_ins
from thidua.accounts.models import Delay, Device, SignIn
from thidua.ledger.models import Act

WRONG = "Không đúng. Hãy kiểm tra"
WAIT = "hãy đợi"


def fail(knock, who, times, **how):
    for _attempt in range(times):
        page = knock(who, "sai", **how)
    return page


def test_five_slips_cost_nothing_the_next_waits_and_the_wait_doubles(cast, knock, later):
    with later():
        assert WRONG in fail(knock, "0900000001", 6).content.decode()
        page = knock("0900000001", PASSWORD)
        assert page.status_code == 429
        assert "hãy đợi 10 giây" in page.content.decode()
    with later(seconds=11):
        assert WRONG in knock("0900000001", "sai").content.decode()
        assert "hãy đợi 20 giây" in knock("0900000001", PASSWORD).content.decode()
    with later(seconds=35):
        assert knock("0900000001", PASSWORD).status_code == 302
        assert WRONG in fail(knock, "0900000001", 5).content.decode()  # all forgiven


def test_waiting_is_not_prolonged_by_knocking(cast, knock, later):
    with later():
        fail(knock, "0900000001", 20)
    with later(seconds=11):
        assert knock("0900000001", PASSWORD).status_code == 302


def test_failures_are_forgotten_after_an_hour(cast, knock, later):
    with later():
        fail(knock, "0900000001", 5)
    with later(minutes=61):
        assert WRONG in fail(knock, "0900000001", 5).content.decode()


def test_nobody_can_be_locked_out_by_others(cast, knock, later):
    own = Client()
    with later():
        assert knock("0900000001", PASSWORD, client=own).status_code == 302
        for number in range(40):
            knock("0900000001", "sai", network=f"10.1.{number}.1")
        stranger = knock("0900000001", PASSWORD, network="10.9.9.9")
        assert stranger.status_code == 429  # an unknown device waits, a minute at most
        own.post("/dang-xuat/")
        assert knock("0900000001", PASSWORD, client=own, network="10.1.3.1").status_code == 302
    with later(seconds=61):
        assert knock("0900000001", PASSWORD, network="10.9.9.9").status_code == 302


def test_a_code_gets_in_while_the_password_is_attacked(cast, knock, later):
    from thidua.accounts.domain import codes

    with later():
        fail(knock, "0900000001", 30)
        issued = codes.issue(cast.an, by=cast.binh)
        sent = {"code": issued.code, "password": "chim bay qua đồng", "again": "chim bay qua đồng"}
        assert Client().post("/nhan-tai-khoan/", sent, REMOTE_ADDR="10.0.0.1").status_code == 302


def test_one_network_trying_many_names_is_slowed(cast, knock, later):
    with later():
        for number in range(61):
            knock(f"09111{number:05}", "sai")
        assert WAIT in knock("0900000001", PASSWORD).content.decode()
        assert knock("0900000001", PASSWORD, network="10.0.0.2").status_code == 302


def test_an_ipv6_customer_is_one_network():
    assert delays.network_of("2001:db8:1:2:3:4:5:6") == delays.network_of("2001:db8:1:2:ffff::1")
    assert delays.network_of("2001:db8:1:3::1") != delays.network_of("2001:db8:1:2::1")
    assert delays.network_of("::ffff:10.0.0.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "10.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7"), (3, "10.0.0.1")]
)
def test_the_address_is_believed_only_from_ones_own_proxies(rf, settings, proxies, seen):
    from thidua.sites.shell.middleware import NetworkMiddleware

    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.9")
    NetworkMiddleware(lambda _request: None)(request)
    assert request.META["REMOTE_ADDR"] == seen


def test_the_table_of_delays_names_nobody_and_is_swept(cast, knock, later):
    knock("0900000001", "sai")
    kept = " ".join(Delay.objects.values_list("key", flat=True))
    assert "0900000001" not in kept
    with later(days=2):
        assert delays.sweep() == 3


def test_known_and_unknown_names_get_the_same_answer(cast, knock):
    cast.lan.account.is_active = False
    cast.lan.account.save()
    pages = [
        knock(who, password, network=f"10.0.0.{number}")
        for number, (who, password) in enumerate(
            [("0900000001", "sai"), ("0999999999", "sai"), ("khong@co.vn", "sai"), ("0900000005", PASSWORD)]
        )
    ]

    def shown(page, who):
        body = page.content.decode()
        for token in (who, str(page.context["csrf_token"])):
            body = body.replace(token, "")
        return page.status_code, len(body), WRONG in body

    whos = ["0900000001", "0999999999", "khong@co.vn", "0900000005"]
    assert len({shown(page, who) for page, who in zip(pages, whos, strict=True)}) == 1


def test_known_and_unknown_names_cost_the_same_hash(cast, knock, monkeypatch):
    """What is hashed dwarfs what is looked up: the same number of hashes takes the same time."""
    hashed = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    def cost(who, network):
        hashed.clear()
        knock(who, "sai", network=network)
        return list(hashed)

    assert cost("0900000001", "10.2.0.1") == cost("0999999999", "10.3.0.1") == ["sai"]


def test_a_wait_does_not_tell_that_two_names_are_one_person(cast, knock, later):
    with later():
        fail(knock, "0900000001", 8)
        assert WRONG in knock("DV001", "sai").content.decode()


def test_signing_in_is_on_the_ledger_and_slowing_too(cast, knock, later):
    with later():
        knock("0900000001", PASSWORD)
        fail(knock, "0900000003", 7)
    kinds = list(Act.objects.filter(kind__startswith="accounts.sign_in").values_list("kind", "subject_label"))
    assert kinds == [
        ("accounts.sign_in.succeeded", "Nguyễn Thị An"),
        ("accounts.sign_in.slowed", "Lê Thanh Bình"),
    ]


def test_the_person_is_told_of_a_new_device_but_not_of_the_first_nor_of_a_known_one(cast, knock):
    first, second = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/140"), Client()
    knock("0900000001", PASSWORD, client=first)
    assert not cast.an.notices.exists()
    first.post("/dang-xuat/")
    knock("0900000001", PASSWORD, client=first)
    assert not cast.an.notices.exists()
    knock("0900000001", PASSWORD, client=second)
    assert "thiết bị mới" in cast.an.notices.get().headline
    assert Device.objects.filter(name="Chrome trên Android").count() == 1


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari trên iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge trên Windows"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/120 Mobile Safari/537 Zalo android", "Zalo trên Android"),
        ("", "Trình duyệt"),
    ],
)
def test_a_device_is_named_for_people(line, name):
    assert sign_ins.device_name(line) == name


def test_a_session_planted_before_signing_in_is_worth_nothing(cast, knock):
    client = Client()
    client.get("/dang-nhap/?next=/toi/")
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    knock("0900000001", PASSWORD, client=client)
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/toi/").status_code == 302


def test_every_form_of_signing_in_needs_its_token(cast):
    client = Client(enforce_csrf_checks=True)
    for address in ("/dang-nhap/", "/nhan-tai-khoan/", "/dang-xuat/", "/mat-khau/"):
        assert client.post(address, {"username": "0900000001", "password": PASSWORD}).status_code == 403, address


@pytest.mark.parametrize("wanted", ["https://xau.example/", "//xau.example", r"/\xau.example", "javascript:alert(1)"])
def test_one_is_not_sent_away(cast, wanted):
    client = Client()
    sent = client.post("/dang-nhap/", {"username": "0900000001", "password": PASSWORD, "next": wanted})
    assert sent.url == "/bat-dau/"
    assert client.get("/dang-nhap/", {"next": wanted}).url == "/bat-dau/"


def test_signing_out_ends_the_session_and_its_line(cast, knock):
    client = Client()
    knock("0900000001", PASSWORD, client=client)
    assert queries.sign_ins(cast.an.account).count() == 1
    client.post("/dang-xuat/")
    assert not SignIn.objects.exists()
    assert client.get("/toi/").status_code == 302


def test_a_changed_password_signs_out_everywhere_else(cast, knock):
    here, there = Client(), Client()
    knock("0900000001", PASSWORD, client=here)
    knock("0900000001", PASSWORD, client=there)
    new = "chim bay qua đồng"
    here.post("/mat-khau/", {"old_password": PASSWORD, "password": new, "again": new})
    assert here.get("/toi/").status_code == 200
    assert there.get("/toi/").status_code == 302
    assert [row.session_key for row in SignIn.objects.all()] == [here.session.session_key]


def test_the_last_use_is_kept_to_the_quarter_of_an_hour(cast, knock, later):
    client = Client()
    with later():
        knock("0900000001", PASSWORD, client=client)
    began = SignIn.objects.get().last_used_at
    with later(minutes=10):
        client.get("/toi/")
    assert SignIn.objects.get().last_used_at == began
    with later(minutes=16):
        client.get("/toi/")
    assert SignIn.objects.get().last_used_at > began


def test_whoever_must_change_the_password_is_asked_to(cast, knock):
    cast.an.account.must_change_password = True
    cast.an.account.save()
    assert knock("0900000001", PASSWORD).url == "/mat-khau/"
