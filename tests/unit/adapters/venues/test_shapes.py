"""Are missing and new fields of a body named, and the recorded bodies as documented?"""

import re
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.venues.kalshi.documented import ENDPOINTS as KALSHI
from foreshock.adapters.venues.polymarket.documented import ENDPOINTS as POLYMARKET
from foreshock.adapters.venues.shapes import Drift, Endpoint, Level, compare, names_of
from foreshock.core.domain.errors import DataError

WIRE = Path(__file__).parents[5] / "shared" / "wire"
DEMO = WIRE / "kalshi" / "fortuna_demo_2026-06-11"
LIVE = WIRE / "polymarket" / "live_2026-10-05"
REMOVED = {"fractional_trading_enabled", "liquidity_dollars", "response_price_units"}
"""Fields of Kalshi's markets that were recorded in June 2026 and are gone since."""


class Row(msgspec.Struct, frozen=True):
    """One needed and one optional field, under the venue's names."""

    needed: int
    may_be: int | None = msgspec.field(name="mayBe", default=None)


class Body(msgspec.Struct, frozen=True):
    rows: list[Row]


SAMPLE = Endpoint(
    name="GET /rows",
    levels=(Level("", Body, "cursor"), Level("rows[]", Row, "other"), Level("rows[].in", Row)),
)


def drift(**body: object) -> Drift:
    return compare(SAMPLE, msgspec.json.encode(body))


def test_a_body_as_documented_has_no_drift() -> None:
    inner = {"needed": 1}
    assert drift(rows=[{"needed": 1, "mayBe": 2, "other": 3, "in": inner}], cursor="") == Drift(
        unknown=("rows[].in",)
    )


def test_missing_and_new_fields_are_named_with_their_place_once() -> None:
    found = drift(rows=[{"other": 1}, {"needed": 1, "brand_new": 2}, {"brand_new": 3}], extra=1)
    assert found.missing == ("rows[].needed",)
    assert set(found.unknown) == {"extra", "rows[].brand_new"}


def test_a_missing_list_is_missing_and_an_empty_one_unseen() -> None:
    assert drift().missing == ("rows",)
    assert drift(rows=[]) == Drift(unseen=("rows[]", "rows[].in"))
    assert drift(rows=None).unseen == ("rows[]", "rows[].in")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[]", b'{"rows":7}', b'{"rows":[7]}', b" " * (8 * 1024**2 + 1)]
)
def test_what_is_nothing_of_the_kind_raises(body: bytes) -> None:
    with pytest.raises(DataError):
        compare(SAMPLE, body)


def test_a_hostile_name_is_cut() -> None:
    (name,) = drift(rows=[], **{"x" * 500: 1}).unknown
    assert len(name) <= 60


@pytest.mark.parametrize("endpoint", [*KALSHI, *POLYMARKET], ids=lambda one: one.name)
def test_what_we_need_is_documented_by_being_read(endpoint: Endpoint) -> None:
    for level in endpoint.levels:
        known, needed = names_of(level)
        assert needed <= known


# ---- recordings ----------------------------------------------------------------------------


def recorded(folder: Path) -> None:
    if not folder.exists():
        pytest.skip(f"{folder} is not here: these bodies are read there, never copied")


class Meta(msgspec.Struct, frozen=True):
    """Where a recorded body comes from."""

    method: str | None = None
    path: str | None = None
    status: int | None = None


def kalshi_endpoint(path: str) -> Endpoint | None:
    bare = path.partition("?")[0].removeprefix("/trade-api/v2")
    named = re.sub(r"^(/portfolio/orders|/series|/events)/[^/]+$", r"\1/{id}", bare)
    if bare.startswith("/series/fee_changes"):
        return None
    return next((one for one in KALSHI if one.name == f"GET {named}"), None)


def test_recorded_kalshi_bodies_lack_nothing_and_hold_only_what_was_removed_since() -> None:
    recorded(DEMO)
    seen: set[str] = set()
    for file in sorted(DEMO.glob("*.meta.json")):
        meta = msgspec.json.decode(file.read_bytes(), type=Meta)
        endpoint = kalshi_endpoint(meta.path or "")
        if meta.method != "GET" or meta.status != 200 or endpoint is None:
            continue
        body = file.with_name(file.name.replace(".meta.json", ".json")).read_bytes()
        found = compare(endpoint, body)
        seen.add(endpoint.name)
        assert found.missing == (), file.name
        assert {name.rpartition(".")[2] for name in found.unknown} <= REMOVED, file.name
        if endpoint.name == "GET /markets":
            assert found.unknown, "the doctor would have named them"
    assert len(seen) >= 9


@pytest.mark.parametrize(
    ("name", "file", "before", "after"),
    [
        ("GET /clob-markets/{id}", "clob-markets-v1.json", b"", b""),
        ("GET /clob-markets/{id}", "clob-markets-v2.json", b"", b""),
        ("POST /books", "book-v1.json", b"[", b"]"),
        ("POST /books", "book-v2.json", b"[", b"]"),
    ],
)
def test_recorded_polymarket_bodies_are_as_documented(
    name: str, file: str, before: bytes, after: bytes
) -> None:
    recorded(LIVE)
    endpoint = next(one for one in POLYMARKET if one.name == name)
    found = compare(endpoint, before + (LIVE / file).read_bytes() + after)
    assert (found.missing, found.unknown) == ((), ())
