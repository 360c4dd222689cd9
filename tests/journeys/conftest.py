"""Real Chromium against a live server, on a phone and on a desktop."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Error

from tests.cast import Cast, assemble
from thidua.kernel import clock, installation

AXE = Path(__file__).parents[1] / "vendor" / "axe-core-4.14.1" / "axe.min.js"
CHROMIUM = os.environ.get("THIDUA_CHROMIUM") or shutil.which("chromium") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TODAY = date(2022, 5, 20)
PASSWORD = "matkhau-thu-2022"


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop shares the thread of the tests
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def world(transactional_db, settings) -> Iterator[Cast]:
    """The cast in a database the live server sees, on a day of 2022."""
    from thidua.programmes.models import Indicator

    settings.DEBUG = False
    cache.clear()  # what the library is counted by is remembered for ten minutes, of the world before
    if not Indicator.objects.exists():
        from importlib import import_module

        from django.apps import apps

        import_module("thidua.programmes.migrations.0002_indicator_catalogue").seed(apps, None)
    installation.set_demonstration(is_demonstration=True, clock_on=TODAY)
    with clock.at(TODAY):
        yield assemble()
    _wait_until_idle()
    installation.forget()


def _wait_until_idle() -> None:
    """A request that is still answered (the second of a double click) must not meet the emptying of the tables."""
    calm, until = 0, time.monotonic() + 20
    while calm < 3 and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            calm = 0 if cursor.fetchone()[0] else calm + 1
        time.sleep(0.15)


class Visitor:
    """One person at one screen; every page is checked for faults a user would meet."""

    def __init__(self, browser, address: str, width: int, height: int) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on("request", self._stay_home)

    def _stay_home(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"outside request: {request.url}")

    def open(self, path: str):
        self.page.goto(self.address + path)
        self.check()
        return self.page

    def sign_in(self, identifier: str):
        self.open("/dang-nhap/")
        self.page.fill("[name=username]", identifier)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button.btn-primary")
        self.check()
        return self.page

    def click(self, text: str):
        self.page.get_by_role("link", name=text).or_(self.page.get_by_role("button", name=text)).first.click()
        self.check()

    def agree(self) -> None:
        """Say yes in the confirmation dialogue, typing its word when it asks for one."""
        dialog = self.page.locator("#ask[open]")
        dialog.wait_for()
        word = dialog.locator(".ask-word strong")
        if word.is_visible():
            dialog.locator("#ask-word").fill(word.inner_text())
        dialog.locator("[value=yes]").click()
        self.check()

    def check(self) -> None:
        """No fault on the console, nothing a person with a disability stumbles over, no sideways scroll."""
        found, wide = self._look()
        assert found == [], f"{self.page.url}: {found}"
        assert not wide, f"{self.page.url} scrolls sideways"
        assert self.faults == [], f"{self.page.url}: {self.faults}"

    def _look(self) -> tuple[list[str], bool]:
        """axe's findings and whether the page is too wide; a page that was just being left is looked at anew."""
        for _attempt in range(4):
            self.settle()
            try:
                self.page.evaluate(AXE.read_text("utf-8"))
                found = self.page.evaluate(
                    "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
                    ".then(r => r.violations.map(v => v.id + ' ' + v.nodes.slice(0, 3).map(n => n.html).join(' | ')))"
                )
                return found, self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
            except Error as error:
                if "context was destroyed" not in str(error):
                    raise
        raise AssertionError(f"{self.page.url} never came to rest")

    def settle(self) -> None:
        """A click has left the page a moment later: wait for what it began, then for its end."""
        self.page.wait_for_timeout(200)
        self.page.wait_for_load_state("networkidle")

    def text(self) -> str:
        return self.page.inner_text("body")


@pytest.fixture
def phone(browser, live_server, world):
    visitor = Visitor(browser, live_server.url, 390, 844)
    yield visitor
    visitor.context.close()


@pytest.fixture
def desktop(browser, live_server, world):
    visitor = Visitor(browser, live_server.url, 1280, 900)
    yield visitor
    visitor.context.close()
