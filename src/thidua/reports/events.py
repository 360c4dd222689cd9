"""Sentences for the acts of this package."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
