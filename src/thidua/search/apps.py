from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "thidua.search"

    def ready(self) -> None:
        from thidua.ledger import readers
        from thidua.search.domain import reading

        readers.register(
            "search", ("initiatives.initiative.", "orgs.unit.move", "orgs.unit.dissolve"), reading.work, is_patient=True
        )
