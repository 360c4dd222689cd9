"""Plans as documents of units, and what they order: programmes, phases, targets, duties."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from thidua.documents.models import Paper, StoredFile
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import (
    BEFORE_ISSUE,
    IN_FORCE,
    Amount,
    AssignmentState,
    Audience,
    Comparator,
    DutyKind,
    EvidenceKind,
    Party,
    PhaseBy,
    PhaseKind,
    PlanState,
    ProgrammeKind,
    RegistrationState,
    Relation,
    SupportKind,
    Timing,
)

# A span of days runs forward; either end may be open.
FORWARD = Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))


class Sourced(models.Model):
    """Where in the paper a value was read: line (from 1) and its text. Line 0: entered by a person."""

    source_line = models.PositiveIntegerField(default=0)
    source_text = models.TextField(blank=True)

    class Meta:
        abstract = True


class Plan(models.Model):
    """A plan of a unit; it may implement a plan of the level above."""

    code = models.CharField(max_length=20, unique=True)  # KH-…, used in addresses
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=20, choices=PlanState, default=PlanState.DRAFT)
    number = models.PositiveIntegerField(null=True, blank=True)
    symbol = models.CharField(max_length=60, blank=True)  # KH-CĐYT
    title = models.CharField(max_length=500)
    place = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    year = models.PositiveSmallIntegerField()
    opening = models.TextField(blank=True)
    signed_for = models.CharField(max_length=200, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    implements = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="implemented_by"
    )
    # The plan this one changes; at issue its counted programmes come over (domain.amendments).
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by")
    renews = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="renewed_by")
    source_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    signed_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    reading = models.JSONField(null=True, blank=True)  # what the reader understood, beside what was confirmed
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, related_name="+")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-year", "-id"], name="programmes_plan_unit"),
            models.Index(fields=["-year", "-id"], name="programmes_plan_newest"),
            models.Index(fields=["state", "-year", "-id"], name="programmes_plan_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_ISSUE, issued_at__isnull=True)
                | (~Q(state__in=BEFORE_ISSUE) & Q(issued_at__isnull=False)),
                name="programmes_plan_issued_when",
            ),
            models.CheckConstraint(
                condition=Q(implements__isnull=True) | ~Q(implements=F("id")), name="programmes_plan_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_number} {self.title}".strip()

    @property
    def full_number(self) -> str:
        """'17/KH-CĐYT'; a draft has no number: '…/KH-LĐLĐ'."""
        if self.number:
            return f"{self.number:02d}/{self.symbol}"
        return f"…/{self.symbol}" if self.symbol else ""

    @property
    def is_issued(self) -> bool:
        """It has left the drawer: in force, amended or closed."""
        return self.state not in BEFORE_ISSUE

    @property
    def is_in_force(self) -> bool:
        return self.state in IN_FORCE


class PlanReference(Sourced):
    """Another paper named by a plan: its basis, what it implements, what it is linked with."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="references")
    relation = models.CharField(max_length=20, choices=Relation)
    number = models.CharField(max_length=60, blank=True)  # 154/KH-LĐLĐ
    issued_on = models.DateField(null=True, blank=True)
    title = models.TextField(blank=True)
    target = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, related_name="+")


class Recipient(Sourced):
    """A line of "Nơi nhận"; a recipient that is a unit acknowledges receipt."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="recipients")
    text = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")  # when it is one here
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]


class Delivery(models.Model):
    """An issued plan at one unit it addresses: opened, received, reminded."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="deliveries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="deliveries")
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    chased_at = models.DateTimeField(null=True)
    chased = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["plan", "unit"], name="programmes_one_delivery")]

    def __str__(self) -> str:
        return f"{self.plan.full_number} → {self.unit.short_name}"


