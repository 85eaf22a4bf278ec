"""The form in a real browser: by keyboard, with and without the script, and examined by axe."""

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.callers import as_key
from tests.api.cli.installation import Installation, Server
from tests.architecture.tracked import ROOT
from tests.browser import Visit, visiting
from tests.folders import database_folder

pytestmark = pytest.mark.browser

PEOPLE = 24
SPONSORS = 6
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
LINK = re.compile(r"invitation for (\w)(\d+)@x\.example: (\S+)\n")
LONGEST_WALK = 60  # keys pressed on one page


@pytest.fixture(scope="module")
def serving() -> Iterator[tuple[Server, dict[str, list[str]]]]:
    """Serve an open campaign; give the links of contributors (p) and sponsors (s)."""
    with database_folder() as home:
        installation = Installation(home)
        units, people = home / "units.csv", home / "people.csv"
        units.write_text("code,name,parent_code,headcount\nC,Company,,0\nU,Unit,C,30\n")
        people.write_text("\n".join(_people()))
        program = [sys.executable, "-m", "tests.api.cli.open_campaign", str(units), str(people)]
        subprocess.run(program, cwd=ROOT, env=installation.environment, check=True)
        with installation.serving() as server:
            yield server, _links(server, home)
            server.end()


def _people() -> Iterator[str]:
    yield "external_id,email,display_name,unit_code,role,locale"
    for number in range(PEOPLE):
        yield f"P{number},p{number}@x.example,Person,U,contributor,"
    for number in range(SPONSORS):
        yield f"S{number},s{number}@x.example,Sponsor,U,sponsor,"


def _links(server: Server, _: Path) -> dict[str, list[str]]:
    assert server.process.stdout is not None
    found: dict[str, list[str]] = {"p": [], "s": []}
    while sum(map(len, found.values())) < PEOPLE + SPONSORS:
        line = server.process.stdout.readline().decode()
        assert line, "the server ended"
        if match := LINK.fullmatch(line):
            found[match[1]].append(match[3])
    return found


Link = Callable[[str], str]


@pytest.fixture
def link(serving: tuple[Server, dict[str, list[str]]]) -> Link:
    """Give a link that nobody has used, of a contributor (p) or a sponsor (s)."""
    return lambda role: serving[1][role].pop()


@asynccontextmanager
async def examined(address: str, **context: Any) -> AsyncIterator[Visit]:
    """Visit with a policy that lets axe in."""
    async with visiting(address, bypass_csp=True, locale="en", **context) as visit:
        yield visit


async def axe(visit: Visit) -> dict[str, str]:
    return await visit.axe(beside="none")


async def press(visit: Visit, button: str) -> None:
    await visit.page.click(f"button[value={button}]")
    await visit.page.wait_for_load_state()


async def answer_all(visit: Visit, found: dict[str, Any] | None = None) -> None:
    """Answer until the review, and examine each kind of page if ``found`` is given."""
    while not await visit.page.query_selector("#send"):
        for row in await visit.page.query_selector_all(".statement"):
            await (await row.query_selector_all("input"))[3].check()
        if found is not None and len(found) < 5:
            found[await visit.page.title()] = await axe(visit)
        await press(visit, "next")


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", PHONE), ("dark", DESKTOP)], ids=["phone", "desktop"]
)
async def test_axe_finds_nothing_on_any_page_and_nothing_is_wider_than_the_screen(
    link: Link, scheme: str, size: dict[str, Any]
) -> None:
    found: dict[str, Any] = {}
    async with examined(link("s"), color_scheme=scheme, **size) as visit:
        found["opening"] = await axe(visit)
        await press(visit, "begin")
        await press(visit, "next")
        found["error"] = await axe(visit)
        await visit.page.check("[value=yes]")
        await press(visit, "next")
        await answer_all(visit, found)
        found["review"] = await axe(visit)
        await press(visit, "send")
        found["receipt"] = await axe(visit)
    async with examined(link("p"), color_scheme=scheme, **size) as visit:
        await press(visit, "begin")
        await answer_all(visit)
        await visit.page.go_back()
        found["comments"] = await axe(visit)
        width = await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    async with examined(f"{link('p')}x", color_scheme=scheme, **size) as visit:
        found["gone"] = await axe(visit)

    assert len(found) >= 6
    assert {name: broken for name, broken in found.items() if broken} == {}
    assert width <= 0


async def focus(visit: Visit, selector: str, key: str = "Tab") -> None:
    """Press a key until the focus is there."""
    for _ in range(LONGEST_WALK):
        if await visit.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        await visit.page.keyboard.press(key)
    pytest.fail(f"{selector} cannot be reached with {key}.")


async def test_the_whole_form_can_be_answered_by_keyboard_alone(
    serving: tuple[Server, Any], link: Link
) -> None:
    address = link("p")
    async with visiting(address, locale="en") as visit:
        keyboard = visit.page.keyboard
        await focus(visit, "button[value=begin]")
        await keyboard.press("Enter")
        await visit.page.wait_for_selector("#form")
        while await visit.page.query_selector(".statement"):
            before = visit.page.url
            await focus(visit, ".statement input")
            for digit in range(await visit.page.locator(".statement").count()):
                await keyboard.press(str(digit % 6))
            await focus(visit, "button[value=next]")
            await keyboard.press("Enter")
            await visit.page.wait_for_url(lambda url, was=before: url != was)
        await focus(visit, "textarea")
        await keyboard.type("More time.\nLess haste.")
        await focus(visit, "button[value=next]")
        await keyboard.press("Enter")
        await visit.page.wait_for_selector("#send")
        review = await visit.page.inner_text("main")
        await focus(visit, "button[value=send]")
        await keyboard.press("Enter")
        await visit.page.wait_for_selector(".facts")

        assert "Every statement has an answer." in review
        assert await visit.page.title() == "Thank you. Your answers have arrived."
        assert visit.complaints == []
        asked = {urlsplit(one).netloc for one in visit.requested if one.startswith("http")}
        assert asked == {urlsplit(address).netloc}


