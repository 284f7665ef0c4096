"""Are both legs' bids read as one YES book, best first where it counts, and nonsense refused?"""

from pathlib import Path

import pytest

from foreshock.adapters.venues.kalshi.books import parse_books, sides
from foreshock.core.domain.books import Levels
from foreshock.core.domain.errors import DataError
from tests.unit.adapters.venues.kalshi.builders import Json, encoded

# GET /markets/KXWTACHALLENGERMATCH-26JUN11JIMLEP-LEP/orderbook, demo, 2026-06-11
REAL_BOOK = b'"orderbook_fp":{"no_dollars":[["0.4800","3.00"]],"yes_dollars":[["0.4700","3.00"]]}'


def book_of(named: bytes) -> tuple[Levels, Levels]:
    """One book, as it stands among others."""
    read = parse_books(b'{"orderbooks":[{"ticker":"A",' + named + b"}]}")
    assert read.doubtful == ()
    ((_, book),) = read.books
    return book


def test_a_no_bid_is_a_yes_ask_at_the_complement() -> None:
    assert book_of(REAL_BOOK) == (((470_000, 3_000_000),), ((520_000, 3_000_000),))


def test_no_levels_in_yes_prices_are_taken_as_they_are() -> None:
    bids, asks = sides([], [("0.5200", "3.00")], no_in_yes_price=True)
    assert (bids, asks) == ((), ((520_000, 3_000_000),))


def test_recorded_body_reads_the_same(shared_wire: Path) -> None:
    recorded = shared_wire / "kalshi" / "fortuna_demo_2026-06-11" / "orderbook__base.json"
    named = recorded.read_bytes().strip().removeprefix(b"{").removesuffix(b"}")
    assert book_of(named) == book_of(REAL_BOOK)


def test_recorded_combo_books_are_one_sided(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"
    body = b'{"orderbooks":' + (folder / "combo_orderbooks.json").read_bytes() + b"}"
    read = parse_books(body)
    assert read.doubtful == ()
    assert dict(read.books)["KXMVESPORTSMULTIGAMEEXTENDED-S20269E879FDB0C2-92BDDDE5192"] == (
        (),
        ((188_000, 369_000_000),),
    )


@pytest.mark.parametrize(
    "book",
    [
        {"yes_dollars": [["1.0000", "3.00"]], "no_dollars": []},
        {"yes_dollars": [["0.5000", "-3.00"]], "no_dollars": []},
        {"yes_dollars": [["0.50", "1.00"], ["0.5000", "2.00"]], "no_dollars": []},
        {"yes_dollars": [["NaN", "3.00"]], "no_dollars": []},
        {"yes_dollars": [["0.5000"]], "no_dollars": []},
        {"yes_dollars": [[0.5, 3]], "no_dollars": []},
        {"yes_dollars": []},
    ],
)
def test_one_impossible_book_does_not_take_the_others_with_it(book: Json) -> None:
    sound = {"yes_dollars": [], "no_dollars": [["0.4800", "3.00"]]}
    body = {
        "orderbooks": [
            {"ticker": "BAD", "orderbook_fp": book},
            {"orderbook_fp": sound},
            {"ticker": "GOOD", "orderbook_fp": sound},
        ]
    }
    read = parse_books(encoded(body))
    assert [ticker for ticker, _ in read.books] == ["GOOD"]
    assert [ticker for ticker, _ in read.doubtful] == ["BAD", ""]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"orderbook":{}}', b"[" * 100_000])
def test_a_body_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(DataError):
        parse_books(body)
