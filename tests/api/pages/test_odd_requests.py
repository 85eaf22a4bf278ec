"""Requests that no browser sends: they get a page, whatever they hold."""

import pytest

from tests.api.pages.browsing import Browser

QUERIES = [
    "lang=%ff",
    "lang=de%00",
    "page=%00",
    "s=%ff.%00",
    "page=1&page=2",
    "embed=1&embed=2",
]


@pytest.mark.parametrize("query", QUERIES)
async def test_an_address_that_nobody_has_written(
    browser: Browser, token: str, query: str
) -> None:
    page = await browser.open(f"/f/{token}?{query}")

    assert (page.status, page.buttons) == (200, ["begin"])


@pytest.mark.parametrize(
    "cookie", ["opmodel-receipt=é", "opmodel-device=%00", "opmodel-device", "=;"]
)
async def test_a_cookie_that_we_have_not_set(browser: Browser, token: str, cookie: str) -> None:
    answer = await browser.get(f"/f/{token}", headers={"Cookie": cookie.encode()})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"do=%ff&s=%00", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(2_000)), "application/x-www-form-urlencoded"),
        (b"do=next&page=9999", "application/x-www-form-urlencoded"),
        (b"do=lang-&s=x", "application/x-www-form-urlencoded; charset=latin-1"),
        (b"{}", "application/json"),
        (b"\x00", "multipart/form-data; boundary=x"),
        (b"", ""),
    ],
)
async def test_a_body_that_is_no_form_of_ours(
    browser: Browser, token: str, body: bytes, kind: str
) -> None:
    answer = await browser.post(f"/f/{token}", content=body, headers={"Content-Type": kind})

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "action", ["lang-xx", "lang-%00", "nonsense", "", "review", "previous"]
)
async def test_a_button_that_is_not_there_saves_the_screen_and_goes_somewhere(
    browser: Browser, token: str, action: str
) -> None:
    page = await browser.begin(token)
    page.buttons.append(action)

    assert (await browser.press(page, action)).status == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"s": 1}', b'"x"'])
async def test_a_save_that_is_no_object_of_texts(
    browser: Browser, token: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}

    answer = await browser.post(f"/f/{token}/save", content=body, headers=headers)

    assert answer.status_code == 400


async def test_a_body_that_is_too_large(browser: Browser, token: str) -> None:
    answer = await browser.post(f"/f/{token}", data={"do": "x" * 1_100_000})

    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
