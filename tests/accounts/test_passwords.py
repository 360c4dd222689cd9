"""What a password must be, said in Vietnamese."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from thidua.accounts.domain import passwords


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("ngắn quá", "ít nhất 10 ký tự"),
        ("Mật khẩu 123456", "nhiều người dùng"),
        ("matkhau@2024", "nhiều người dùng"),
        ("Anhyeuem2023", "nhiều người dùng"),
        ("CôngĐoàn@2025", "nhiều người dùng"),
        ("1234567890", "nhiều người dùng"),
        ("qwertyuiop12", "nhiều người dùng"),
        ("0123012301", "nhiều người dùng"),
        ("aaaaaaaaaaaa", "quá ít ký tự khác nhau"),
        ("x" * 129, "dài nhất 128"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, sentence):
    assert sentence in " ".join(passwords.faults(password))


@pytest.mark.parametrize("password", ["chim bay qua đồng", "thuyen-nan-la-tre", "Máy khâu xanh 7", "tH8$kq!zPw"])
def test_a_short_sentence_will_do(password):
    assert passwords.faults(password) == []


@pytest.mark.django_db
def test_not_ones_own_name_phone_code_or_email(cast):
    an = cast.an
    an.email = "nguyen.an.tb@example.vn"
    for password in ("0900000001-ok-roi", "Nguyễn Thị An tôi", "ma nguyenantb dep"):
        assert "không được chứa" in " ".join(passwords.faults(password, an)), password
    assert passwords.faults("chim bay qua đồng", an) == []


def test_the_same_rules_hold_on_the_command_line():
    with pytest.raises(ValidationError, match="nhiều người dùng"):
        validate_password("matkhau12345")


@pytest.mark.django_db
def test_wrong_old_passwords_are_slowed_too(cast, sign_in):
    client = sign_in(cast.an)
    typed = {"old_password": "sai", "password": "chim bay qua đồng", "again": "chim bay qua đồng"}
    for _attempt in range(6):
        page = client.post("/mat-khau/", typed)
        assert "Mật khẩu hiện tại không đúng." in page.content.decode()
    page = client.post("/mat-khau/", typed | {"old_password": "matkhau-thu-2022"})
    assert page.status_code == 429
    assert "hãy đợi" in page.content.decode()


@pytest.mark.django_db
def test_what_was_mistyped_is_said_at_its_field_and_no_password_comes_back(cast, sign_in):
    sent = {"old_password": "matkhau-thu-2022", "password": "chim bay qua đồng", "again": "chim bay qua"}
    page = sign_in(cast.an).post("/mat-khau/", sent)
    assert page.status_code == 422
    assert "Hai lần nhập không giống nhau." in page.content.decode()
    assert "chim bay" not in page.content.decode()
