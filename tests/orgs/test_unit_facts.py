"""What a unit states of itself: headcounts by date, how its papers are marked."""

from datetime import date

from thidua.orgs.models import Headcount, Unit


def test_a_headcount_is_declared_for_a_day_and_kept_when_refused(cast, sign_in):
    page = "/van-phong/don-vi/TB-YT-01/so-doan-vien/"
    officer = sign_in(cast.binh)
    assert 'value="4"' in officer.get(page).content.decode()  # An of its section among them
    wrong = officer.post(page, {"on": "2022-05-01", "members": "310", "women": "400", "direct_workers": "200"})
    assert wrong.status_code == 422
    assert "không thể lớn hơn tổng số" in wrong.content.decode()
    assert 'value="310"' in wrong.content.decode()
    assert officer.post(page, {"on": "2022-05-01", "members": "310", "women": "200"}).status_code == 302
    assert Headcount.objects.get(unit=cast["TB-YT-01"], on=date(2022, 5, 1)).women == 200
    assert sign_in(cast.lan).get(page).status_code == 404


def test_who_may_change_the_tree_describes_the_unit(cast, sign_in):
    page = "/van-phong/don-vi/TB-YT-01/thong-tin/"
    typed = {
        "symbol": "CĐBV",
        "place": "Thái Bình",
        "sector": "Y tế",
        "employer": "public_service",
        "accepts_open_filing": "on",
    }
    assert sign_in(cast.chi).post(page, typed).status_code == 403
    assert sign_in(cast.quy).post(page, typed).status_code == 302
    unit = Unit.objects.get(code="TB-YT-01")
    assert (unit.symbol, unit.employer, unit.accepts_open_filing) == ("CĐBV", "public_service", True)
    refused = sign_in(cast.quy).post("/van-phong/don-vi/TB-YT/thong-tin/", typed)
    assert "Chỉ công đoàn cơ sở" in refused.content.decode()
