from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "thidua.awards"

    def ready(self) -> None:
        from thidua.awards import events
        from thidua.awards.domain import certificates
        from thidua.ledger import presenters, readers

        presenters.register(events.SENTENCES)
        readers.register("awards", ("initiatives.initiative.revoked",), certificates.read_revocations)
