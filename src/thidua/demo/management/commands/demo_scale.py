"""Fill an empty installation with made-up records in large numbers: `script/demo-data`."""

from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management import call_command
from django.core.management.base import BaseCommand
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
            more = (
                "; hồ sơ trong đó đã đủ, một phần chưa tìm kiếm được (its records are complete, some are not searchable "
                "yet): script/thidua search rebuild, hoặc để tiến trình nền làm (or leave it to the worker)"
            )
            self.give_up(
                "cơ sở dữ liệu đã có dữ liệu: hãy dùng một cơ sở trống (the database is not empty)"
                f"{more if loader.is_unfinished() else ''}"
            )
        except DatabaseError as error:
            self.give_up(str(error).strip().splitlines()[0])
        except KeyboardInterrupt:
            self.give_up("đã dừng, phần dở dang không được ghi (stopped; nothing half-done was written)")
        self.say(f"Tài khoản trình diễn (demonstration accounts), mật khẩu (password): {PASSWORD}")
        for login in logins:
            self.say(f"  {login.code:<16} {login.where}")

    def say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()

    def give_up(self, line: str) -> NoReturn:
        self.say(f"thidua: {line}")
        raise SystemExit(1)
