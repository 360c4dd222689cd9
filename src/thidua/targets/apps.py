from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "thidua.targets"

    def ready(self) -> None:
        from thidua.ledger import presenters, readers
        from thidua.targets import events, heirlooms
        from thidua.targets.domain import opening

        presenters.register(events.SENTENCES)
        readers.register("targets", ("programmes.plan.issued",), opening.work)
        heirlooms.register()
