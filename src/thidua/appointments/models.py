"""Who stands in for whom; the posts themselves are `people.Post`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from thidua.people.models import Post


class Substitution(models.Model):
    """Somebody holds another's post for a while (leave, mission): a post of its own that ends by itself."""

    absent = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="substitutions")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="stands_in")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(absent=F("post")), name="appointments_not_for_itself"),
        ]
