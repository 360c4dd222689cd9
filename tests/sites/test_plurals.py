"""English tells one from many; pages with exactly one of everything say so."""

import re
from html import unescape

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.initiatives.test_dossiers import filed, recognised
from thidua.initiatives.choices import Disclosure
from thidua.initiatives.domain import library
from thidua.ledger import readers

# A noun in the plural right behind a one that is no part of a larger number.
WRONG = re.compile(
    r"(?<![\d.,/])1 (initiatives|dossiers|units|people|persons|members|lines|reports|days|files|ballots|results|"
    r"lists|questions|numbers|nominations|certificates|weeks)\b"
)


@pytest.fixture(autouse=True)
def _english(db):
    call_command("build_messages")


@pytest.fixture
def one(cast):
    """Recognised and published; the only one."""
    item = recognised(cast)
    library.set_disclosure(item, Disclosure.PUBLIC, by=cast.an)
    readers.drain_all()
    return item


def english(person=None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if person is not None:
        client.force_login(person.account)
    return client


def words(answer) -> str:
    """What a reader sees, on one line."""
    assert answer.status_code == 200
    inner = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", answer.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", "", inner)).split())


def test_public_pages_say_one_initiative(programme, one):
    client = english()
    assert "1 initiative counted" in words(client.get(reverse("portal:home")))
    assert "1 initiative" in words(client.get(reverse("portal:library"), {"q": one.title}))
    for page in ("portal:home", "portal:programmes", "portal:library"):
        assert not WRONG.search(words(client.get(reverse(page)))), page


def test_the_office_says_one_dossier_and_one_person(cast, programme, one):
    client = english(cast.chi)
    assert "1 dossier" in words(client.get(reverse("office:initiatives"), {"q": one.code}))
    assert "1 person" in words(client.get(reverse("office:people", args=["TB-YT-01-N"])))
    place = {"args": [programme.code, "TB-YT-01"]}
    assert "1 dossier" in words(client.get(reverse("office:progress-rows", **place)))
    assert "1 person of a membership of 300" in words(client.get(reverse("office:progress", **place)))
    board = words(client.get(reverse("office:progress-board", **place)))
    assert "1 dossier filed" in board
    assert "1 person with an initiative" in board
    pages = [
        reverse("office:todo"),
        reverse("office:initiatives"),
        reverse("office:people", args=["TB-YT-01-N"]),
        reverse("office:progress", **place),
        reverse("office:progress-board", **place),
        reverse("office:progress-rows", **place),
        reverse("office:dossier", args=[one.code]),
        reverse("office:reports"),
        reverse("office:awards"),
    ]
    for page in pages:
        assert not WRONG.search(words(client.get(page))), page
    assert not WRONG.search(words(english(cast.an).get(reverse("member:home"))))


def test_what_was_done_to_one_and_to_two_is_said_apart(cast):
    one, two, three = (filed(cast, title=f"Xe đẩy thuốc {name} tầng") for name in ("hai", "ba", "bốn"))
    client = english(cast.binh)

    def receive(*items) -> str:
        typed = {"step": "receive", "code": [i.code for i in items]}
        return words(client.post(reverse("office:dossiers-bulk"), typed, follow=True))

    assert "1 dossier received." in receive(one)
    assert "2 dossiers received." in receive(two, three)
