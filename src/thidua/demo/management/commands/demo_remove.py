"""Remove the demonstration: the database is empty afterwards."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thidua.demo import loader


class Command(BaseCommand):
    help = "Remove everything the demonstration has loaded"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if not loader.is_loaded():
            raise CommandError("Không có dữ liệu trình diễn (no demonstration is loaded)")
        if not options["yes"] and input("Xoá toàn bộ dữ liệu trình diễn? Gõ XOA: ") != "XOA":
            raise CommandError("Không xoá gì (nothing was removed)")
        try:
            loader.remove()
        except loader.NotRemovable as error:
            raise CommandError(str(error)) from error
