"""The form from the link to the receipt, without a script."""

from tests.api.pages.browsing import Browser
from tests.factories.open_campaign import OpenCampaign


async def test_a_form_is_answered_from_the_link_to_the_receipt(
    browser: Browser, opened: OpenCampaign, token: str
) -> None:
    review = await browser.answer_all(await browser.begin(token))
    receipt = await browser.press(review, "send")

    assert (review.status, receipt.status) == (200, 200), receipt.text
    assert "Every statement has an answer." in review.text
    assert receipt.text.startswith("A survey by ")
    assert "Thank you. Your answers have arrived." in receipt.text
    assert await opened.answers() == [
        [3] * 62,
    ]
