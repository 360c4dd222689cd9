"""What signing in needs beside the account itself (people.Account)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from thidua.accounts.choices import Method, Step
from thidua.people.models import Account, Person


class OneTimeCode(models.Model):
    """A code on a slip of paper: first sign-in, claim of one's record, or a new password."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="one_time_codes")
    digest = models.CharField(max_length=64, unique=True)  # the code itself is nowhere
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="accounts_one_open_code",
                fields=["person"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]


class Delay(models.Model):
    """Failed attempts under one key (account and network, account, network), and when the next may come."""

    key = models.CharField(max_length=64, unique=True)  # a digest: neither names nor addresses are kept
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)
    free_at = models.DateTimeField()


class Device(models.Model):
    """A browser somebody has signed in with before, known again by a cookie."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)  # e.g. Chrome trên Android; no more of it is kept
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()


class SignIn(models.Model):
    """A session that is open now; its end removes the row."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    device_name = models.CharField(max_length=80)
    method = models.CharField(max_length=10, choices=Method.choices)
    started_at = models.DateTimeField()
    last_used_at = models.DateTimeField()


class Authenticator(models.Model):
    """A second step: an app that shows six digits, or a passkey."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="authenticators")
    kind = models.CharField(max_length=10, choices=Step.choices)
    name = models.CharField(max_length=60)
    secret = models.TextField(blank=True)  # of the app, encrypted
    credential = models.BinaryField(null=True)  # of the passkey: its identifier and public key
    key_id = models.CharField(max_length=64, blank=True)  # digest of the identifier
    counter = models.BigIntegerField(default=0)  # the last used: nothing older counts again
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accounts_one_app", fields=["account"], condition=Q(kind=Step.APP)),
            models.UniqueConstraint(name="accounts_key_once", fields=["key_id"], condition=Q(kind=Step.PASSKEY)),
        ]


class RecoveryCode(models.Model):
    """One way in when telephone and key are lost; kept as a digest."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="accounts_recovery_once", fields=["account", "digest"])]


class Preference(models.Model):
    """What an account's holder has chosen or stated."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="preference")
    language = models.CharField(max_length=5, blank=True)
    own_phone = models.CharField(max_length=15, blank=True)  # stated, not checked: proves nothing to a provider


class EmailChange(models.Model):
    """A new e-mail address that waits for the code sent to it."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="email_change")
    email = models.EmailField()
    digest = models.CharField(max_length=64)
    attempts_left = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()


class ProviderLink(models.Model):
    """An identity at an OpenID Connect provider that may sign in as this account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="provider_links")
    provider = models.SlugField()
    subject = models.CharField(max_length=255)
    label = models.CharField(max_length=200)  # what the provider calls the person
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accounts_link_subject", fields=["provider", "subject"]),
            models.UniqueConstraint(name="accounts_link_once", fields=["account", "provider"]),
        ]
