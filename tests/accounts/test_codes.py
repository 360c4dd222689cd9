"""The slip with the one-time code: handed out, used once, useless to others."""

import io
import re

import pdfplumber
import pytest
from django.test import Client

from tests.cast import SINCE, SYSTEM
from tests.initiatives.test_dossiers import IDEA, WHOLE
from thidua.accounts import queries, rules
from thidua.accounts.domain import codes
from thidua.accounts.models import Delay, OneTimeCode
from thidua.initiatives.domain import dossiers
from thidua.kernel import codes as letters
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger.models import Act
from thidua.people.domain import rosters
from thidua.people.models import Account

GOOD = "chim bay qua đồng"


@pytest.fixture
def worker(cast):
    """Entered by the officer, without an account."""
    return rosters.enter("Lý Thị Mây", cast["TB-YT-01"], code="DV777", since=SINCE, by=cast.binh)


def sent(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_a_code_opens_the_account_with_ones_own_password(worker, cast):
    issued = codes.issue(worker, by=cast.binh)
    assert re.fullmatch(r"([2-9A-Z]{4}-){2}[2-9A-Z]{4}", issued.written)
    account = codes.redeem(issued.written.lower(), GOOD, network="10.0.0.1")
    assert account.person == worker
    assert account.check_password(GOOD)
    assert list(Act.objects.filter(kind__startswith="accounts.").order_by("id").values_list("kind", flat=True)) == [
        "accounts.code.issued",
        "accounts.code.used",
        "accounts.password.set",
    ]


def test_the_code_itself_is_stored_nowhere(worker, cast):
    issued = codes.issue(worker, by=cast.binh)
    row = OneTimeCode.objects.get()
    assert issued.code not in " ".join(str(value) for value in vars(row).values())
    told = " ".join(f"{a.after} {a.before} {a.reason} {a.subject_label}" for a in Act.objects.all())
    assert issued.code not in told
    assert issued.written not in told


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("used", "Mã này đã được dùng lúc"),
        ("replaced", "hãy dùng phiếu in sau cùng"),
        ("late", "Mã đã hết hạn"),
        ("left", "không còn trong danh sách"),
        ("mistyped", "hãy xem lại từng chữ"),
        ("guessed", "hãy xin cán bộ công đoàn mã mới"),
        ("empty", "Hãy nhập mã"),
    ],
)
def test_a_code_that_does_not_work_says_what_to_do(worker, cast, later, today, what, sentence):
    code = codes.issue(worker, by=cast.binh).code
    if what == "used":
        codes.redeem(code, GOOD, network="10.0.0.1")
    if what == "replaced":
        codes.issue(worker, by=cast.binh)
    if what == "left":
        worker.left_on = today
        worker.save()
    if what == "mistyped":
        code = code[:-1] + ("2" if code[-1] != "2" else "3")
    if what == "guessed":
        code = letters.new_code("", 11).lstrip("-")
    if what == "empty":
        code = " - "
    with later(days=15 if what == "late" else 0), pytest.raises(Refused, match=sentence) as refused:
        codes.read(code, network="10.0.0.1")
    assert refused.value.field == "code"


def test_guessing_is_slowed_while_slips_of_the_pen_are_free(worker, cast, later):
    issued = codes.issue(worker, by=cast.binh)
    for _attempt in range(30):
        with pytest.raises(Refused, match="từng chữ trên phiếu"):
            codes.read("AAAA-BBBB-CCCC", network="10.0.0.1")
    with later(seconds=1):
        for _attempt in range(11):
            with pytest.raises(Refused):
                codes.read(letters.new_code("", 11), network="10.0.0.1")
        with pytest.raises(Refused, match="hãy đợi"):
            codes.read(issued.code, network="10.0.0.1")
        assert codes.read(issued.code, network="10.0.0.2").person == worker  # another factory is not hindered
    with later(seconds=20):
        assert codes.read(issued.code, network="10.0.0.1").person == worker


def test_a_weak_password_does_not_use_up_the_code(worker, cast):
    issued = codes.issue(worker, by=cast.binh)
    with pytest.raises(Refused, match="nhiều người dùng"):
        codes.redeem(issued.code, "matkhau123", network="10.0.0.1")
    assert codes.read(issued.code, network="10.0.0.1").person == worker
    assert not Account.objects.filter(person=worker).exists()


def test_a_code_gives_a_new_password_to_whoever_has_lost_it_and_ends_the_old_sessions(cast, sign_in):
    elsewhere = sign_in(cast.an)
    assert elsewhere.get("/toi/").status_code == 200
    issued = codes.issue(cast.an, by=cast.binh)
    assert not cast.an.notices.filter(body__contains=issued.code).exists()
    assert cast.an.notices.filter(kind="accounts.code.issued").exists()
    codes.redeem(issued.code, GOOD, network="10.0.0.1")
    cast.an.account.refresh_from_db()
    assert cast.an.account.check_password(GOOD)
    assert elsewhere.get("/toi/").status_code == 302


