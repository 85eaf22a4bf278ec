"""Files of one thing are read whole, or refused with the name of the field."""

from pathlib import Path

import pytest

from survey.directory.organisation_import import OrganisationFile
from survey.files.complaints import FileRejected
from survey.files.documents import read_document


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def complaint(file: Path) -> str:
    with pytest.raises(FileRejected) as rejected:
        read_document(file, OrganisationFile, name="mine")
    return str(rejected.value.complaints[0])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("o.toml", 'key = "north"\nname = "Company North"'),
        ("o.json", '{"key": "north", "name": "Company North"}'),
        ("o.JSON", '{"key": "north", "name": "Company North"}'),
    ],
)
def test_reads_toml_and_json(tmp_path: Path, name: str, content: str) -> None:
    file = written(tmp_path, name, content)

    read = read_document(file, OrganisationFile, name="mine")

    assert read == OrganisationFile(key="north", name="Company North")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('key = "north"', "mine: expected a field 'name'"),
        ('key = "n"\nname = "N"\ncolour = 1', "mine: expected no field 'colour'"),
        ('key = "n"\nname = 3', "mine, column name: expected 'str' and not 'int'"),
        ("", "mine: expected a field 'key'"),
    ],
)
def test_a_complaint_names_the_field_and_what_it_takes(
    tmp_path: Path, content: str, expected: str
) -> None:
    assert complaint(written(tmp_path, "o.toml", content)) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("o.toml", "key = "),
        ("o.json", "{"),
        ("o.json", 'key = "north"'),
        ("o.toml", b"\xff\xfe\x00"),
        ("o.json", b"\xff\xfe\x00"),
        ("o.toml", b'name = "\xe9"'),
    ],
)
def test_what_is_no_document_is_refused(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    expected = f"mine: expected {name[2:].upper()}"

    assert complaint(written(tmp_path, name, content)).startswith(expected)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("o.json", r'{"key": "n", "name": "a\u0000b"}', "mine, column name: expected text"),
        ("o.toml", 'key = "n"\nname = "a\\u0000b"', "mine, column name: expected text"),
        ("o.json", r'{"key": "n", "name": "a\ud800b"}', "mine, column name: expected text"),
        ("o.json", r'{"key": ["n", {"a": "\u0000"}]}', "mine, column key[1].a: expected text"),
        ("o.json", r'{"a\u0000": 1}', "mine: expected names that are text without NUL"),
        ("o.toml", 'key = "n"\nname = "a\\ud800b"', "mine: expected TOML; Escaped character"),
        ("o.json", '{"key": "n", "name": "a\0b"}', "mine: expected JSON; Invalid control"),
        ("o.toml", 'name = "a\0b"', "mine: expected TOML; Illegal character"),
        ("o.json", '{"key": "n", "key": "m"}', "mine: expected JSON; an object has the member"),
        ("o.json", '{"key": 1e999}', "mine, column key: expected a finite number"),
        ("o.toml", "key = nan", "mine, column key: expected a finite number"),
        ("o.json", "[" * 100_000, "mine: expected JSON that is not nested so deeply"),
        ("o.toml", f"a = {'[' * 100_000}", "mine: expected TOML that is not nested so deeply"),
        ("o.toml", f"key = {'9' * 5_000}", "mine: expected TOML; a number in the file has too"),
    ],
)
def test_what_no_table_holds_is_refused(
    tmp_path: Path, name: str, content: str, expected: str
) -> None:
    assert complaint(written(tmp_path, name, content)).startswith(expected)


@pytest.mark.parametrize("name", ["o.json", "o.toml"])
def test_a_byte_order_mark_is_passed_over(tmp_path: Path, name: str) -> None:
    text = '{"key": "n", "name": "N"}' if name == "o.json" else 'key = "n"\nname = "N"'

    read = read_document(written(tmp_path, name, f"\ufeff{text}"), OrganisationFile, name="o")

    assert read.key == "n"
