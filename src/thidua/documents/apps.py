from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "thidua.documents"

    def ready(self) -> None:
        from thidua.documents import events
        from thidua.ledger import presenters

        presenters.register(events.SENTENCES)