class Indicator(models.Model):
    """What is measured. `measure` names an automatic measure of the tallies; '' is reported by hand."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    measure = models.CharField(max_length=30, blank=True)
    amount = models.CharField(max_length=10, choices=Amount, default=Amount.COUNT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Programme(Sourced):
    """A programme, movement or drive a plan runs; those with counting rules count initiatives.

    An initiative is eligible when first applied within `eligible_from`…`eligible_to`
    (a phase may narrow it).
    """

    code = models.CharField(max_length=20, unique=True)  # CT-…, in addresses and QR codes
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="programmes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="programmes")  # scope: it and below
    kind = models.CharField(max_length=20, choices=ProgrammeKind)
    name = models.CharField(max_length=400)
    short_name = models.CharField(max_length=120)
    audience = models.CharField(max_length=30, choices=Audience, default=Audience.ALL)
    implements = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="implemented_by"
    )
    # Between an amended plan and its amendment: the programme with the same place in the other.
    origin = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sponsor = models.CharField(max_length=200, blank=True)
    slogan = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_open = models.BooleanField(default=False)  # the plan is issued
    counts_initiatives = models.BooleanField(default=False)
    phase_by = models.CharField(max_length=10, choices=PhaseBy, default=PhaseBy.FILED)
    needs_recognition = models.BooleanField(default=True)
    eligible_from = models.DateField(null=True, blank=True)
    eligible_to = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["is_open", "counts_initiatives"], name="programmes_counting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(eligible_from__isnull=True)
                | Q(eligible_to__isnull=True)
                | Q(eligible_to__gte=F("eligible_from")),
                name="programmes_window_forward",
            ),
            models.CheckConstraint(condition=FORWARD, name="programmes_period_forward"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class Phase(Sourced):
    """A phase of a programme or a round of a movement year. Dates are whole days, both included."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=10, choices=PhaseKind, default=PhaseKind.PHASE)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    theme = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    eligible_from = models.DateField(null=True, blank=True)
    eligible_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="programmes_phase_place"),
            models.CheckConstraint(condition=FORWARD, name="programmes_phase_forward"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        today = clock.today()
        return (self.starts_on or today) <= today <= (self.ends_on or today)

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and clock.today() > self.ends_on


class PlanTarget(Sourced):
    """A number the plan itself orders; how it is split among units is `targets`' affair."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, null=True, related_name="plan_targets")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, null=True, related_name="plan_targets")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    comparator = models.CharField(max_length=10, choices=Comparator, default=Comparator.AT_LEAST)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    amount = models.CharField(max_length=10, choices=Amount, default=Amount.COUNT)
    period = models.CharField(max_length=120, blank=True)
    phrase = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="programmes_target_not_negative"),
        ]


class Duty(Sourced):
    """Something the plan orders kinds of unit to do.

    `addressed` holds codes of kinds of unit and `OWN` for the unit whose plan it is.
    """

    OWN = "own"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="duties")
    who = models.CharField(max_length=300)
    addressed = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    kind = models.CharField(max_length=20, choices=DutyKind, default=DutyKind.OTHER)
    party = models.CharField(max_length=20, choices=Party, default=Party.UNION)
    text = models.TextField()
    timing = models.CharField(max_length=20, choices=Timing, default=Timing.ONCE)
    due_on = models.DateField(null=True, blank=True)  # once
    due_day = models.PositiveSmallIntegerField(null=True, blank=True)  # recurring: day of the last month
    within_days = models.PositiveSmallIntegerField(null=True, blank=True)  # after a phase or round
    recurring = models.CharField(max_length=120, blank=True)  # the words of the paper
    evidence = models.CharField(max_length=10, choices=EvidenceKind, default=EvidenceKind.TEXT)
    # The duty it was taken over from: of the plan above, or of the plan this one amends.
    origin = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.text[:120]

    @property
    def is_undated(self) -> bool:
        """The paper gives no last day: somebody has to set one."""
        if self.timing == Timing.ONCE:
            return self.due_on is None
        return self.timing in (Timing.AFTER_PHASE, Timing.AFTER_ROUND) and self.within_days is None


class Assignment(models.Model):
    """A duty as the to-do of one unit, once or for one of its occurrences ("2022-05", "phase-7")."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    occurrence = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=120, blank=True)  # tháng 5/2022; Đợt thi đua thứ hai
    opens_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=AssignmentState, default=AssignmentState.OPEN)
    note = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reason = models.TextField(blank=True)  # why it does not apply, or why it was sent back
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reminded_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="programmes_assignment_todo"),
            models.Index(fields=["due_on"], condition=Q(state="open"), name="programmes_assignment_open"),
            models.Index(fields=["duty", "done_on", "id"], condition=Q(state="done"), name="programmes_to_confirm"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["duty", "unit", "occurrence"], name="programmes_one_assignment"),
        ]

    def __str__(self) -> str:
        return f"{self.duty.text[:100]} ({self.unit.short_name})"

    @property
    def is_overdue(self) -> bool:
        return self.state == AssignmentState.OPEN and self.due_on is not None and self.due_on < clock.today()


class AssignmentFile(models.Model):
    """A file a unit shows for a duty."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")


class Support(models.Model):
    """What an employer or an authority gave to a plan at a unit: money, equipment, time, a policy."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="supports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    party = models.CharField(max_length=20, choices=Party)
    kind = models.CharField(max_length=20, choices=SupportKind)
    giver = models.CharField(max_length=200)
    text = models.TextField()
    value = models.DecimalField(max_digits=18, decimal_places=0, null=True, blank=True)  # đồng
    given_on = models.DateField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["plan", "-given_on", "-id"], name="programmes_support_plan")]

    def __str__(self) -> str:
        return f"{self.giver}: {self.text[:80]}"


class Registration(models.Model):
    """Đăng ký thi đua: a unit, or a collective in it, pledges to take part in a movement or a round of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="registrations")
    round = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="registrations")
    collective = models.CharField(max_length=200, blank=True)  # '' is the unit itself
    pledge = models.TextField()
    aims = models.CharField(max_length=300, blank=True)  # titles aimed at: Tập thể lao động xuất sắc…
    state = models.CharField(max_length=20, choices=RegistrationState, default=RegistrationState.REGISTERED)
    registered_on = models.DateField()
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "round", "unit", "collective"],
                nulls_distinct=False,
                condition=~Q(state=RegistrationState.WITHDRAWN),
                name="programmes_one_registration",
            )
        ]

    def __str__(self) -> str:
        return f"{self.collective or self.unit.short_name}: {self.programme.short_name}"
