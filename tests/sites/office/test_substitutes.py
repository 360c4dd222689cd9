"""Filling in for an absent holder, as the people concerned do it in the browser."""

from django.urls import reverse

from tests.sites.member.test_pages import page_of
from thidua.people.models import Post

TYPED = {"since": "2022-05-20", "until": "2022-05-30", "reason": "Nghỉ phép năm"}


def test_an_officer_sends_a_substitute_and_comes_back(cast, sign_in):
    chi, post = sign_in(cast.chi), cast.chi.posts.get()
    address = reverse("office:post-substitute", args=[post.pk])
    assert address in page_of(chi, "office:substitutes")
    wrong = chi.post(address, {**TYPED, "person": cast.dung.code, "until": "2022-05-01"})
    assert (wrong.status_code, "Nghỉ phép năm" in wrong.content.decode()) == (422, True)
    assert chi.post(address, {**TYPED, "person": f"{cast.dung.code} – Trần Văn Dũng"}).status_code == 302
    assert "Trần Văn Dũng" in page_of(chi, "office:substitutes")
    stand_in = Post.objects.get(person=cast.dung, role="chair")
    dung = sign_in(cast.dung)
    assert reverse("office:post-substitute", args=[stand_in.pk]) not in page_of(dung, "office:substitutes")
    assert dung.post(reverse("office:substitute-end", args=[stand_in.pk])).status_code == 404
    chi.post(reverse("office:substitute-end", args=[stand_in.pk]))
    assert "Chưa có ai làm thay bạn." in page_of(chi, "office:substitutes")


def test_the_administrator_sees_it_in_the_list_of_posts(cast, sign_in):
    quy, post = sign_in(cast.quy), cast.chi.posts.get()
    answer = quy.post(reverse("office:post-substitute", args=[post.pk]), {**TYPED, "person": cast.dung.code})
    assert answer.headers["Location"] == reverse("office:posts", args=["TB-YT-01"])
    assert "Thay tạm" in page_of(quy, "office:posts", "TB-YT-01")


def test_nobody_fills_in_at_a_post_of_others(cast, sign_in):
    post = cast.chi.posts.get()
    for somebody in (cast.binh, cast.lan, cast.hanh, cast.an):
        assert sign_in(somebody).get(reverse("office:post-substitute", args=[post.pk])).status_code == 404


def test_people_are_offered_from_ones_own_rosters(cast, sign_in):
    chi, address = sign_in(cast.chi), reverse("office:person-options")
    assert "Trần Văn Dũng" in chi.get(address, {"person": "dung tran"}).content.decode()
    assert "Vũ Thị Lan" not in chi.get(address, {"person": "Vũ Thị Lan"}).content.decode()
