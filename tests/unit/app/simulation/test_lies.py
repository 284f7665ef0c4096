"""Lies look like what the venues send, so that only their content can give them away."""

import random

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.app.simulation.lies import SHIFTS_S, lie_about_books, stamp_wrongly

POLYMARKET = b'[{"bids":[{"price":"0.45","size":"10"}],"asks":[{"price":".47","size":"3"}]}]'
KALSHI = b'{"orderbooks":[{"orderbook_fp":{"yes_dollars":[["0.4500","10.00"]]}}]}'


def test_books_of_one_cent_replace_the_true_ones() -> None:
    asked = HttpRequest("POST", "/books")
    lie = lie_about_books(asked, HttpResponse(200, POLYMARKET))
    assert lie is not None
    assert lie.body == POLYMARKET.replace(b"0.45", b"0.01").replace(b".47", b"0.01")
    asked = HttpRequest("GET", "/trade-api/v2/markets/orderbooks?tickers=A")
    lie = lie_about_books(asked, HttpResponse(200, KALSHI))
    assert lie is not None
    assert b'["0.0100","10.00"]' in lie.body


def test_nothing_else_is_lied_about() -> None:
    assert lie_about_books(HttpRequest("GET", "/time"), HttpResponse(200, POLYMARKET)) is None


def test_a_stamp_is_moved_in_its_own_unit() -> None:
    rng = random.Random(1)
    for text, unit in (
        ('{"timestamp":"1795000000123","x":1}', 1_000),
        ('{"ts":1795000000,"x":1}', 1),
        ('{"ts_ms":1795000000123}', 1_000),
    ):
        moved = stamp_wrongly(text, rng)
        assert moved is not None
        before, after = (int("".join(filter(str.isdigit, t.split(",")[0]))) for t in (text, moved))
        assert (after - before) / unit in SHIFTS_S
    assert stamp_wrongly('{"x":1}', rng) is None
