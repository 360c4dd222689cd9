from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "thidua.search"

    def ready(self) -> None:
        from thidua.ledger import readers
        from thidua.search.domain import reading

        readers.register("search", reading.PREFIXES, reading.work, patient=reading.PREFIXES, unhurried=True)
