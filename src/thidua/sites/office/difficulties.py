"""Difficulties raised to the level above, and answers."""

from django.urls import URLPattern

paths: list[URLPattern] = []
