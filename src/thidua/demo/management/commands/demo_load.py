"""Load the demonstration unless it, or real content, is there."""

from typing import Any

from django.core.management.base import BaseCommand

from thidua.demo import loader


class Command(BaseCommand):
    help = "Load the demonstration into an empty installation"

    def handle(self, *args: Any, **options: Any) -> None:
        if loader.is_loaded() or not loader.is_empty():
            return
        self.stderr.write("Đang nạp dữ liệu trình diễn (loading the demonstration) …")
        loader.load(lambda line: self.stderr.write(f"  {line}"))
