"""Progress of any node, with the rows behind each number."""

from django.urls import URLPattern

paths: list[URLPattern] = []
