from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "thidua.tallies"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.tallies import events

        presenters.register(events.SENTENCES)
