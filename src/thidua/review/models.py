"""Councils judge cases. A case names its subject; what the subject is, the package above knows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from thidua.documents.models import Paper
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review.choices import TONES, Chair, Outcome, SessionState, Vote


class Council(models.Model):
    """A council set up by a decision of a unit, for a term, under a set of rules of the rule pack."""

    code = models.CharField(max_length=20, unique=True)  # HD-…
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="councils")
    name = models.CharField(max_length=200)
    decision_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    term_from = models.DateField()
    term_to = models.DateField(null=True, blank=True)  # last day
    ruleset = models.SlugField()  # a key of the rule pack "council-rules"
    is_secret = models.BooleanField(default=True)  # minutes and pages show sums, never who voted what

    class Meta:
        ordering = ["-term_from", "-id"]
        indexes = [models.Index(fields=["-term_from", "-id"], name="review_council_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(term_to__isnull=True) | Q(term_to__gte=F("term_from")), name="review_term_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A person's place in a council; it is all the right a member needs."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=20, choices=Chair, default=Chair.MEMBER)
    title = models.CharField(max_length=120, blank=True)  # as printed: Phó Giám đốc
    rank = models.PositiveSmallIntegerField(default=2)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "person"], condition=Q(left_on__isnull=True), name="review_seat_once"
            ),
            models.UniqueConstraint(
                fields=["council", "role"],
                condition=Q(left_on__isnull=True, role__in=["chair", "secretary"]),
                name="review_one_chair_one_secretary",
            ),
        ]

    def __str__(self) -> str:
        return self.person.full_name


class Session(models.Model):
    """A sitting over a list of cases. The rules in force on its day apply."""

    code = models.CharField(max_length=20, unique=True)  # PH-…
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=SessionState, default=SessionState.PLANNED)
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    discussion = models.TextField(blank=True)  # diễn biến, for the minutes
    minutes = models.OneToOneField(Paper, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    # Frozen at the count: how many seats there were.
    seats_counted = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["council", "-held_on", "-id"], name="review_session_council")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(minutes__isnull=False), name="review_signed_has_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.held_on:%d/%m/%Y}"

    @property
    def unit_id(self) -> int:
        return self.council.unit_id


class Presence(models.Model):
    """Who took part: ticked by the secretary, or shown by a ballot."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="presences")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "seat"], name="review_present_once")]


class Case(models.Model):
    """Something to be judged at a session; the sums are frozen when the votes are counted."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="cases")
    position = models.PositiveSmallIntegerField()
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_code = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # where the subject comes from
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.PENDING)
    yes = models.PositiveSmallIntegerField(default=0)
    more = models.PositiveSmallIntegerField(default=0)
    no = models.PositiveSmallIntegerField(default=0)
    base = models.PositiveSmallIntegerField(default=0)  # of how many the share was taken
    average = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="review_case_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=Q(outcome="pending"), name="review_one_open_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_code} {self.title}"

    @property
    def outcome_tone(self) -> str:
        return TONES[Outcome(self.outcome)]


class Party(models.Model):
    """Somebody the case is about, who never judges it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]


class Recusal(models.Model):
    """A member who does not judge a case: found by the system, or declared."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seat"], name="review_recused_once")]


class Ballot(models.Model):
    """One member's word on one case; may be changed until the count."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="ballots")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    vote = models.CharField(max_length=10, choices=Vote)
    comment = models.TextField(blank=True)
    total = models.PositiveSmallIntegerField(default=0)  # of its scores
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seat"], name="review_one_ballot")]


class Score(models.Model):
    """Points for one criterion of the rubric."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="scores")
    criterion = models.SlugField()
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "criterion"], name="review_score_once")]
