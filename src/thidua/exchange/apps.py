from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "thidua.exchange"

    def ready(self) -> None:
        from thidua.exchange import events
        from thidua.kernel.sheets import importers
        from thidua.ledger import presenters
        from thidua.orgs.imports import UNITS
        from thidua.people.imports import PEOPLE

        presenters.register(events.SENTENCES)
        # What lies below cannot register itself here; packages above do it in their own ready().
        for importer in (UNITS, PEOPLE):
            importers.register(importer)
