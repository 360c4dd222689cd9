"""At night what is no longer needed goes."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.conftest import PASSWORD
from thidua.accounts import tasks
from thidua.accounts.models import Delay, Device, SignIn
from thidua.kernel import clock


def test_old_failures_and_ended_sessions_are_swept_live_ones_stay(cast, knock):
    live, ended = Client(), Client()
    knock("0900000001", PASSWORD, client=live)
    knock("0900000003", PASSWORD, client=ended)
    knock("0900000004", "sai")
    Session.objects.filter(session_key=ended.session.session_key).update(
        expire_date=clock.running() - timedelta(days=1)
    )
    Delay.objects.update(last_at=clock.running() - timedelta(days=2))
    tasks.sweep(0)
    assert not Delay.objects.exists()
    assert [row.session_key for row in SignIn.objects.all()] == [live.session.session_key]
    assert Device.objects.count() == 2  # a device stays known after its session
    assert live.get("/toi/").status_code == 200
