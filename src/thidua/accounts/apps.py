from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "thidua.accounts"

    def ready(self) -> None:
        from thidua.accounts import events
        from thidua.ledger import presenters

        presenters.register(events.SENTENCES)
