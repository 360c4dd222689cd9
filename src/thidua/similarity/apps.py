from django.apps import AppConfig


class SimilarityConfig(AppConfig):
    name = "thidua.similarity"

    def ready(self) -> None:
        from thidua.ledger import presenters, readers
        from thidua.similarity import events
        from thidua.similarity.domain import reading

        presenters.register(events.SENTENCES)
        readers.register("similarity", reading.PREFIXES, reading.work, patient=reading.PREFIXES, unhurried=True)
