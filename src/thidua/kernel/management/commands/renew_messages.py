"""Bring the English catalogue in line with the words in code and templates."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from thidua.kernel import catalogue


class Command(BaseCommand):
    help = "Renew locale/en; --stdin takes a JSON object of translations, the missing ones are printed"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue.renew(json.load(sys.stdin) if options["stdin"] else None)
        for message in catalogue.missing():
            self.stdout.write(message.replace("\n", "\\n"))
