"""Every page without a parameter × every person of the cast: allowed, refused with a sentence, never a fault."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.architecture.test_conventions import views
from thidua.access import grants

# Shows only what this very visitor has just sent.
AFTER_SENDING = "portal:quick-done"
PLAIN = []
for name, view in views():
    try:
        PLAIN.append((name, reverse(name), view))
    except NoReverseMatch:
        continue
PLAIN = [row for row in PLAIN if row[0] != AFTER_SENDING]
PEOPLE = ["an", "dung", "binh", "chi", "lan", "giang", "hanh", "phuc", "son", "minh", "quy", "khoa"]


def test_there_are_pages_to_walk():
    assert len(PLAIN) > 25


@pytest.mark.parametrize(("name", "url", "view"), PLAIN, ids=[n for n, _u, _v in PLAIN])
def test_anonymous_gets_public_pages_and_the_sign_in_page_for_the_rest(db, today, name, url, view):
    answer = Client().get(url)
    if view.permission == "public":
        assert answer.status_code in (200, 302, 405)
    else:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/dang-nhap/")


@pytest.mark.parametrize("nickname", PEOPLE)
def test_each_person_opens_what_the_rights_allow_and_nothing_else(cast, sign_in, nickname):
    person = getattr(cast, nickname)
    client = sign_in(person)
    for name, url, view in PLAIN:
        answer = client.get(url)
        if isinstance(view.permission, str):
            expected = {200, 302, 405}
        elif any(grants.holds(person, permission) for permission in view.permission):
            expected = {200, 302, 403, 404, 405}
        else:
            expected = {403}
        assert answer.status_code in expected, (nickname, name, answer.status_code)


LISTS = ["office:initiatives", "office:plans", "office:reports", "office:awards", "office:units", "office:papers"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_start_empty_with_a_word_on_what_to_do(cast, sign_in, name):
    page = sign_in(cast.binh).get(reverse(name))
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode() or name in ("office:units",)
