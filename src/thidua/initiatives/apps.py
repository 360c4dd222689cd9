from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "thidua.initiatives"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.initiatives import events

        presenters.register(events.SENTENCES)
