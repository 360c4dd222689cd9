"""Messages to people, written in the transaction of the act they tell of."""

from django.db import models

from thidua.people.models import Person


class Notice(models.Model):
    """One message in a person's inbox. `subject_*` lets the sites find the page to open."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=80)
    headline = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    subject_type = models.CharField(max_length=60)
    subject_code = models.CharField(max_length=60)
    needs_action = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at", "-id"], name="notify_notice_inbox")]
