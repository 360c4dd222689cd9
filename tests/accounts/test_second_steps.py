"""Six digits, recovery codes, and for whom they are required."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD
from thidua.accounts.domain import one_time_passwords as otp
from thidua.accounts.domain import second_steps
from thidua.accounts.models import Authenticator, RecoveryCode
from thidua.kernel import clock, installation
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger.models import Act

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" of the RFCs


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_the_vectors_of_rfc_6238(at, code):
    assert otp.at_counter(SEED, at // 30) == code
    assert otp.counter_of(SEED, code, datetime.fromtimestamp(at, UTC)) == at // 30


def code_at(secret, moment=None):
    return otp.at_counter(secret, int((moment or clock.running()).timestamp()) // 30)


@pytest.fixture
def secret(cast):
    """An's app, set up a minute ago."""
    made = otp.new_secret()
    with clock.running_at(clock.running() - timedelta(minutes=1)):
        second_steps.add_app(cast.an.account, made, code_at(made))
    return made


def halfway(knock, who="0900000001"):
    client = Client()
    page = knock(who, PASSWORD, client=client)
    assert page.url == "/dang-nhap/buoc-hai/"
    assert client.get("/toi/").status_code == 302  # not in yet
    return client


def test_the_password_alone_does_not_get_in(cast, secret, knock):
    client = halfway(knock)
    wrong = client.post("/dang-nhap/buoc-hai/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "Mã không đúng" in wrong.content.decode()
    assert (
        client.post("/dang-nhap/buoc-hai/", {"code": f" {code_at(secret)[:3]} {code_at(secret)[3:]}"}).url
        == "/bat-dau/"
    )
    assert client.get("/toi/").status_code == 200


def test_a_code_works_once_even_on_another_device(cast, secret, knock):
    code = code_at(secret)
    assert halfway(knock).post("/dang-nhap/buoc-hai/", {"code": code}).status_code == 302
    assert halfway(knock).post("/dang-nhap/buoc-hai/", {"code": code}).status_code == 422


def test_guessing_six_digits_is_slowed_for_all_devices_together(cast, secret, knock):
    for _attempt in range(6):
        halfway(knock).post("/dang-nhap/buoc-hai/", {"code": "000000"})
    late = halfway(knock).post("/dang-nhap/buoc-hai/", {"code": code_at(secret)})
    assert late.status_code == 429
    with clock.running_at(clock.running() + timedelta(seconds=16)):
        assert halfway(knock).post("/dang-nhap/buoc-hai/", {"code": code_at(secret)}).status_code == 302


def test_standing_halfway_ends_after_ten_minutes_and_with_another_password(cast, secret, knock, later):
    with later():
        client = halfway(knock)
    with later(minutes=11):
        assert client.get("/dang-nhap/buoc-hai/").url == "/dang-nhap/"
    client = halfway(knock)
    cast.an.account.set_password("chim bay qua đồng")
    cast.an.account.save()
    assert client.post("/dang-nhap/buoc-hai/", {"code": code_at(secret)}).url == "/dang-nhap/"


def test_a_slip_does_not_go_round_the_second_step(cast, secret):
    from thidua.accounts.domain import codes

    issued, client = codes.issue(cast.an, by=cast.binh), Client()
    sent = {"code": issued.code, "password": "chim bay qua đồng", "again": "chim bay qua đồng"}
    assert client.post("/nhan-tai-khoan/", sent).url == "/dang-nhap/buoc-hai/"


def test_the_secret_lies_encrypted(cast, secret):
    assert secret not in Authenticator.objects.get().secret


def test_recovery_codes_work_once_each_and_are_kept_as_digests(cast, secret, knock):
    made = second_steps.renew_recovery_codes(cast.an.account)
    assert len(set(made)) == 10
    assert not {code.replace("-", "") for code in made} & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert halfway(knock).post("/dang-nhap/buoc-hai/", {"code": made[0].lower()}).status_code == 302
    assert halfway(knock).post("/dang-nhap/buoc-hai/", {"code": made[0]}).status_code == 422
    assert second_steps.recovery_codes_left(cast.an.account) == 9
    assert cast.an.notices.filter(headline__contains="còn 9 mã").exists()


def test_setting_up_an_app_from_the_page(cast, sign_in, knock):
    client = Client()
    knock("0900000001", PASSWORD, client=client)
    page = client.get("/bao-mat/ung-dung/")
    assert "<svg" in page.content.decode()
    secret = page.context["secret"].replace(" ", "")
    assert client.post("/bao-mat/ung-dung/", {"code": "123"}).status_code == 422
    done = client.post("/bao-mat/ung-dung/", {"code": code_at(secret)})
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", done.content.decode())) == 10
    listed = client.get("/bao-mat/").content.decode()
    assert "ứng dụng xác minh" in listed
    assert "Còn 10 mã dự phòng" in listed
    assert client.post("/bao-mat/ma-du-phong/").status_code == 200
    step = Authenticator.objects.get()
    assert client.post(f"/bao-mat/buoc-hai/{step.pk}/bo/").url == "/bao-mat/"
    assert not Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()
    kinds = [
        kind.rpartition(".")[2]
        for kind in Act.objects.filter(kind__contains="second_step").values_list("kind", flat=True)
    ]
    assert sorted(kinds) == ["added", "removed"]


def test_an_old_session_must_prove_itself_before_it_changes_the_way_in(cast, secret, knock, later):
    client = Client()
    with later():
        knock("0900000002", PASSWORD, client=client)
    with later(minutes=16):
        for address in ("/bao-mat/ung-dung/", "/bao-mat/khoa/"):
            assert client.get(address).url == f"/bao-mat/xac-nhan/?next={address}"
        assert client.post("/bao-mat/ma-du-phong/").url == "/bao-mat/xac-nhan/?next=/bao-mat/"
        assert client.post("/bao-mat/xac-nhan/", {"password": "sai"}).status_code == 422
        sent = {"password": PASSWORD, "next": "//xau.example"}
        assert client.post("/bao-mat/xac-nhan/", sent).url == "/bao-mat/"
        assert client.get("/bao-mat/ung-dung/").status_code == 200


def test_one_cannot_take_away_somebody_elses_step_or_session(cast, secret, knock):
    client, other = Client(), Client()
    knock("0900000002", PASSWORD, client=client)
    knock("0900000003", PASSWORD, client=other)
    step, session = Authenticator.objects.get(), cast.binh.account.sign_ins.get()
    assert client.post(f"/bao-mat/buoc-hai/{step.pk}/bo/").status_code == 422
    assert client.post(f"/bao-mat/phien/{session.pk}/ket-thuc/").status_code == 422
    assert Authenticator.objects.exists()
    assert other.get("/toi/").status_code == 200


def test_sessions_are_listed_and_ended(cast, knock):
    here, there, third = Client(), Client(), Client()
    for client in (here, there, third):
        knock("0900000001", PASSWORD, client=client)
    page = here.get("/bao-mat/")
    assert page.content.decode().count("Thiết bị này") == 1
    other = [row for row in page.context["sign_ins"] if row.session_key == there.session.session_key]
    here.post(f"/bao-mat/phien/{other[0].pk}/ket-thuc/")
    assert there.get("/toi/").status_code == 302
    assert third.get("/toi/").status_code == 200
    here.post("/bao-mat/phien-khac/ket-thuc/")
    assert third.get("/toi/").status_code == 302
    assert here.get("/toi/").status_code == 200


@pytest.fixture
def strict(settings):
    settings.SECOND_STEP_PERMISSIONS = ["unit.manage", "post.grant"]


def test_administrators_are_asked_for_a_second_step_others_not(cast, strict, knock):
    officer, administrator = Client(), Client()
    knock("0900000003", PASSWORD, client=officer)
    knock("0900000010", PASSWORD, client=administrator)
    assert officer.get("/van-phong/").status_code == 200
    assert administrator.get("/van-phong/don-vi/").url == "/bao-mat/can-buoc-hai/"
    assert administrator.get("/van-phong/don-vi/TB/").url == "/bao-mat/can-buoc-hai/"
    assert administrator.get("/van-phong/").url == "/bao-mat/can-buoc-hai/"
    assert administrator.get("/toi/").status_code == 200  # one's own things wait for no step
    assert "Dùng ứng dụng xác minh" in administrator.get("/bao-mat/can-buoc-hai/").content.decode()
    secret = administrator.get("/bao-mat/ung-dung/").context["secret"].replace(" ", "")
    administrator.post("/bao-mat/ung-dung/", {"code": code_at(secret)})
    assert administrator.get("/van-phong/don-vi/TB/").status_code == 200
    step = Authenticator.objects.get()
    refused = administrator.post(f"/bao-mat/buoc-hai/{step.pk}/bo/")
    assert "bắt buộc có bước thứ hai" in refused.content.decode()


def test_a_demonstration_asks_nobody_and_says_so(cast, strict, knock):
    installation.set_demonstration(is_demonstration=True, clock_on=None)
    client = Client()
    knock("0900000010", PASSWORD, client=client)
    assert client.get("/van-phong/don-vi/TB/").status_code == 200
    assert "Bản trình diễn không bắt buộc" in client.get("/bao-mat/").content.decode()


def test_a_lost_telephone_is_mended_by_an_administrator_with_a_reason(cast, secret, sign_in, knock):
    with pytest.raises(Forbidden):
        second_steps.reset(cast.an.account, by=cast.binh, reason="mất điện thoại rồi")
    with pytest.raises(Forbidden):
        second_steps.reset(cast.an.account, by=cast.an, reason="mất điện thoại rồi")
    with pytest.raises(Refused, match="Hãy ghi lý do"):
        second_steps.reset(cast.an.account, by=cast.quy, reason="mất")
    client = sign_in(cast.quy)
    page = client.post("/van-phong/tai-khoan/DV001/go-buoc-hai/", {"reason": "mất"})
    assert page.status_code == 422
    assert "mất</textarea>" in page.content.decode()
    said = "Gặp trực tiếp, xem thẻ đoàn viên"
    assert client.post("/van-phong/tai-khoan/DV001/go-buoc-hai/", {"reason": said}).status_code == 302
    assert knock("0900000001", PASSWORD).url == "/bat-dau/"
    assert Act.objects.get(kind="accounts.second_step.reset").reason == said
    assert cast.an.notices.filter(headline__contains="Mai Ngọc Quý đã gỡ").exists()
    assert sign_in(cast.binh).post("/van-phong/tai-khoan/DV001/go-buoc-hai/", {"reason": said}).status_code == 403
