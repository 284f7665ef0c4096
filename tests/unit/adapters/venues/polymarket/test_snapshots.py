"""Book hashes and levels, on real bodies where there are any."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.polymarket.snapshots import check_hash, named_in, yes_sides
from foreshock.adapters.venues.polymarket.values import PriceTexts, QuantityTexts
from foreshock.adapters.venues.polymarket.wire import WireBook
from foreshock.core.domain.books import mirrored
from tests.unit.adapters.venues.polymarket.builders import (
    condition,
    encode,
    levels,
    rest_book,
    token,
)

# GET /book of a v2 market, clob.polymarket.com, 2026-10-05
REAL_V2 = (
    b'{"market":"0x017791f201d5a788e0039e511fc1900e5f000000000000000000000000000000",'
    b'"asset_id":"663574927012476832975694178961957910328055987427402067619466963999000625152",'
    b'"timestamp":"1791238858575","hash":"fc3846cab0c35a0977b6e5f605a4e5ff0d0b2277",'
    b'"bids":[],"asks":[],"min_order_size":"5","tick_size":"0.01","neg_risk":false,'
    b'"last_trade_price":"","version":"v2"}'
)


def read(body: bytes) -> WireBook:
    return msgspec.json.decode(body, type=WireBook)


def test_the_hash_of_a_real_v2_book_verifies() -> None:
    assert check_hash(read(REAL_V2)) == "verified"


@pytest.mark.parametrize("name", ["book-v1.json", "book-v2.json"])
def test_recorded_books_verify_and_hold_their_levels(shared_wire: Path, name: str) -> None:
    book = read((shared_wire / "polymarket" / "live_2026-10-05" / name).read_bytes())
    assert check_hash(book) == "verified"
    bids, asks = yes_sides(book, PriceTexts(), QuantityTexts(), is_yes=True)
    assert (len(bids), len(asks)) == (len(book.bids), len(book.asks))
    if bids and asks:
        assert bids[0][0] == 950_000  # the venue's best stands last
        assert asks[0][0] == 960_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"1791238858575"', b'"1791238858576"'),
        (b'"0.01"', b'"0.001"'),
        (b'"min_order_size":"5"', b'"min_order_size":"5.0"'),
        (b"false", b"true"),
        (b'"last_trade_price":""', b'"last_trade_price":"0.500"'),
        (b'"bids":[]', b'"bids":[{"price":"0.5","size":"1"}]'),
        (b',"version":"v2"', b""),
    ],
)
def test_any_other_content_has_another_hash(old: bytes, new: bytes) -> None:
    assert check_hash(read(REAL_V2.replace(old, new))) == "differs"


def test_a_frame_takes_its_missing_terms_from_the_market() -> None:
    frame = REAL_V2.replace(b'"min_order_size":"5",', b"").replace(b'"neg_risk":false,', b"")
    assert check_hash(read(frame)) == "unknown"
    assert check_hash(read(frame), min_order_size="5", neg_risk=False) == "verified"
    assert check_hash(read(frame), min_order_size="5", neg_risk=True) == "differs"


def test_a_book_without_a_hash_is_unknown() -> None:
    assert (
        check_hash(read(REAL_V2.replace(b"fc3846cab0c35a0977b6e5f605a4e5ff0d0b2277", b"")))
        == "unknown"
    )


LEVELS = st.dictionaries(
    st.integers(1, 999).map(lambda p: f"0.{p:03d}"), st.integers(0, 10**9).map(str), max_size=20
)


@given(LEVELS, LEVELS)
def test_the_no_book_is_the_exact_mirror_of_the_yes_book(
    bids: dict[str, str], asks: dict[str, str]
) -> None:
    def flipped(side: dict[str, str]) -> list[tuple[str, str]]:
        return [(f"0.{1000 - int(price[2:]):03d}", size) for price, size in side.items()]

    yes = rest_book(bids=list(bids.items()), asks=list(asks.items()))
    no = rest_book(outcome="no", bids=flipped(asks), asks=flipped(bids))
    seen = [
        yes_sides(read(encode(body)), PriceTexts(), QuantityTexts(), is_yes=is_yes)
        for body, is_yes in ((yes, True), (no, False))
    ]
    assert seen[0] == seen[1]
    best_first = [price for price, _ in seen[0][0]]
    assert best_first == sorted(best_first, reverse=True)
    assert mirrored(mirrored(seen[0][0])) == seen[0][0]


def test_an_empty_level_is_no_level() -> None:
    body = encode(rest_book(bids=[("0.4", "0"), ("0.3", "1")]))
    bids, _ = yes_sides(read(body), PriceTexts(), QuantityTexts(), is_yes=True)
    assert bids == ((300_000, 1_000_000),)


def test_an_impossible_level_is_refused() -> None:
    body = encode(rest_book() | {"bids": levels([("1.5", "1")])})
    with pytest.raises(ValueError, match="outside"):
        yes_sides(read(body), PriceTexts(), QuantityTexts(), is_yes=True)


def test_finds_the_names_in_a_broken_body() -> None:
    body = (
        f'{{"market":"{condition(7)}","x":[{{"asset_id":"{token(7, "no")}","{condition(7)}'.encode()
    )
    assert named_in(body) == [condition(7), token(7, "no")]
    assert named_in(b'{"timestamp":"1791238858575"') == []
