"""Load the administrative places (provinces, communes, and what they were before)."""

from typing import Any

from django.core.management.base import BaseCommand

from thidua.orgs.domain import places


class Command(BaseCommand):
    help = "Load or renew the 34 provinces and 3,321 communes, and their predecessors"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{places.load()} places written")
