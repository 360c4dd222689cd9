"""The components say in words what they show in colour."""

import gzip
import re
from pathlib import Path

import pytest
from django.template import engines
from django.urls import reverse

from thidua.sites import shell
from thidua.sites.shell.templatetags.shell import bars, options

STATIC = Path(shell.__file__).parent / "static"
TEMPLATES = Path(shell.__file__).parents[1]


def render(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("percent", "standing", "words"),
    [
        (31.6, "behind", "31,6 %"),
        (100, "reached", "100 % · đạt chỉ tiêu"),
        (112.5, "exceeded", "112,5 % · vượt chỉ tiêu"),
        (None, "none", "chưa giao chỉ tiêu"),
    ],
)
def test_reached_and_exceeded_are_told_apart_in_words(percent, standing, words):
    shown = render("{% meter percent standing %}", percent=percent, standing=standing)
    assert words in re.sub(r"\s+", " ", shown)


def test_the_bar_of_a_meter_never_leaves_its_bed():
    assert 'width="100.0"' in render("{% meter 250 'exceeded' %}")


def test_a_chart_fits_and_its_words_are_text():
    rows = bars([("CĐCS Nhi", 22, 20, "/a/"), ("CĐCS Mắt", 0, None, "")], "Theo đơn vị")["rows"]
    assert [row["width"] for row in rows] == [1000.0, 0.0]
    assert rows[0]["mark"] < 995
    assert rows[1]["mark"] is None
    shown = render("{% bars rows 'C' %}", rows=[("CĐCS <Nhi>", 1234, 2000, "/a/")])
    assert '<a href="/a/">CĐCS &lt;Nhi&gt;</a>' in shown
    assert "1.234 / 2.000" in shown
    assert 'width="617.0"' in shown


def test_a_chart_of_nothing_is_drawn():
    assert bars([("Chưa có", 0, None, "")], "C")["rows"][0]["width"] == 0
    assert bars([], "C")["rows"] == []


def test_options_mark_the_chosen_one_and_escape_their_words():
    found = options([("", "Tất cả"), ("a", "<b>"), (3, "ba")], "3")
    assert found == (
        '<option value="">Tất cả</option><option value="a">&lt;b&gt;</option><option value="3" selected>ba</option>'
    )


def test_a_chip_escapes_its_words():
    assert render("{% chip words 'info' %}", words="<b>") == '<span class="chip chip-info">&lt;b&gt;</span>'


def test_every_icon_used_is_in_the_sprite():
    have = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "shell" / "icons.svg").read_text("utf-8")))
    used = set()
    for page in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)"', page.read_text("utf-8")))
    assert len(used) > 20
    assert used - have == set()


def test_every_address_in_the_stylesheet_is_there():
    sheet = STATIC / "shell" / "thidua.css"
    addresses = re.findall(r'url\("([^")]+)"\)', sheet.read_text("utf-8"))
    assert len(addresses) == 4
    assert [a for a in addresses if not (sheet.parent / a).resolve().exists()] == []


def test_a_members_first_page_is_light(cast, sign_in):
    """Under 100 KB compressed: the page with all it loads on a phone (fonts are for wide screens)."""
    page = sign_in(cast.an).get(reverse("member:home")).content
    loaded = set(re.findall(rb'(?:src|href)="/static/([^"#]+)', page))
    assert b"shell/thidua.css" in loaded
    sizes = [len(gzip.compress(page))] + [len(gzip.compress((STATIC / name.decode()).read_bytes())) for name in loaded]
    assert sum(sizes) < 100_000


def test_the_gallery_shows_every_component_to_administrators(cast, sign_in):
    page = sign_in(cast.quy).get(reverse("shell:components")).content.decode()
    assert "Còn thiếu số và ngày quyết định." in page
    assert 'href="#id_title"' in page
    assert 'aria-describedby="id_title-error id_title-help"' in page
    assert sign_in(cast.an).get(reverse("shell:components")).status_code == 403
