from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "thidua.awards"

    def ready(self) -> None:
        from thidua.awards import events
        from thidua.ledger import presenters

        presenters.register(events.SENTENCES)
