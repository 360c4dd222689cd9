"""Print the demonstration accounts, one per role."""

from typing import Any

from django.core.management.base import BaseCommand

from thidua.demo import loader, world


class Command(BaseCommand):
    help = "Print the demonstration accounts"

    def handle(self, *args: Any, **options: Any) -> None:
        if not loader.is_loaded():
            return
        self.stderr.write(f"  Tài khoản trình diễn (demonstration accounts), mật khẩu (password): {world.PASSWORD}")
        for label, _unit, _role, code in world.ACCOUNTS:
            self.stderr.write(f"    {code:<10} {label}")
        self.stderr.write("    (không cần đăng nhập / no account)  cổng công khai (public portal)")
