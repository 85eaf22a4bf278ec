"""A file beyond a bound is refused before it takes memory or time; the way on is said."""

import gzip
import io
import resource
import tracemalloc
import zipfile
from collections.abc import Callable

import polars as pl
import pytest
from msgspec.structs import replace

from survey.files.bounds import CELL_CHARACTERS, LOCAL, RECORD_CHARACTERS, UPLOAD
from survey.files.cells import read_cells
from survey.files.complaints import FileRejected
from survey.files.parquet_footer import Damaged, read_footer
from survey.files.units import read_units
from tests.survey.files.sheets import hints, people, rejection, respondents, sheet, units

HEADER = "unit,role,data_readiness_1,comment_help"
SPLIT = (
    "Split the file into several with the same columns, or read it on the server with "
    "`opmodel import`, which takes ten times as much."
)
SMALL = replace(UPLOAD, rows=3, cells=20, misfits_of_few=2, larger="")


def parquet(**columns: object) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(columns).write_parquet(target, compression="zstd")
    return target.getvalue()


def nothing(rows: int) -> pl.Series:
    return pl.repeat(None, rows, dtype=pl.Null, eager=True)


def most_memory(work: Callable[[], object]) -> int:
    """Return how many bytes Python's objects took at most."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def refused(content: bytes) -> tuple[str, str | None]:
    with pytest.raises(FileRejected) as caught:
        units(content)
    return rejection(caught)[-1], hints(caught)[-1]


def test_a_file_with_too_many_rows_is_refused_with_the_way_around() -> None:
    with pytest.raises(FileRejected) as caught:
        read_cells(sheet(HEADER, *["U1,manager,4,"] * 4), name="file", bounds=SMALL)

    assert rejection(caught) == ["line 5: expected at most 3 rows; this is row 4"]
    assert hints(caught) == ["Split the file into several with the same columns."]


def test_rows_of_many_cells_are_fewer() -> None:
    own = ",".join(f"x_{number}" for number in range(6))

    with pytest.raises(FileRejected) as caught:
        read_cells(sheet(f"{HEADER},{own}", *["," * 8 + "a,"] * 3), name="f", bounds=SMALL)

    assert "expected at most 20 cells; this is row 3 of 10 cells each" in rejection(caught)[0]


def test_a_list_has_the_bounds_of_a_file() -> None:
    rows = pl.DataFrame({"code": ["A"] * 4})
    long = pl.DataFrame({"code": ["A", "x" * (CELL_CHARACTERS + 1)]})

    with pytest.raises(FileRejected, match="at most 3 rows; there are 4"):
        read_cells(rows, name="body", bounds=SMALL)
    with pytest.raises(FileRejected, match=r"entry 1, column code: .* this one has 131073"):
        read_cells(long, name="body", bounds=SMALL)


def test_a_row_beyond_the_bound_ends_the_reading() -> None:
    content = sheet(HEADER, *["U1,manager,4,"] * 4, *["too,short"] * 10)

    with pytest.raises(FileRejected) as caught:
        read_cells(content, name="file", bounds=SMALL)

    assert caught.value.total == 1


def test_the_command_line_reads_what_is_too_large_for_an_upload() -> None:
    content = sheet("code", *["A"] * (UPLOAD.rows + 1))

    with pytest.raises(FileRejected) as caught:
        read_cells(content, name="file")
    read = read_cells(content, name="file", bounds=LOCAL)

    assert hints(caught) == [SPLIT]
    assert read.frame.height == UPLOAD.rows + 1


def test_a_header_of_a_hundred_thousand_columns_of_the_givers_own_is_refused() -> None:
    said, hint = refused(sheet(",".join(f"x_{number}" for number in range(100_000))))

    assert said == (
        "line 1: expected at most 5000 columns, those that begin with x_ included; "
        "there are 100000"
    )
    assert hint is not None
    assert hint.startswith("Leave out the columns that are not needed")


@pytest.mark.parametrize(
    "cell",
    [b"x" * 50_000_000, b'"' + b"x" * 50_000_000, b'"' + b"x\n" * 25_000_000],
    ids=["plain", "endless quote", "endless quote over lines"],
)
def test_a_cell_of_50_megabytes_is_refused_before_it_is_copied(cell: bytes) -> None:
    content = b"code,name,parent_code,headcount\nA," + cell

    said, _ = refused(content)

    assert said == (
        f"line 2: expected cells of at most {CELL_CHARACTERS} characters; "
        "is a closing quote missing?"
    ) or said.startswith(f"line 2: expected rows of at most {RECORD_CHARACTERS} characters")


@pytest.mark.parametrize("row", [b"a," * 10_000_000, b'"a\n",' * 4_000_000])
def test_a_row_without_end_is_refused_before_its_cells_are_made(row: bytes) -> None:
    content = b"code,name\n" + row

    most = most_memory(lambda: refused(content))

    assert most < 10 * len(content)
    assert f"rows of at most {RECORD_CHARACTERS} characters" in refused(content)[0]


def test_reading_stops_when_most_rows_do_not_fit_the_header() -> None:
    content = sheet(HEADER, "U1,manager,4,", *["one,two"] * 9)

    with pytest.raises(FileRejected) as caught:
        read_cells(content, name="file", bounds=replace(SMALL, rows=100, cells=1000))

    assert rejection(caught)[-1] == (
        "line 5: expected 4 cells in most rows; reading stopped here, since 3 of 4 rows have "
        "others"
    )


def test_reading_stops_at_too_many_different_mistakes() -> None:
    circles = [f"A{one},A,B{one},1\nB{one},B,A{one},1" for one in range(50)]
    content = sheet("code,name,parent_code,headcount", *circles)

    with pytest.raises(FileRejected) as caught:
        read_units(content, name="file", bounds=replace(UPLOAD, causes=10))

    assert caught.value.total == 11
    assert rejection(caught)[0].startswith("expected fewer than 10 different mistakes")


def test_a_parquet_file_of_many_rows_is_refused_by_its_footer() -> None:
    content = parquet(code=nothing(10_000_000))

    assert len(content) < 20_000
    assert refused(content) == (
        f"expected at most {UPLOAD.rows} rows; there are 10000000",
        SPLIT,
    )


def test_a_parquet_file_of_many_cells_is_refused_by_its_footer() -> None:
    columns = {f"x_{number}": nothing(200_000) for number in range(200)}

    said, _ = refused(parquet(**columns))

    assert said == f"expected at most {UPLOAD.cells} cells; there are 40000000"


def test_a_parquet_file_of_many_columns_is_refused_by_its_footer() -> None:
    said, _ = refused(parquet(**{f"x_{number}": [1] for number in range(5_001)}))

    assert said.startswith("expected at most 5000 columns, those that begin with x_ included")


def test_one_long_text_repeated_by_a_dictionary_is_refused_by_what_it_unpacks_to() -> None:
    text = pl.repeat("x" * CELL_CHARACTERS, 4_000, dtype=pl.String, eager=True)
    content = parquet(code=text)

    assert len(content) < 200_000
    said, hint = refused(content)
    assert said == (
        f"expected at most {UPLOAD.unpacked_bytes} bytes once it is unpacked; "
        f"there are {CELL_CHARACTERS * 4_000}"
    )
    assert hint == SPLIT


def test_a_long_text_in_a_parquet_file_is_refused_as_one_in_csv_is() -> None:
    said, _ = refused(parquet(code=["x" * 50_000_000], name=["a"]))

    assert said.endswith(
        f"expected cells of at most {CELL_CHARACTERS} characters; this one has 50000000"
    )


@pytest.mark.parametrize(("field", "value"), [("memory", 300_000_000), ("cpu_seconds", 0)])
def test_a_process_that_unpacks_beyond_its_limits_is_a_complaint(
    field: str, value: int
) -> None:
    content = parquet(code=pl.int_range(0, 15_000_000, eager=True))
    bounds = replace(LOCAL, **{field: value}, rows=20_000_000)

    with pytest.raises(FileRejected, match="this one is damaged or too large"):
        read_cells(content, name="file", bounds=bounds)


def test_a_footer_that_contradicts_itself_counts_as_the_largest_that_it_says() -> None:
    content = parquet(code=nothing(300_000))

    assert read_footer(_lying(content, {300_000: 30_000})).rows == 300_000


def test_no_more_rows_are_unpacked_than_a_lying_footer_tells() -> None:
    content = parquet(code=nothing(300_000), name=pl.repeat("a", 300_000, eager=True))
    lying = _lying(content, {300_000: 30_000, 100_000: 10_000})

    assert read_footer(lying).rows == 30_000
    assert read_cells(lying, name="file").frame.height == 30_000


def _lying(content: bytes, counts: dict[int, int]) -> bytes:
    """Return a file whose footer gives other counts, in as many bytes."""
    start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    footer = content[start:-8]
    for told, untrue in counts.items():
        footer = footer.replace(_varint(told), _varint(untrue))
    return content[:start] + footer + content[-8:]


def _varint(number: int) -> bytes:
    """Return a number as Thrift's compact protocol writes it."""
    number *= 2
    written = b""
    while number > 127:
        written += bytes([number & 127 | 128])
        number >>= 7
    return written + bytes([number])


