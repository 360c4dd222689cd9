"""Fill an empty installation with made-up records in large numbers: `script/demo-data`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from thidua.demo.scale import loader, sizes
from thidua.demo.world import PASSWORD


class Command(BaseCommand):
    help = "Nạp dữ liệu trình diễn cỡ lớn (fill an empty installation with made-up records)"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=list(sizes.SCALES), required=True)
        parser.add_argument("--seed", type=int, default=2022)
        parser.add_argument(
            "--searchable", type=int, help="so many of the newest are searchable at once, the rest by the worker"
        )

    def handle(self, *args: Any, scale: str, seed: int, searchable: int | None, **options: Any) -> None:
        try:
            call_command("migrate", verbosity=0)
            differing = {} if searchable is None else {"searchable": searchable}
            logins = loader.load(sizes.of(scale, seed=seed, **differing), self.say)
        except loader.NotEmpty:
            raise CommandError(
                "cơ sở dữ liệu đã có dữ liệu: hãy dùng một cơ sở trống (the database is not empty)"
            ) from None
        except DatabaseError as error:
            raise CommandError(str(error).strip().splitlines()[0]) from error
        except KeyboardInterrupt:
            raise CommandError("đã dừng, không có gì được ghi (stopped, nothing was written)") from None
        self.say(f"Tài khoản trình diễn (demonstration accounts), mật khẩu (password): {PASSWORD}")
        for login in logins:
            self.say(f"  {login.code:<16} {login.where}")

    def say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
