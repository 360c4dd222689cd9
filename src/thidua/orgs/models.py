"""The organisation through time: identities that never move, and dated facts about them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from thidua.kernel import clock
from thidua.orgs.choices import Change, ClusterKind, Employer, HeadcountSource, PlaceKind, Seat


class UnitKind(models.Model):
    """A kind of unit is data: kinds come and go with each reorganisation."""

    code = models.SlugField(primary_key=True)  # confederation, provincial, sectoral, grassroots…
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    rank = models.PositiveSmallIntegerField()  # 1 nation … 4 grassroots, 5 below
    is_grassroots = models.BooleanField(default=False)  # receives and recognises initiatives

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """Any body of the union. `lft`…`rgt` cover everything below in today's tree.

    `name`, `parent`, `lft`, `rgt`, `depth` are today's values, written only by `orgs.domain`, and so
    is `members`: of the unit with all below it.
    A unit that was merged hangs below its successor, so that what it did still adds up there.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=120)
    # How the unit writes itself in document symbols, e.g. CĐYT in 17/KH-CĐYT.
    symbol = models.CharField(max_length=30, blank=True)
    place = models.CharField(max_length=120, blank=True)  # địa danh on its papers
    sort_key = models.CharField(max_length=1200, db_collation="C")
    search = models.CharField(max_length=400)  # folded name, short name and code
    kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT, related_name="units")
    sector = models.CharField(max_length=60, blank=True)
    employer = models.CharField(max_length=20, choices=Employer, default=Employer.NONE)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    lft = models.IntegerField(default=0)
    rgt = models.IntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)
    members = models.PositiveIntegerField(default=0)
    established_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    accepts_open_filing = models.BooleanField(default=False)  # QR entry without an account

    class Meta:
        indexes = [
            models.Index(fields=["lft"], include=["rgt", "id"], name="orgs_unit_lft"),
            models.Index(fields=["parent", "sort_key"], name="orgs_unit_parent"),
            models.Index(fields=["sort_key", "id"], name="orgs_unit_order"),
            models.Index(Upper("code"), name="orgs_unit_upper_code"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="orgs_unit_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("established_on")),
                name="orgs_unit_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(rgt__gte=F("lft")), name="orgs_unit_interval"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.ended_on is None or self.ended_on > clock.today()

    def covers(self, other: Unit) -> bool:
        """Is `other` this unit or below it in today's tree?"""
        return self.lft <= other.lft <= self.rgt


class UnitName(models.Model):
    """What a unit was called when: history keeps its names."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=250)
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orgs_unit_one_name_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class Affiliation(models.Model):
    """Under which parent a unit stood when: the tree of any day."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="affiliations")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orgs_unit_one_parent_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="orgs_not_own_parent"),
        ]


class UnitEvent(models.Model):
    """One line of the ledger of unit changes (sổ biến động), with the decision behind it.

    `details` holds what the change replaced, so that it can be taken back. A line that was taken
    back stays in the ledger.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=Change)
    effective_on = models.DateField()
    decision_number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    details = models.JSONField(default=dict)
    # Where the work went: the successor of a merger, the new unit of a split.
    other = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["effective_on", "id"]
        indexes = [
            models.Index(fields=["other", "kind"], name="orgs_event_other"),
            models.Index(fields=["-effective_on", "-id"], name="orgs_event_newest"),
        ]


class Headcount(models.Model):
    """How many people a unit has on a day; may be declared without a full roster."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="headcounts")
    on = models.DateField()
    members = models.PositiveIntegerField()
    women = models.PositiveIntegerField(null=True, blank=True)
    direct_workers = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=20, choices=HeadcountSource, default=HeadcountSource.DECLARED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "on"], name="orgs_headcount_once_a_day"),
            models.CheckConstraint(
                condition=Q(women__isnull=True) | Q(women__lte=F("members")),
                name="orgs_headcount_women_within",
            ),
        ]


class Place(models.Model):
    """An administrative place with its official code, for the days it existed.

    Codes were used again in 2025, so a code names one place only together with a day.
    """

    code = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=PlaceKind)
    name = models.CharField(max_length=120)
    parent_code = models.CharField(max_length=10, blank=True)
    search = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=700, db_collation="C")
    valid = DateRangeField()
    becomes = ArrayField(models.CharField(max_length=10), default=list)  # the main successor first

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orgs_place_code_once_a_day",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            models.Index(fields=["kind", "parent_code"], name="orgs_place_parent"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="orgs_place_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Coverage(models.Model):
    """Which places a unit serves when: one commune union may serve several communes."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="coverage")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="coverage")
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orgs_covered_once_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Cluster(models.Model):
    """Units that are compared with one another (cụm, khối thi đua), set up by a unit above them."""

    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="clusters")
    kind = models.CharField(max_length=10, choices=ClusterKind, default=ClusterKind.CLUSTER)
    name = models.CharField(max_length=160)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="orgs_cluster_name_once")]

    def __str__(self) -> str:
        return self.name


class ClusterSeat(models.Model):
    """A unit in a cluster for a year, and who leads."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="seats")
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # of the cluster
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="seats")
    year = models.PositiveSmallIntegerField()
    seat = models.CharField(max_length=10, choices=Seat, default=Seat.MEMBER)

    class Meta:
        ordering = ["unit__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "unit", "year"], name="orgs_one_cluster_a_year"),
            models.UniqueConstraint(
                fields=["cluster", "year"], condition=Q(seat="lead"), name="orgs_one_lead_a_cluster"
            ),
        ]


class NodeFigure(models.Model):
    """An amount at a unit. `subject` says of what (kind, duty, movement, support), `key` of which one,
    `part` which part of it: see `domain.nodesums` and the packages that register a subject."""

    subject = models.CharField(max_length=20)
    key = models.BigIntegerField(default=0)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=60, blank=True)
    amount = models.BigIntegerField()

    class Meta:
        abstract = True


class NodeChange(NodeFigure):
    """A change at one unit, not yet folded into the sums of those above it."""

    class Meta:
        indexes = [models.Index(fields=["subject", "key"], name="orgs_nodechange_pending")]


class NodeSum(NodeFigure):
    """The sum of a unit and all below it. Read together with the pending changes (`orgs.sums`)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "key", "unit", "part"], name="orgs_nodesum_once"),
        ]
