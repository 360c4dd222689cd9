"""Commendation: proposed upward, decided, certified, verifiable."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from thidua.awards.choices import (
    CertificateKind,
    CertificateState,
    NominationState,
    NomineeKind,
    Outcome,
)
from thidua.documents.models import Paper, StoredFile
from thidua.initiatives.models import Initiative, Recognition
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme


class Nomination(models.Model):
    """A unit's list for one form of commendation after a round, proposed to the level above."""

    code = models.CharField(max_length=20, unique=True)  # KT-…
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="nominations")
    decider = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="received_nominations")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")
    award_form = models.SlugField()  # a key of the award catalogue rule pack
    state = models.CharField(max_length=20, choices=NominationState, default=NominationState.DRAFT)
    summary = models.TextField(blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)  # of the last return
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, related_name="+")  # tờ trình
    decision = models.ForeignKey("AwardDecision", on_delete=models.PROTECT, null=True, related_name="nominations")

    class Meta:
        indexes = [
            models.Index(fields=["decider", "state", "-id"], name="awards_nomination_decider"),
            models.Index(fields=["unit", "-id"], name="awards_nomination_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(decision__isnull=False), name="awards_decided_by_decision"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Nominee(models.Model):
    """A person or a collective put forward."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="nominees")
    kind = models.CharField(max_length=20, choices=NomineeKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    collective = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_direct_worker = models.BooleanField(default=False)
    citation = models.TextField()
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.PROPOSED)
    outcome_reason = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False, collective__isnull=True)
                | Q(kind="collective", person__isnull=True, collective__isnull=False),
                name="awards_nominee_is_one_of_two",
            ),
            models.UniqueConstraint(
                fields=["nomination", "person"], condition=Q(person__isnull=False), name="awards_person_once"
            ),
            models.UniqueConstraint(
                fields=["nomination", "collective"],
                condition=Q(collective__isnull=False),
                name="awards_collective_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.collective)


class AwardDecision(models.Model):
    """The decision on one or several nominations, with its paper and list."""

    code = models.CharField(max_length=20, unique=True)  # QD-…
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="award_decisions")
    award_form = models.SlugField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    signer = models.CharField(max_length=120)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-decided_on", "-id"]

    def __str__(self) -> str:
        return self.paper.full_number


class Certificate(models.Model):
    """A certificate anybody can verify by its code: valid, corrected or revoked."""

    code = models.CharField(max_length=20, unique=True)  # GK-… / CN-…
    kind = models.CharField(max_length=20, choices=CertificateKind)
    state = models.CharField(max_length=20, choices=CertificateState, default=CertificateState.VALID)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="certificates")  # issuer
    holder = models.CharField(max_length=250)  # as printed
    holder_note = models.CharField(max_length=400, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="certificates")
    collective = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)  # Giấy khen, Giấy chứng nhận sáng kiến…
    citation = models.TextField()
    register_number = models.PositiveIntegerField()
    decision_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    signer = models.CharField(max_length=120)
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, null=True, related_name="certificates")
    recognition = models.ForeignKey(Recognition, on_delete=models.PROTECT, null=True, related_name="certificates")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    revoked_on = models.DateField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="awards_certificate_unit")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="revoked") & Q(revoked_on__isnull=False) & ~Q(revoked_reason=""))
                | (~Q(state="revoked") & Q(revoked_on__isnull=True)),
                name="awards_revoked_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.holder}"