def _with_footer(footer: bytes) -> bytes:
    return b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"


@pytest.mark.parametrize(
    ("footer", "why"),
    [
        (b"\x19" * 200, "nested more than 8 deep"),
        (b"\x1c" * 200, "nested more than 8 deep"),
        (b"\x15" + b"\xff" * 100, "a number that is too long"),
        (b"\x15\x02\x00", "something else"),
        (b"\x18\xff\xff\xff\xff\x07", "cut off"),
        (b"\x19\xf5\xff\xff\xff\xff\x07" + b"\x02" * 50, "cut off"),
        (b"\x1b\x00", "an unknown kind"),
        (b"\x15\x02\x19\x1c\x00\x16\x01\x19\x0c\x00", "a negative size"),
    ],
)
def test_a_hostile_footer_is_called_damaged(footer: bytes, why: str) -> None:
    with pytest.raises(Damaged, match=why):
        read_footer(_with_footer(footer))


def test_a_footer_that_is_encrypted_or_enormous_is_called_so() -> None:
    with pytest.raises(Damaged, match="encrypted"):
        read_footer(b"PARE" + b"\0" * 20 + b"PARE")
    with pytest.raises(Damaged, match="more than 4000000"):
        read_footer(_with_footer(b"\0" * 5_000_000))


