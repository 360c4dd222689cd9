"""Two hats: the one that is on is shown, and only its rights count."""

import pytest

from tests.cast import SINCE, SYSTEM
from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.people.domain import rosters


@pytest.fixture
def hats(cast):
    """Bình is officer of the hospital and audits the province."""
    rosters.appoint(cast.binh, cast["TB"], "auditor", title="Ủy viên UBKT", since=SINCE, by=SYSTEM)
    return {post.role: post.pk for post in cast.binh.posts.all()}


def test_by_default_every_post_counts(cast, hats, sign_in):
    client = sign_in(cast.binh)
    page = client.get("/van-phong/")
    shown = page.content.decode()
    assert "Mọi chức danh" in shown
    assert "Ủy viên UBKT · " in shown
    assert page.context["desk_unit"] == cast["TB"]
    assert client.get("/van-phong/don-vi/TB-YT-01/tai-khoan/").status_code == 200
    assert client.get("/van-phong/don-vi/TB/").status_code == 200


def test_the_chosen_post_leaves_the_others_aside(cast, hats, sign_in):
    client = sign_in(cast.binh)
    client.post("/noi-lam-viec/", {"post": hats["auditor"]})
    page = client.get("/van-phong/")
    assert page.context["desk_post"].title == "Ủy viên UBKT"
    assert page.context["desk_unit"] == cast["TB"]
    assert client.get("/van-phong/don-vi/TB-YT-01/tai-khoan/").status_code == 403  # audits, keeps no roster
    assert client.post("/van-phong/tai-khoan/DV001/").status_code == 403
    client.post("/noi-lam-viec/", {"post": hats["grassroots_officer"]})
    assert client.get("/van-phong/").context["desk_unit"] == cast["TB-YT-01"]
    assert client.get("/van-phong/don-vi/TB-YT-01/tai-khoan/").status_code == 200
    assert client.get("/van-phong/don-vi/TB/").status_code == 404
    client.post("/noi-lam-viec/", {"post": ""})
    assert client.get("/van-phong/don-vi/TB/").status_code == 200


def test_a_chosen_post_that_has_ended_no_longer_limits_and_gives_nothing(cast, hats, sign_in):
    client = sign_in(cast.binh)
    client.post("/noi-lam-viec/", {"post": hats["auditor"]})
    cast.binh.posts.filter(role="auditor").delete()
    assert client.get("/van-phong/don-vi/TB/").status_code == 404
    assert client.get("/van-phong/don-vi/TB-YT-01/tai-khoan/").status_code == 200


def test_choosing_adds_no_right(cast, hats):
    grants.work_at(cast.an, hats["auditor"])
    assert not grants.holds(cast.an, Permission.UNIT_VIEW)
    assert grants.holds(cast.an, Permission.INITIATIVE_FILE)
