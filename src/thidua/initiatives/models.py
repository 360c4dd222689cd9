"""The initiative: one record, however many programmes count it."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from thidua.documents.models import Paper, StoredFile
from thidua.initiatives.choices import (
    AdoptionState,
    Benefit,
    Body,
    Channel,
    Disclosure,
    Kind,
    Scope,
    Sealable,
    State,
)
from thidua.initiatives.intake import (  # noqa: F401 - read through this module by everybody
    AwaitedFile,
    CannedReason,
    DueNotice,
    FilePackage,
    PackedFile,
    ScopeProposal,
)
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Programme


class Initiative(models.Model):
    """What was improved, where, by whom, to what effect, and where the procedure stands.

    `unit` is where it was made (a grassroots union or a section); `handler` is the grassroots
    union that receives and recognises it.
    """

    code = models.CharField(max_length=20, unique=True)  # SK-…
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="initiatives")
    handler = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="handled_initiatives")
    # The programme of the QR or page it came through; counting looks at every programme in scope.
    came_through = models.ForeignKey(Programme, on_delete=models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.OWN)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    consent_noted = models.BooleanField(default=False)  # the worker agreed to being entered
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)  # optimistic lock for edits in two tabs

    title = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    field = models.CharField(max_length=120, blank=True)  # lĩnh vực áp dụng
    problem_before = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    steps = models.TextField(blank=True)
    novelty = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    applied_where = models.CharField(max_length=300, blank=True)
    first_applied_on = models.DateField(null=True, blank=True)
    sponsor = models.CharField(max_length=200, blank=True)  # chủ đầu tư tạo ra sáng kiến
    effect = models.TextField(blank=True)
    benefit = models.CharField(max_length=20, choices=Benefit, default=Benefit.UNKNOWN)
    benefit_stated = models.BigIntegerField(null=True, blank=True)  # VND a year, by the author
    # How the author worked it out: (before - after) x volume in so many months, less what it cost to make.
    benefit_before = models.BigIntegerField(null=True, blank=True)
    benefit_after = models.BigIntegerField(null=True, blank=True)
    benefit_volume = models.BigIntegerField(null=True, blank=True)
    benefit_months = models.PositiveSmallIntegerField(null=True, blank=True)
    benefit_cost = models.BigIntegerField(null=True, blank=True)
    benefit_confirmed = models.BigIntegerField(null=True, blank=True)  # by somebody else
    benefit_confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confidential = models.TextField(blank=True)
    # Parts only those who examine it may read, even once it is public.
    sealed = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    is_ip_protected = models.BooleanField(default=False)
    breaches_order = models.BooleanField(default=False)  # contrary to public order or ethics
    disclosure = models.CharField(max_length=20, choices=Disclosure, default=Disclosure.INTERNAL)
    # "Already recognised? decision": the author's statement; the office records the recognition.
    claims_recognition = models.BooleanField(default=False)
    claimed_decision = models.CharField(max_length=120, blank=True)
    claimed_decided_on = models.DateField(null=True, blank=True)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    filed_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # of the current step, from the rule pack
    # The unit above that decides instead of the handler, once the dossier was passed up to it.
    decider = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)  # of the last return, refusal or revocation
    submission_key = models.CharField(max_length=64, null=True, blank=True, unique=True)  # sent twice, kept once
    claim_digest = models.CharField(max_length=64, blank=True)  # of the one-time claim code

    is_cut = False  # what is kept has been taken out of this copy, for somebody who does not examine it

    class Meta:
        indexes = [
            models.Index(fields=["handler", "state", "-filed_on", "-id"], name="initiatives_inbox"),
            models.Index(fields=["unit", "-filed_on", "-id"], name="initiatives_unit"),
            # Lists in an order walk past what others filed: the index alone says whose it is.
            models.Index(fields=["state", "-filed_on", "-id"], include=["unit", "kind"], name="initiatives_state"),
            models.Index(
                fields=["handler", "due_on", "id"],
                include=["state", "unit"],
                condition=Q(state__in=["submitted", "received", "passed_up"]),
                name="initiatives_due",
            ),
            models.Index(
                fields=["filed_on", "id"],
                include=["unit", "kind"],
                condition=Q(filed_on__isnull=False),
                name="initiatives_newest",
            ),
            # What waits for somebody, the nearest deadline first; what has none comes last.
            models.Index(
                Coalesce("due_on", Value(date.max)),
                "filed_on",
                "id",
                include=["due_on", "unit", "state"],
                condition=Q(state__in=["submitted", "received", "passed_up"]),
                name="initiatives_work",
            ),
            # What waits to be received lies in the order of all work behind what waits to be decided.
            models.Index(
                Coalesce("due_on", Value(date.max)),
                "filed_on",
                "id",
                include=["due_on", "unit"],
                condition=Q(state="submitted"),
                name="initiatives_to_receive",
            ),
            # The work of one unit and its few sections.
            models.Index(
                fields=["unit", "due_on"],
                condition=Q(state__in=["submitted", "received", "passed_up"]),
                name="initiatives_waiting",
            ),
            models.Index(
                fields=["-filed_on", "-id"],
                condition=Q(state="recognised", disclosure="public"),
                name="initiatives_public",
            ),
            models.Index(fields=["decider", "state"], condition=Q(decider__isnull=False), name="initiatives_decider"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | (Q(filed_on__isnull=False) & ~Q(title="")),
                name="initiatives_filed_has_title",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["received", "passed_up", "recognised", "refused", "revoked"])
                | Q(received_on__isnull=False),
                name="initiatives_received_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="passed_up") | Q(decider__isnull=False), name="initiatives_passed_up_to"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["recognised", "refused", "revoked"]) | Q(concluded_on__isnull=False),
                name="initiatives_concluded_when",
            ),
            models.CheckConstraint(
                condition=Q(benefit_confirmed__isnull=True) | Q(benefit_confirmed_by__isnull=False),
                name="initiatives_benefit_confirmed_by",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")),
                name="initiatives_not_own_copy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def kept_parts(self) -> frozenset[str]:
        """What only those who examine it read: what was sealed, or all that can be when nothing is to go out."""
        return frozenset(Sealable.values if self.disclosure == Disclosure.COUNCIL else self.sealed)

    @property
    def sealed_words(self) -> str:
        return ", ".join(str(label) for name, label in Sealable.choices if name in self.kept_parts)


class Authorship(models.Model):
    """An author's share. A name without a person is somebody the officer has not yet found."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="authorships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="authorships")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=15, blank=True)  # only until the officer has found the person
    share = models.DecimalField(max_digits=5, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)  # 0 is the lead author
    confirmed_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(blank=True)  # why the co-author does not agree with the share
    asked_at = models.DateTimeField(null=True, blank=True)  # about this very share
    # The officer who has seen the consent on paper.
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # What the statutory application asks of each author; as it was when applied for, not as it is today.
    born_on = models.DateField(null=True, blank=True)
    workplace = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    qualification = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "position"], name="initiatives_author_place"),
            models.UniqueConstraint(
                fields=["initiative", "person"],
                condition=Q(person__isnull=False),
                name="initiatives_author_once",
            ),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=100), name="initiatives_share_range"),
            models.CheckConstraint(
                condition=Q(objection="") | Q(confirmed_at__isnull=True), name="initiatives_share_agreed_or_not"
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(confirmed_at__isnull=True, noted_by__isnull=True, asked_at__isnull=False),
                name="initiatives_share_unanswered",
            ),
            models.Index(fields=["noted_by"], condition=Q(noted_by__isnull=False), name="initiatives_share_noted"),
        ]

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """Somebody who took part in the first application, author or not: a table of the statutory application."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="participants")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    born_on = models.DateField(null=True, blank=True)
    workplace = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    qualification = models.CharField(max_length=120, blank=True)
    work = models.CharField(max_length=300)  # nội dung công việc hỗ trợ

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "position"], name="initiatives_participant_place"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(work=""), name="initiatives_participant_what"),
        ]

    def __str__(self) -> str:
        return self.name


class FirstUse(models.Model):
    """What whoever applied it first says of its benefit: asked in the system, or recorded from paper."""

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, related_name="first_use")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)  # person or organisation
    position = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    stated_at = models.DateTimeField(null=True)
    benefit = models.CharField(max_length=20, choices=Benefit, default=Benefit.UNKNOWN)
    amount = models.BigIntegerField(null=True)
    opinion = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stated_at__isnull=True) | (~Q(benefit="unknown") & ~Q(opinion="")),
                name="initiatives_first_use_said",
            ),
            models.CheckConstraint(
                condition=~Q(benefit="money") | Q(amount__gte=0), name="initiatives_first_use_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """What the dossier said at each filing."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["initiative", "number"], name="initiatives_revision_once")]


