"""The command line takes what the API takes, and says what is wrong with the rest."""

import pytest
from click.testing import CliRunner

from api.cli import opmodel

TOO_MUCH = [
    (("key", "create", "--all-scopes", "--name", "x" * 201), "1 to 200 characters; got 201"),
    (("key", "create", "--all-scopes", "--name", ""), "1 to 200 characters; got 0"),
    (("key", "create", "--all-scopes", "--name", "a\udcff"), "not text in the encoding"),
    (
        ("key", "create", "--all-scopes", "--name", "x", "--unit", "U" * 65),
        "1 to 64 characters",
    ),
    (("key", "create", "--all-scopes", "--name", "x", "--days", "36501"), "1<=x<=36500"),
    (("key", "create", "--all-scopes", "--name", "x", "--days", "9" * 400), "1<=x<=36500"),
    (("key", "list", "--organisation", "a\udcff"), "not text in the encoding"),
    (("import", "responses", "README.md", "--campaign", "x", "--wave", "32768"), "1<=x<=32767"),
]


@pytest.mark.parametrize(("arguments", "said"), TOO_MUCH)
def test_what_no_column_holds_is_refused(arguments: tuple[str, ...], said: str) -> None:
    ended = CliRunner().invoke(opmodel, arguments)

    assert ended.exit_code == 2
    assert said in ended.output
