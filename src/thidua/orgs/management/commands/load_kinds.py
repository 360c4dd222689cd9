"""Write the kinds of units (provincial federation, grassroots union …) an installation starts with."""

from typing import Any

from django.core.management.base import BaseCommand

from thidua.orgs.domain import kinds


class Command(BaseCommand):
    help = "Write the kinds of units that are not there yet"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{kinds.load()} kinds written")
