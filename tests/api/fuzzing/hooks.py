"""What schemathesis is taught: a media type, an own check, its own key, and the exceptions."""

import os
from typing import Any
from uuid import UUID, uuid4

import schemathesis

from tests.api.fuzzing.exceptions import is_allowed

PARQUET = "application/vnd.apache.parquet"
KEYLESS = "FUZZ_KEY" not in os.environ
_SEVERAL = '"parameter":"Authorization","code":"repeated"'
OWN_KEY = UUID(os.environ["FUZZ_KEY_ID"])


@schemathesis.serializer(PARQUET)
def as_bytes(context: Any, value: Any) -> Any:
    """Send what was made up as it is: no file of this kind can be made up from a schema."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Send files of responses with a key for them, and keep the key of all other requests."""
    if not KEYLESS and case.operation.path.endswith("/responses/import"):
        case.headers["Authorization"] = f"Bearer {os.environ['FUZZ_IMPORT_KEY']}"
    named = str((case.path_parameters or {}).get("keyId"))
    if named.replace("-", "").lower() == OWN_KEY.hex:
        case.path_parameters["keyId"] = str(uuid4())


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Keep the failures that no exception explains."""
    return not is_allowed(failure, response)


@schemathesis.check
def nobody_gets_in_without_a_key(context: Any, response: Any, case: Any) -> None:
    """Fail if a request that needs a key and has none is answered with more than a refusal.

    A key that was made up counts as none. Anybody may send OPTIONS; the form, whose tokens are
    looked up last, may first say that a body is wrong. Several credentials are none, either.
    """
    ways = case.operation.definition.raw.get("security", ())
    if KEYLESS and {"apiKey"} & set().union(*ways) and response.request.method != "OPTIONS":
        refused = response.status_code in {401, 404, 405} or _SEVERAL in response.text
        assert refused, response.status_code
