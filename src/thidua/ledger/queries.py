"""The door for reading the ledger."""

from django.db.models import Model, QuerySet

from thidua.ledger.models import Act


def timeline_of(subject: Model) -> QuerySet[Act]:
    """Every act on one record, oldest first."""
    return Act.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("id")