class Attachment(models.Model):
    """A photo or paper of a dossier."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40, blank=True)  # what it proves, from the rule pack evidence-kinds

    class Meta:
        ordering = ["id"]


class Recognition(models.Model):
    """A decision on an initiative: recognised, with scope, number and date; it may be revoked."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="recognitions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.GRASSROOTS)
    body = models.CharField(max_length=20, choices=Body, default=Body.HEAD)
    decision_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=120)  # as printed
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_on = models.DateField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["decided_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "scope"],
                condition=Q(revoked_on__isnull=True),
                name="initiatives_one_recognition_a_scope",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | ~Q(revoked_reason=""), name="initiatives_revoked_why"
            ),
        ]


class Adoption(models.Model):
    """A unit applies another unit's initiative (nhân rộng) and later reports the effect."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="adoptions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="adoptions")
    state = models.CharField(max_length=20, choices=AdoptionState, default=AdoptionState.REGISTERED)
    intention = models.TextField(blank=True)
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    registered_on = models.DateField()
    applied_on = models.DateField(null=True, blank=True)
    adapted = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    benefit = models.BigIntegerField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-registered_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "unit"], name="initiatives_adopted_once"),
            models.CheckConstraint(
                condition=~Q(state="applied") | (Q(applied_on__isnull=False) & ~Q(effect="")),
                name="initiatives_applied_with_effect",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ← {self.initiative}"