@pytest.mark.parametrize(
    ("by", "whom", "allowed"),
    [
        ("binh", "an", True),  # of a section of his union
        ("binh", "dung", True),  # reads what Bình reads as well
        ("binh", "chi", False),  # the chair signs; her officer may not become her
        ("chi", "binh", True),
        ("binh", "lan", False),
        ("giang", "an", False),  # sees, but does not keep that roster
        ("quy", "an", True),
        ("quy", "chi", True),
        ("quy", "khoa", False),
        ("minh", "an", False),
        ("an", "dung", False),
        ("binh", "binh", False),
    ],
)
def test_who_may_hand_out_a_code(cast, by, whom, allowed):
    assert bool(rules.may_issue(getattr(cast, by), getattr(cast, whom))) is allowed


def test_refusing_is_not_only_hiding_the_button(cast):
    with pytest.raises(Forbidden):
        codes.issue(cast.chi, by=cast.binh)
    with pytest.raises(Forbidden):
        codes.issue_many([cast.an, cast.chi], by=cast.binh)
    assert not OneTimeCode.objects.exists()  # all or none


def test_the_worker_follows_the_slip_and_sees_earlier_initiatives(worker, cast, client):
    dossiers.submit(dossiers.start(worker, cast["TB-YT-01"], by=cast.binh, **IDEA, **WHOLE), by=cast.binh)
    issued = codes.issue(worker, by=cast.binh)
    page = client.post("/nhan-tai-khoan/", {"code": issued.written})
    assert "Lý Thị Mây" in sent(page)
    assert not Account.objects.filter(person=worker).exists()
    filed = {"code": issued.written, "password": GOOD, "again": GOOD}
    page = client.post("/nhan-tai-khoan/", filed)
    assert page.status_code == 302
    assert client.get("/toi/").context["person"] == worker
    assert "Xe đẩy thuốc ba tầng" in sent(client.get("/toi/"))
    again = Client().post("/nhan-tai-khoan/", filed)
    assert "đã được dùng" in sent(again)


def test_codes_and_passwords_are_never_sent_back(worker, cast, client):
    issued = codes.issue(worker, by=cast.binh)
    page = client.post("/nhan-tai-khoan/", {"code": issued.written, "password": "ngan", "again": "ngan"})
    assert page.status_code == 422
    assert "ít nhất 10 ký tự" in sent(page)
    assert 'value="ngan"' not in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_slips_for_everybody_without_an_account(worker, cast, sign_in, django_assert_max_num_queries):
    for number in range(9):
        rosters.enter(f"Trần Thị Số {number}", cast["TB-YT-01"], code=f"DV8{number}", since=SINCE, by=SYSTEM)
    client = sign_in(cast.binh)
    listed = client.get("/van-phong/don-vi/TB-YT-01/tai-khoan/")
    assert len(listed.context["page"].rows) == 10
    with django_assert_max_num_queries(140):
        made = client.post("/van-phong/don-vi/TB-YT-01/tai-khoan/phieu/", {"all": "waiting"})
    assert made["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(made.content)) as document:
        assert len(document.pages) == 2
        printed = "".join(page.extract_text() for page in document.pages)
    code = re.search(r"(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}", printed)
    assert code
    assert codes.read(code[0], network="10.0.0.9")
    assert "Lý Thị Mây" in printed
    assert queries.without_account(cast["TB-YT-01"], unissued_only=True).count() == 0
    nobody = client.post("/van-phong/don-vi/TB-YT-01/tai-khoan/phieu/", {"all": "waiting"})
    assert nobody.status_code == 422
    assert "Hãy chọn ít nhất một người." in sent(nobody)


def test_the_list_asks_the_same_whatever_its_length(worker, cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.binh)
    client.get("/van-phong/")
    address = "/van-phong/don-vi/TB-YT-01/tai-khoan/"
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for number in range(20):
        rosters.enter(f"Trần Thị Số {number}", cast["TB-YT-01"], code=f"DV8{number}", since=SINCE, by=SYSTEM)
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_one_code_on_the_screen_or_as_a_slip_and_withdrawn(worker, cast, sign_in):
    client = sign_in(cast.binh)
    page = client.post("/van-phong/tai-khoan/DV777/")
    code = re.search(r"(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}", page.content.decode())
    assert code
    assert "no-store" in page["Cache-Control"]
    assert client.post("/van-phong/tai-khoan/DV777/", {"as": "slip"})["Content-Type"] == "application/pdf"
    with pytest.raises(Refused, match="phiếu in sau cùng"):
        codes.read(code[0], network="10.0.0.1")
    client.post("/van-phong/tai-khoan/DV777/huy-ma/")
    assert queries.code_of(worker) is None
    assert "chưa dùng" not in sent(client.get("/van-phong/tai-khoan/DV777/"))


def test_outsiders_do_not_learn_who_exists(worker, cast, sign_in):
    for who, status in ((cast.lan, 404), (cast.khoa, 404), (cast.an, 403)):
        client = sign_in(who)
        assert client.get("/van-phong/tai-khoan/DV777/").status_code == status
        assert client.post("/van-phong/tai-khoan/DV777/").status_code == status
        assert client.get("/van-phong/don-vi/TB-YT-01/tai-khoan/").status_code == status
    assert sign_in(cast.binh).get("/van-phong/tai-khoan/KHONG-CO/").status_code == 404
    assert not Delay.objects.exists()
