"""A field into which one types a code, or picks it from suggestions: "TB-YT – Công đoàn ngành Y tế"."""

from __future__ import annotations

from typing import Any

from django import forms

LONGEST = 300


def code_of(picked: str) -> str:
    """What was typed, or the code at the beginning of what was picked."""
    return picked.split(" – ", maxsplit=1)[0].strip()


class Picker(forms.CharField):
    """Asks for suggestions as one types; the page sets where (`hx-get`) and holds the list of that name."""

    suggestions = ""  # id of the list of suggestions

    def __init__(self, **kwargs: Any) -> None:
        attributes = {
            "list": self.suggestions,
            "autocomplete": "off",
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{self.suggestions}",
        }
        super().__init__(max_length=LONGEST, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> Any:
        return self.meant(code_of(super().clean(value)))

    def meant(self, code: str) -> Any:
        """What the code stands for; raises ValidationError when it stands for nothing."""
        return code


class UnitPicker(Picker):
    suggestions = "unit-options"


class PersonPicker(Picker):
    suggestions = "person-options"
