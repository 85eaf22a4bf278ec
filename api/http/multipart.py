"""Files in ``multipart/form-data``, as browsers and ``curl -F`` send them: one in each form."""

from collections.abc import Iterator, Sequence

import msgspec
from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from api.http.refusals import MalformedBody

__all__ = ["MULTIPART", "FilePart", "file_part"]

MULTIPART = "multipart/form-data"

_MAX_PARTS = 50
_LONGEST_NAME = 100  # characters; longer names are cut
_ADVICE = "Send the file in one part, with its name: curl -F file=@people.csv."


class FilePart(msgspec.Struct, frozen=True):
    """The file in a form."""

    name: str
    """Its name, without folders."""
    media_type: str
    """What its sender calls it; "" if nothing."""
    data: bytes


def file_part(body: bytes, content_type: str) -> FilePart:
    """Return the only file in a form.

    Parameters
    ----------
    body : bytes
        The form.
    content_type : str
        The header that names its boundary.

    Raises
    ------
    MalformedBody
        The body is no such form, or has more or less in it than one file.
    """
    try:
        parts = list(_parts(body, content_type))
    except (MultipartError, UnicodeError, LookupError) as error:
        msg = f"The body cannot be read as {MULTIPART}. {_ADVICE}"
        raise MalformedBody(msg) from error
    return _only_file(parts)


def _parts(body: bytes, content_type: str) -> Iterator[tuple[MultipartSegment, bytes]]:
    """Yield the head of each part and what is in it."""
    _, options = parse_options_header(content_type)
    with PushMultipartParser(
        options.get("boundary", ""), max_segment_count=_MAX_PARTS
    ) as parser:
        content: list[bytes] = []
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                head, content = event, []
            elif event:
                content.append(bytes(event))
            else:
                yield head, b"".join(content)


def _only_file(parts: Sequence[tuple[MultipartSegment, bytes]]) -> FilePart:
    files = [(head, data) for head, data in parts if _is_file(head)]
    others = [str(head.name)[:_LONGEST_NAME] for head, _ in parts if not _is_file(head)]
    if len(files) != 1:
        found = f"{len(files)} files" if files else "no file"
        raise MalformedBody(f"The form holds {found}. {_ADVICE}")
    if others:
        raise MalformedBody(
            f"The form holds more than a file: {', '.join(others)}. Options belong into the "
            "address, such as ?dryRun=true."
        )
    head, data = files[0]
    # Some browsers send the whole path on their own machine.
    name = (head.filename or "").replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    return FilePart(name or str(head.name), (head.content_type or "").lower(), data)


def _is_file(head: MultipartSegment) -> bool:
    """Tell files from fields. A file that nobody has chosen has an empty name."""
    return bool(head.content_type) if head.filename is None else bool(head.filename)
