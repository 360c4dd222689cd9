from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "thidua.programmes"

    def ready(self) -> None:
        from thidua.ledger import presenters
        from thidua.orgs.domain import nodesums
        from thidua.programmes import events, heirlooms
        from thidua.programmes.domain import counts

        presenters.register(events.SENTENCES)
        heirlooms.register()
        for subject, truth in counts.TRUTHS.items():
            nodesums.register(subject, truth)
