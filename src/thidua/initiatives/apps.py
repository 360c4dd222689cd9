from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "thidua.initiatives"

    def ready(self) -> None:
        from thidua.initiatives import events, heirlooms
        from thidua.initiatives.domain import hearings
        from thidua.initiatives.imports import INITIATIVES
        from thidua.kernel.sheets import importers
        from thidua.ledger import presenters, readers

        presenters.register(events.SENTENCES)
        heirlooms.register()
        importers.register(INITIATIVES)
        readers.register("initiatives.hearings", ("review.session.signed",), hearings.read_minutes)
