from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "thidua.orgs"

    def ready(self) -> None:
        from thidua.ledger import presenters, readers
        from thidua.orgs import events
        from thidua.orgs.domain import nodesums, strengths, tree

        presenters.register(events.SENTENCES)
        readers.register("orgs.strengths", strengths.KINDS, strengths.work)
        readers.register("orgs.nodesums", nodesums.KIND_ACTS, nodesums.work)
        tree.follow(strengths.follow)
        tree.follow(nodesums.SUMS.follow)
        tree.forget(nodesums.unfounded)
