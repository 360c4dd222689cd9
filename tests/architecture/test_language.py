"""Both languages are complete, and numbers and dates follow the language."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from thidua.kernel import catalogue, formats


def test_every_word_of_the_interface_has_its_english():
    assert catalogue.missing() == []


def test_placeholders_survive_translation():
    for message in catalogue.english():
        if not message.id:
            continue
        (words, *_same), forms = _forms(message.id), _forms(message.string)
        for form in forms:
            assert _places(form) == _places(words), message.id


def test_english_tells_one_from_many():
    counts = [m for m in catalogue.english() if m.id and m.pluralizable]
    assert counts
    same = [m.id[0] for m in counts if len(set(m.string)) == 1]
    assert same == [], 'give both forms: {"vi": ["one", "many"]}'


def _forms(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _places(words: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", words))


def test_a_count_has_one_form_in_vietnamese_and_its_word_is_used_for_counts_only():
    counts, others = {}, {}
    for message, context, place in catalogue.uses():
        if isinstance(message, tuple):
            assert len(set(message)) == 1, place
            counts[message[0], context] = place
        else:
            others[message, context] = place
    mixed = {words: (counts[words], others[words]) for words in counts.keys() & others.keys()}
    assert mixed == {}, "a word that counts has two forms in English; give the other use a message of its own"


def test_a_count_follows_its_number_in_english_only():
    with translation.override("en"):
        assert [formats.counted("Đã tiếp nhận %(n)d hồ sơ.", n) for n in (0, 1, 2)] == [
            "0 dossiers received.",
            "1 dossier received.",
            "2 dossiers received.",
        ]
    with translation.override("vi"):
        assert formats.counted("Đã tiếp nhận %(n)d hồ sơ.", 1) == "Đã tiếp nhận 1 hồ sơ."


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
