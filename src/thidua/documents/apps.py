from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "thidua.documents"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.documents import events

        presenters.register(events.SENTENCES)
