from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "thidua.reports"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.reports import events, heirlooms

        presenters.register(events.SENTENCES)
        heirlooms.register()
