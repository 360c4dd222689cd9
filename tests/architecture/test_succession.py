"""What happens to the records of a unit that ends is decided for every one of them."""

from django.apps import apps

from thidua.orgs.models import Unit
from thidua.reorganisations import succession

KEEPS = {
    "exchange.Upload.unit",
    "exchange.OutgoingFile.unit",
    "programmes.Recipient.unit",
    "programmes.Delivery.unit",
    "programmes.Support.unit",
    "programmes.Registration.unit",
    "initiatives.CannedReason.unit",
    "review.Council.unit",
    "review.Case.unit",
    "initiatives.FilePackage.unit",
    # History keeps the unit it was made at; dated rows of the tree are changed by the verbs themselves.
    "orgs.Unit.parent",
    "orgs.UnitName.unit",
    "orgs.Affiliation.unit",
    "orgs.Affiliation.parent",
    "orgs.UnitEvent.unit",
    "orgs.UnitEvent.other",
    "orgs.Cluster.owner",
    "orgs.ClusterSeat.owner",
    "orgs.ClusterSeat.unit",
    "orgs.NodeSum.unit",
    "orgs.NodeChange.unit",
    "people.Membership.unit",
    "documents.StoredFile.unit",
    "documents.Upload.unit",
    "documents.Register.unit",
    "documents.Paper.unit",
    "reorganisations.Order.unit",
    "reorganisations.Handover.from_unit",
    "reorganisations.Handover.to_unit",
    "initiatives.Recognition.unit",
    "reports.Report.unit",
    "tallies.Entry.unit",
    "tallies.Entry.grassroots",
    "tallies.Participation.unit",
    "tallies.Effort.unit",
    "tallies.Declaration.unit",
    "tallies.Delta.unit",
    "tallies.Daily.unit",
    "tallies.Tally.unit",
    # A sheet is a draft of the moment; an issue says what was given then, to whom it was given.
    "targets.Sheet.parent",
    "targets.SheetCell.unit",
    "targets.Issue.parent",
    "targets.IssueLine.unit",
    "awards.Nominee.collective",
    "awards.AwardDecision.unit",
    "awards.Certificate.unit",
    "awards.Certificate.collective",
}
PASSES = {
    "people.Person.unit": "people",
    "people.Post.unit": "posts",
    "orgs.Headcount.unit": "headcount",
    "orgs.Coverage.unit": "coverage",
    "initiatives.Initiative.unit": "initiatives",
    "initiatives.Initiative.handler": "initiatives",
    "initiatives.Initiative.decider": "initiatives",
    "initiatives.ScopeProposal.unit": "proposals",
    "programmes.Assignment.unit": "duties",
    "initiatives.Adoption.unit": "adoptions",
    "programmes.Programme.unit": "programmes",
    "programmes.Plan.unit": "plans",
    "targets.Target.unit": "targets",
    "targets.Target.given_by": "targets",
    "reports.ReportRequest.unit": "requests",
    "reports.Difficulty.unit": "difficulties",
    "reports.Difficulty.addressee": "difficulties",
    "awards.Nomination.unit": "nominations",
    "awards.Nomination.decider": "nominations",
}


def test_every_record_of_a_unit_either_passes_on_or_stays_by_decision():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Unit
    }
    undecided = found - KEEPS - set(PASSES)
    assert undecided == set(), "say in KEEPS or by an heirloom what happens to it when its unit ends"
    assert set(PASSES.values()) <= {h.name for h in succession.heirlooms()}
