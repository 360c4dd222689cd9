from django.apps import AppConfig


class ReorganisationsConfig(AppConfig):
    name = "thidua.reorganisations"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.reorganisations import events, heirlooms

        presenters.register(events.SENTENCES)
        heirlooms.register()
