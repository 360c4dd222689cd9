"""What waits for the officer: the home of the office."""

from django.urls import URLPattern

paths: list[URLPattern] = []
