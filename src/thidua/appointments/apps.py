from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "thidua.appointments"

    def ready(self) -> None:
        from thidua.appointments import events
        from thidua.appointments.imports import POSTS
        from thidua.kernel.sheets import importers
        from thidua.ledger import presenters

        presenters.register(events.SENTENCES)
        importers.register(POSTS)
