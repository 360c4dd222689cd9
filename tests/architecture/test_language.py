"""Both languages are complete, and numbers and dates follow the language."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from thidua.kernel import catalogue, formats


def test_every_word_of_the_interface_has_its_english():
    assert catalogue.missing() == []


def test_placeholders_survive_translation():
    import re

    for message in catalogue.english():
        if not message.id or message.pluralizable:
            continue
        wanted = set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", str(message.id)))
        assert set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", str(message.string))) == wanted, message.id


@pytest.mark.parametrize(("language", "written"), [("vi", "1.234.567,5"), ("en", "1,234,567.5")])
def test_numbers_follow_the_language(language, written):
    with translation.override(language):
        assert formats.number(Decimal("1234567.5"), 1) == written


@pytest.mark.django_db
def test_the_public_home_speaks_english_when_asked():
    from django.core.management import call_command

    call_command("build_messages")
    page = Client(headers={"accept-language": "en"}).get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Initiatives of working people" in page


def test_a_key_in_a_form_keeps_its_digits():
    from django.template import Context, Template

    with translation.override("vi"):
        shown = Template('<input value="{{ pk }}">{{ pk|number }}').render(Context({"pk": 1234567}))
    assert shown == '<input value="1234567">1.234.567'
