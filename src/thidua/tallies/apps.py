from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "thidua.tallies"

    def ready(self) -> None:
        from thidua.ledger import presenters, readers
        from thidua.orgs.domain import tree
        from thidua.people import references
        from thidua.tallies import events
        from thidua.tallies.domain import nodes, reading

        presenters.register(events.SENTENCES)
        readers.register("tallies", reading.PREFIXES, reading.work, patient=reading.PATIENT)
        tree.follow(nodes.SUMS.follow)
        tree.forget(nodes.drop_empty)
        references.rebuilt("tallies.participation.person")
