"""How somebody got in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    PASSWORD = "password", _("mật khẩu")
    CODE = "code", _("mã dùng một lần")
    PASSKEY = "passkey", _("khoá đăng nhập")
    PROVIDER = "provider", _("tài khoản của cơ quan")


class Step(TextChoices):
    """What the second step is taken with."""

    APP = "app", _("ứng dụng xác minh")
    PASSKEY = "passkey", _("khoá đăng nhập")
