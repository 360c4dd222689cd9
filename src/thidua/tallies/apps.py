from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "thidua.tallies"

    def ready(self) -> None:
        from thidua.ledger import presenters, readers
        from thidua.tallies import events
        from thidua.tallies.domain import reading

        presenters.register(events.SENTENCES)
        readers.register("tallies", ("initiatives.initiative.", "programmes."), reading.work)
