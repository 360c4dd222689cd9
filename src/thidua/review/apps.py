from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "thidua.review"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.review import events

        presenters.register(events.SENTENCES)
