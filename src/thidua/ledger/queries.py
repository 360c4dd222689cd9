"""The door for reading the ledger."""

from collections.abc import Collection

from django.db.models import Model, QuerySet

from thidua.ledger.models import Act


def timeline_of(subject: Model) -> QuerySet[Act]:
    """Every act on one record, oldest first."""
    return Act.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("id")


def spoken_of(subject_type: str, pks: Collection[int], *, but_not: Collection[str]) -> set[int]:
    """Of which records something else is written than acts of these kinds."""
    acts = Act.objects.filter(subject_type=subject_type, subject_id__in=pks).exclude(kind__in=but_not)
    return set(acts.values_list("subject_id", flat=True))
