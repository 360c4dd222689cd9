from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "thidua.awards"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.awards import events

        presenters.register(events.SENTENCES)
