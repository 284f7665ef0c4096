"""Prices count from the end of their minute; a zero quote is none; other files are other data."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from foreshock.app.exits import CommandError
from foreshock.app.fair_value_files import read_quotes, read_spot


def test_a_minutes_close_is_known_when_the_minute_has_ended(tmp_path: Path) -> None:
    (tmp_path / "spot").mkdir()
    (tmp_path / "spot" / "a.csv").write_text("timestamp,price\n2026-01-05 01:00:00+00:00,7.5\n")
    known_s = int(datetime(2026, 1, 5, 1, 1, tzinfo=UTC).timestamp())
    assert read_spot(tmp_path) == {known_s: 7.5}


def test_a_zero_is_no_quote_and_files_of_other_columns_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "trades.csv").write_text("timestamp,trade_side\nx,y\n")
    (tmp_path / "books" / "a.csv").write_text(
        "Timestamp,TargetTime,Expiration,UpBid,UpAsk,DownBid,DownAsk\n"
        "2026-01-05 01:00:00,2026-01-05 01:00:00,2026-01-05 01:15:00,0,0.01,0.99,0.0\n"
    )
    (quote,) = read_quotes(tmp_path)
    assert (quote.up_bid, quote.up_ask, quote.down_bid, quote.down_ask) == (None, 0.01, 0.99, None)


@pytest.mark.parametrize("price", ["0", "-1", "nan", "inf", ""])
def test_what_is_no_price_is_named(tmp_path: Path, price: str) -> None:
    (tmp_path / "spot").mkdir()
    (tmp_path / "spot" / "a.csv").write_text(f"timestamp,price\n2026-01-05 01:00:00,{price}\n")
    with pytest.raises(CommandError, match=r"a\.csv line 2"):
        read_spot(tmp_path)
