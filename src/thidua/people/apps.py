from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "thidua.people"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.people import events

        presenters.register(events.SENTENCES)
