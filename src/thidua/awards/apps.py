from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "thidua.awards"

    def ready(self) -> None:
        from thidua.awards import events, exports, heirlooms, queries
        from thidua.awards.domain import certificates
        from thidua.exchange import makers
        from thidua.initiatives import rules
        from thidua.ledger import presenters, readers

        presenters.register(events.SENTENCES)
        rules.RESTS_ON_RECOGNITION.append(queries.certified)
        readers.register(
            "awards",
            ("initiatives.initiative.revoked", "initiatives.initiative.scope_revoked"),
            certificates.read_revocations,
        )
        readers.register(
            "certificates",
            ("initiatives.initiative.recognised", "initiatives.initiative.scope_recognised"),
            certificates.read_recognitions,
        )
        for maker in exports.MAKERS:
            makers.register(maker)
        heirlooms.register()
