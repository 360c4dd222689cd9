"""Allocation of targets to the units below."""

from django.urls import URLPattern

paths: list[URLPattern] = []
