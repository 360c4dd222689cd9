from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "thidua.programmes"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.programmes import events, heirlooms

        presenters.register(events.SENTENCES)
        heirlooms.register()
