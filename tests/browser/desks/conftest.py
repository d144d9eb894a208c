"""What browser tests of desks share: `corridor run --practice` as of 14 November 2023, and people at their desks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Running, Watched, running

from corridor.base.moments import parse_moment
from corridor.opening import OpenOperation, open_operation
from corridor.practice import make_practice

AFTERNOON = "2023-11-14T15:00Z"


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with gaza-2023 loaded, for copying."""
    home = tmp_path_factory.mktemp("loaded")
    refused = make_practice("gaza-2023", parse_moment(AFTERNOON), {"CORRIDOR_HOME": str(home)}, lambda text: None)
    assert refused is None, refused
    return home


Prepare = Callable[[OpenOperation], None]


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """What is recorded in a module's practice before anybody signs in: nothing, unless the module says otherwise."""
    return lambda opened: None


@pytest.fixture(scope="module")
def chosen() -> dict[str, str]:
    """What a module's practice has in its environment beside its home."""
    return {}


@pytest.fixture(scope="module")
def practising(
    loaded_home: Path, prepare: Prepare, chosen: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A practice of this module's own."""
    home = tmp_path_factory.mktemp("practising") / "home"
    shutil.copytree(loaded_home, home)
    opened = open_operation("gaza-2023", {"CORRIDOR_HOME": str(home / "practice")}, progress=lambda text: None)
    assert isinstance(opened, OpenOperation), opened
    prepare(opened)
    opened.close()
    with running(home, "--practice", AFTERNOON, "--keep", **chosen) as started:
        yield started


AtDesk = Callable[..., Page]


@pytest.fixture
def at_desk(chromium: Browser, practising: Running, watched: Watched) -> Iterator[AtDesk]:
    """Somebody by name, signed in at an address; `looks` are the browser's: `color_scheme`, `viewport`, `locale`.

    Whatever the page's scripts complain of, and whatever it asks of another machine, fails the test.
    """
    contexts = []

    def at_desk(who: str, address: str, *, language: str = "en", **looks: object) -> Page:
        context = chromium.new_context(
            **{"locale": "en-GB", "timezone_id": "UTC", "viewport": {"width": 1440, "height": 900}, **looks}  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": practising.address}])
        page = context.new_page()
        page.on("request", lambda request: watched.asked.append(request.url))
        page.on("console", lambda said: watched.complained.append(said.text) if said.type == "warning" else None)
        page.on("pageerror", lambda error: watched.complained.append(str(error)))
        page.goto(f"{practising.address}/sign-in/?next={address}")
        page.fill("#id_username", who)
        page.fill("#id_password", practising.passwords[who])
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        expect(page.locator("main")).to_be_visible()
        return page

    yield at_desk
    for context in contexts:
        context.close()
    assert not watched.complained, watched.complained
    assert all(url.startswith((practising.address, "data:")) for url in watched.asked), watched.asked
