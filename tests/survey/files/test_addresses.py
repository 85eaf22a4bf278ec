"""Addresses are cleaned if one reading is left, and refused otherwise."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.files.addresses import AddressUnclear, address_key, read_address

KIM = "kim@example.com"


@pytest.mark.parametrize(
    "text",
    [
        KIM,
        "kim@EXAMPLE.com",
        "kim@example.com\u200b",
        "kim@exam\u00adple.com",
        "\ufeffkim@example.com",
        "\u202akim@example.com\u202c",
        "\u00a0kim@example.com\u3000",
        "mailto:kim@example.com",
        "MAILTO: kim@example.com?subject=Hello%20Kim",
        "mailto:kim%40example.com",
        "SMTP:kim@example.com",
        "<kim@example.com>",
        "<mailto:kim@example.com>",
        "Kim Doe <kim@example.com>",
        '"Doe, Kim" <kim@example.com>',
        "kim@example.com <Kim@example.com>",
        "Kim Doe (kim@example.com)",
        "kim@example.com (work)",
        "[kim@example.com](mailto:kim@example.com)",
        "kim@example.com;",
        "kim@example.com,",
        "kim@example.com.",
        "kim@example.com; KIM@example.com",
        '"kim@example.com"',
        "“kim@example.com”",
        "'kim@example.com",
        '="kim@example.com"',
        "kim @ example.com",
        "ｋｉｍ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "kim﹫example。com",
    ],
)
def test_what_decorates_an_address_is_left_out(text: str) -> None:
    assert address_key(read_address(text)) == KIM


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("o’brien@example.com", "o'brien@example.com"),
        ("'o'brien@example.com'", "o'brien@example.com"),
        ("jane\u2013doe@example.com", "jane-doe@example.com"),
        ("ﬁona@example.com", "fiona@example.com"),
        ("ışık@example.com", "ışık@example.com"),
        ("kim@bücher.example", "kim@bücher.example"),
        ("kim@xn--bcher-kva.example", "kim@bücher.example"),
        ("kim@localhost", "kim@localhost"),
        ("kim@intranet.local", "kim@intranet.local"),
        ("kim@example.test", "kim@example.test"),
    ],
)
def test_what_belongs_to_an_address_stays(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kim <a@example.com>; second@example.org", "there are 2: a@example.com and second@"),
        ("a@example.com, b@example.com", "there are 2"),
        ("a@example.com/b@example.com", "there are 2"),
        ("SMTP:a@example.com;smtp:b@example.com", "there are 2"),
        ("a@example.com <b@example.com>", "there are 2"),
        ("kim@example..com", "two periods in a row"),
        ("kim doe@example.com", "SPACE"),
        ("kim (old) doe@example.com", "invalid characters"),
        ("kim@exam ple.com", "SPACE"),
        ("kim@@example.com", "'@'"),
        ("kim", "must have an @-sign"),
        ("kim at example.com", "must have an @-sign"),
        ("@example.com", "something before"),
        ("kim@", "something after"),
        ("kim@my_company.com", "'_'"),
        ("kim@example.invalid", "special-use"),
        ("\u0430nna@example.com", "Cyrillic and Latin"),
        ("anna@ex\u0430mple.com", "Cyrillic and Latin"),
        ("x" * 65 + "@example.com", "too long"),
        ("kim@" + "x" * 64 + ".com", "so many characters"),
        ("kim@" + "xy." * 84 + "com", "too long"),
    ],
)
def test_what_has_no_or_two_readings_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(AddressUnclear, match=why):
        read_address(text)


@given(st.text(alphabet=string.printable + "@.@.ıß＠\u200b\u00ad", max_size=40))
def test_an_address_that_was_read_is_read_as_itself(text: str) -> None:
    try:
        address = read_address(f"a{text}@example.com")
    except AddressUnclear:
        return
    assert read_address(address) == address


def test_addresses_are_one_whatever_their_case_and_spelling_of_the_domain() -> None:
    assert address_key(read_address("Kim@xn--bcher-kva.example")) == address_key(
        read_address("kim@Bücher.example")
    )


def test_a_dotless_i_is_another_letter() -> None:
    assert address_key("ısik@example.com") != address_key("ISIK@example.com")
