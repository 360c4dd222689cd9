"""The append-only record of every act. No foreign keys: a line outlives what it speaks of."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Act(models.Model):
    """Who did what to which record, from where, before and after."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=80)  # e.g. initiatives.initiative.recognised
    actor_id = models.BigIntegerField(null=True)  # people.Person; null for the system
    actor_name = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60)  # e.g. initiatives.initiative
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=300)
    unit_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    origin = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="ledger_act_subject"),
            models.Index(fields=["unit_id", "-id"], name="ledger_act_unit"),
            BrinIndex(fields=["at"], name="ledger_act_at"),
        ]


class Unread(models.Model):
    """An act that one reader (a package above) has not worked through yet."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    reader = models.CharField(max_length=40)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # that failed
    not_before = models.DateTimeField(null=True)  # its next turn, after a failure

    class Meta:
        indexes = [models.Index(fields=["reader"], condition=models.Q(tries__gt=0), name="ledger_unread_failing")]
        constraints = [models.UniqueConstraint(fields=["reader", "act"], name="ledger_unread_once")]


class Unsealed(models.Model):
    """An act not yet in the chain of seals (rows become visible out of order, so ids cannot tell)."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, primary_key=True, related_name="+")


class Seal(models.Model):
    """A link of the hash chain over a batch of acts: a changed or removed line shows."""

    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    act_ids = models.JSONField()
    sealed_at = models.DateTimeField()