@pytest.mark.parametrize("prefix", ["", "x_"])
def test_a_column_nested_deeply_is_not_unpacked(prefix: str) -> None:
    value: object = 1
    for _ in range(30):
        value = [value]
    content = parquet(**{f"{prefix}deep": [value], "unit": ["U1"], "role": ["manager"]})

    with pytest.raises(FileRejected) as caught:
        respondents(content)

    holds = [said for said in rejection(caught) if "this column holds List(" in said]
    assert len(holds) == (0 if prefix else 1)


@pytest.mark.parametrize(
    "text", ["mailto:" * 15_000 + "a@x.example", "<a@x.example>," * 9_000, "(" * 60_000 + "@"]
)
def test_a_long_text_is_not_searched_for_an_address(text: str) -> None:
    content = sheet("external_id;email;display_name;unit_code;role", f"P1;{text};P;U1;manager")

    with pytest.raises(FileRejected) as caught:
        people(content)

    assert hints(caught) == [f"It is too long: {len(text)} characters."]


def test_archives_are_named_and_never_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 50_000_000)
    packed = gzip.compress(b"\0" * 50_000_000)

    most = most_memory(lambda: (refused(bomb.getvalue()), refused(packed)))

    assert "an Excel workbook" in refused(bomb.getvalue())[0]
    assert "compressed with gzip" in refused(packed)[0]
    assert most < 10_000_000


def test_the_limits_of_the_process_that_unpacks_are_not_those_of_its_parent() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)

    respondents(parquet(unit=["U1"], role=["manager"], data_first_1=[4]))

    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_the_process_that_unpacks_gets_none_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A Python that got it would not start.
    monkeypatch.setenv("PYTHONHOME", "/nonexistent")

    assert respondents(parquet(unit=["U1"], role=["manager"], data_first_1=[4])).rows == 1