async def test_enter_goes_forward(link: Link) -> None:
    async with visiting(link("p"), locale="en") as visit:
        await press(visit, "begin")
        await visit.page.locator("input[type=radio]").nth(2).focus()
        await visit.page.keyboard.press("Space")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**page=2&**")


async def test_it_works_without_a_script(link: Link) -> None:
    async with visiting(link("p"), locale="en", java_script_enabled=False) as visit:
        await press(visit, "begin")
        await visit.page.locator("input[type=radio]").nth(3).check()
        await press(visit, "review")
        await press(visit, "send")

        assert await visit.page.title() == "Thank you. Your answers have arrived."


def saved(address: str) -> dict[str, Any]:
    """Return what is saved under a link, by the API."""
    place, _, token = address.partition("/f/")
    form = httpx.get(f"{place}/v1/form", headers=as_key(token), trust_env=False).json()
    return dict(form["saved"])


async def told(visit: Visit, text: str) -> None:
    """Wait until the page says how saving goes."""
    await visit.page.locator(f"#state:text-is('{text}')").wait_for()


async def test_answers_are_saved_while_they_are_given(link: Link) -> None:
    address = link("p")
    async with visiting(address, locale="en") as visit:
        bodies = []
        visit.page.on("request", lambda one: bodies.append((one.url, one.post_data_buffer)))
        await press(visit, "begin")
        await visit.page.locator("input[type=radio]").nth(4).check()
        await told(visit, "Saved")

        assert saved(address)["answers"] == {"problem_definition_1": 5}
        (body,) = [body for url, body in bodies if url.endswith("/save")]
        assert len(body) == 10_240


async def test_a_save_that_fails_is_tried_again_and_said_in_words(link: Link) -> None:
    address = link("p")
    async with visiting(address, locale="en") as visit:
        await press(visit, "begin")
        await visit.page.route("**/save", lambda route: route.abort())
        await visit.page.locator("input[type=radio]").nth(1).check()
        await told(visit, "Not saved, trying again")
        assert saved(address)["answers"] == {}
        await visit.page.unroute("**/save")
        await told(visit, "Saved")

        assert saved(address)["answers"] == {"problem_definition_1": 2}


async def test_the_script_says_that_another_tab_has_newer_answers(link: Link) -> None:
    address = link("p")
    async with visiting(address, locale="en") as visit, visiting(address) as other:
        await press(visit, "begin")
        await press(other, "begin")
        await other.page.locator("input[type=radio]").nth(1).check()
        await told(other, "Saved")
        await visit.page.locator("input[type=radio]").nth(2).check()
        await visit.page.wait_for_selector("#newer:not([hidden])")
        await visit.page.click("#newer a")

        assert await visit.page.locator("input[type=radio]").nth(1).is_checked()
        assert saved(address)["answers"] == {"problem_definition_1": 2}


async def test_every_screen_is_sent_in_as_many_bytes(link: Link) -> None:
    async with visiting(link("p"), locale="en") as visit:
        sizes = []
        visit.page.on(
            "request",
            lambda one: (
                sizes.append(len(one.post_data_buffer or b""))
                if one.is_navigation_request() and one.method == "POST"
                else None
            ),
        )
        await press(visit, "begin")
        await press(visit, "next")
        for number in range(3):
            await visit.page.locator("input[type=radio]").nth(6 * number).check()
        await press(visit, "next")

        assert len(set(sizes[1:])) == 1, sizes


async def test_after_an_error_the_focus_is_on_what_is_wrong(link: Link) -> None:
    async with visiting(link("s"), locale="en") as visit:
        await press(visit, "begin")
        await press(visit, "next")

        assert (await visit.page.title()).startswith("Error: ")
        assert await visit.page.evaluate("document.activeElement.id") == "problems"
        await visit.page.keyboard.press("Tab")
        await visit.page.keyboard.press("Enter")
        assert await visit.page.evaluate("location.hash") == "#consent"


async def test_every_target_is_large_enough(link: Link) -> None:
    measure = """() => [...document.querySelectorAll('button, label, summary, nav a, th a')]
        .map(one => one.getBoundingClientRect())
        .filter(box => box.width && (box.width < 24 || box.height < 24)).length"""
    async with visiting(link("p"), locale="en", **PHONE) as visit:
        small = [await visit.page.evaluate(measure)]
        await press(visit, "begin")
        small.append(await visit.page.evaluate(measure))
        await press(visit, "review")
        small.append(await visit.page.evaluate(measure))

    assert small == [0, 0, 0]


async def test_a_form_page_takes_less_than_60_kb(link: Link) -> None:
    async with visiting(link("p"), locale="en") as visit:
        sizes: dict[str, int] = {}

        async def weigh(answer: Any) -> None:
            if answer.status == 200 and answer.request.method == "GET":
                sizes[answer.url] = len(await answer.body()) + len(json.dumps(answer.headers))

        visit.page.on("response", weigh)
        await press(visit, "begin")
        await answer_all(visit)
        await visit.page.wait_for_timeout(300)

    shared = sum(size for url, size in sizes.items() if "/form-assets/" in url)
    pages = [size for url, size in sizes.items() if "/f/" in url]
    assert len(pages) > 15
    assert max(pages) + shared < 60_000
