from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "thidua.targets"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.targets import events

        presenters.register(events.SENTENCES)
