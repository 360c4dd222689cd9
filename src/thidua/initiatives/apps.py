from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "thidua.initiatives"

    def ready(self) -> None:
        from thidua.initiatives import events, heirlooms
        from thidua.ledger import presenters

        presenters.register(events.SENTENCES)
        heirlooms.register()
