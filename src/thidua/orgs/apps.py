from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "thidua.orgs"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.orgs import events

        presenters.register(events.SENTENCES)
