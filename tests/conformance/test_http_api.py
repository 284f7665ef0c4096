"""Does our own HTTP API keep what its description promises, whatever it is asked?

Schemathesis makes the requests, valid and not, from the description that the desk itself serves.
The application runs in this process, behind its guard; nothing listens anywhere.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import (
    CHECKS,  # pyright: ignore[reportUnknownVariableType]  # the library leaves a parameter open
)
from schemathesis.config import SchemathesisConfig

from foreshock.core.engine import Entry
from foreshock.dashboard.schema import OPERATIONS, Operation
from tests.trading import START
from tests.unit.dashboard.site import BEARER, HOST, ORIGIN, Site
from tests.unit.dashboard.told import one_of_each

EXAMPLES_MAX = 20
ASKED = [each for each in OPERATIONS if each.path != "/api/stream"]
"""The stream has no end: its own tests read it."""
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
BOUNDED = settings(
    max_examples=EXAMPLES_MAX,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


class Answered(Protocol):
    """What we use of an answer."""

    status_code: int


class Request(Protocol):
    """What we use of a case: Schemathesis' own types leave their parameters open."""

    def call(self, *, base_url: str, headers: Mapping[str, str] | None = None) -> Answered: ...

    def validate_response(self, response: Answered, *, checks: Sequence[object]) -> None: ...


class Described(Protocol):
    """What we use of an operation."""

    def as_strategy(self, *, generation_mode: GenerationMode) -> SearchStrategy[Request]: ...


Api: TypeAlias = Mapping[str, Mapping[str, Described]]


def checks() -> Sequence[object]:
    """Known by name once a description was loaded."""
    return cast("Sequence[object]", CHECKS.get_by_names(list(NAMES)))


def loaded() -> Api:
    """The description as served, of a desk that has heard one message of every kind."""
    site = Site()
    for step, message in enumerate(one_of_each(), start=2):
        site.model.listen(step, Entry(0, None, "outside", message), START)
    headers = {**BEARER, "host": HOST}
    config = SchemathesisConfig()
    config.projects.default.generation.with_security_parameters = False
    schema = schemathesis.openapi.from_asgi(
        "/api/openapi.json", site.asgi, headers=headers, config=config
    )
    return cast("Api", schema)


@pytest.fixture(scope="module")
def api() -> Api:
    return loaded()


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def asked(api: Api, operation: Operation, mode: GenerationMode) -> SearchStrategy[Request]:
    return api[operation.path][operation.method.upper()].as_strategy(generation_mode=mode)


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        *((each, GenerationMode.POSITIVE) for each in ASKED),
        *((each, GenerationMode.NEGATIVE) for each in ASKED if each.body or each.query),
    ],
    ids=lambda each: named(each) if isinstance(each, Operation) else each.value,
)
def test_whatever_is_asked_with_the_token_is_answered_as_described(
    api: Api, operation: Operation, mode: GenerationMode
) -> None:
    @BOUNDED
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(asked(api, operation, mode))
        response = case.call(base_url=ORIGIN, headers=BEARER)
        case.validate_response(response, checks=checks())

    ask()


@pytest.mark.parametrize("operation", ASKED, ids=named)
def test_whatever_is_asked_without_credentials_is_turned_away(
    api: Api, operation: Operation
) -> None:
    @settings(BOUNDED, max_examples=5)
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(asked(api, operation, GenerationMode.POSITIVE))
        response = case.call(base_url=ORIGIN)
        expected = {200} if operation.path == "/healthz" else {401, 403}
        assert response.status_code in expected

    ask()
