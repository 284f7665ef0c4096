"""Do amounts mean the price and size that the venue takes them for?"""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.sim.polymarket_order_wire import (
    ACCURACY,
    OLD_VERSION,
    PAYLOAD,
    Limit,
    Placement,
    limit_of,
    read_placement,
    shares_for,
)
from foreshock.core.domain.markets import uniform_grid
from foreshock.core.domain.units import MICRO, Price, Quantity
from tests.unit.adapters.sim.face_scenario import CENT, TENTH

ADDRESS = "0x" + "12" * 20
ORDER: dict[str, Any] = {
    "salt": 1,
    "maker": ADDRESS,
    "signer": ADDRESS,
    "tokenId": "9",
    "makerAmount": "5200000",
    "takerAmount": "10000000",
    "side": "BUY",
    "expiration": "0",
    "signatureType": 0,
    "timestamp": "1700000000123",
    "metadata": "0x" + "0" * 64,
    "builder": "0x" + "0" * 64,
    "signature": "0x",
}


def read(order: dict[str, Any], **changes: object) -> Placement | str:
    body = {"order": order, "owner": "key", "orderType": "GTC"} | changes
    return read_placement(msgspec.Raw(json.dumps(body).encode()))


def placed(order_type: str, side: str, maker: int, taker: int) -> Placement:
    amounts = {"side": side, "makerAmount": str(maker), "takerAmount": str(taker)}
    found = read(ORDER | amounts, orderType=order_type)
    assert isinstance(found, Placement), found
    return found


@pytest.mark.parametrize(
    "spoiled",
    [
        {"salt": -1},
        {"salt": "1.5"},
        {"maker": "0x12"},
        {"tokenId": "nine"},
        {"tokenId": "9" * 5_000},
        {"makerAmount": "0"},
        {"takerAmount": str(10**19)},
        {"side": "HOLD"},
        {"signatureType": 4},
        {"timestamp": ""},
        {"builder": "0x00"},
        {"expiration": "-5"},
    ],
)
def test_what_is_no_order_is_an_invalid_payload(spoiled: dict[str, object]) -> None:
    assert read(ORDER | spoiled) == PAYLOAD


@pytest.mark.parametrize(
    "changes", [{"orderType": "IOC"}, {"owner": 5}, {"orderType": "FOK", "postOnly": True}]
)
def test_a_bad_envelope_is_an_invalid_payload(changes: dict[str, object]) -> None:
    assert read(ORDER, **changes) == PAYLOAD


def test_bytes_that_are_no_json_are_an_invalid_payload() -> None:
    assert read_placement(msgspec.Raw(b"{")) == PAYLOAD
    assert read_placement(msgspec.Raw(b"[]")) == PAYLOAD


def test_orders_of_the_first_exchange_are_told_to_update() -> None:
    old = {name: ORDER[name] for name in ORDER if name not in {"timestamp", "metadata", "builder"}}
    assert read(old | {"nonce": "0", "feeRateBps": "0", "taker": ADDRESS}) == OLD_VERSION


# Amounts as the venue's clients make them: (type, side, grid, maker, taker) -> (price, size).
@pytest.mark.parametrize(
    ("order", "grid", "limit"),
    [
        (("GTC", "SELL", 10_120_000, 5_262_400), CENT, (520_000, 10_120_000)),
        (("GTC", "BUY", 2_500_000, 5_000_000), CENT, (500_000, 5_000_000)),
        (("GTC", "BUY", 4_565_800, 12_340_000), CENT, (370_000, 12_340_000)),
        (("GTC", "BUY", 955_710, 7_770_000), TENTH, (123_000, 7_770_000)),
        (("FAK", "BUY", 10_000_000, 19_230_700), CENT, (520_000, 0)),
        (("FAK", "BUY", 1_000_000, 14_285_700), CENT, (70_000, 0)),
        (("FOK", "SELL", 10_120_000, 5_262_400), CENT, (520_000, 10_120_000)),
    ],
)
def test_the_clients_amounts_are_read_back(
    order: tuple[str, str, int, int], grid: object, limit: tuple[int, int]
) -> None:
    found = limit_of(placed(*order), grid)  # pyright: ignore[reportArgumentType]  # a grid of the scenario
    assert found == Limit(Price(limit[0]), Quantity(limit[1]))


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("GTC", "BUY", 5_100_011, 10_000_000), "tick"),
        (("GTC", "BUY", 5_205_000, 10_000_000), "tick"),
        (("GTC", "BUY", 10_000_000, 10_000_000), "tick"),
        (("GTC", "BUY", 2_502_500, 5_005_000), PAYLOAD),
        (("FAK", "BUY", 9_980_001, 10_131_900), ACCURACY.format(side="buy")),
        (("FAK", "BUY", 9_980_000, 10_131_970), ACCURACY.format(side="buy")),
        (("FAK", "SELL", 10_121_000, 5_262_400), ACCURACY.format(side="sell")),
        (("FAK", "BUY", 10_000, 10_000_000), "tick"),
    ],
)
def test_impossible_amounts_are_refused(order: tuple[str, str, int, int], words: str) -> None:
    assert limit_of(placed(*order), CENT) == words


def test_a_share_count_rounded_up_misses_its_own_price() -> None:
    """The mistake that made orders unmatchable for a month: one unit too many lowers the limit."""
    assert limit_of(placed("FAK", "BUY", 10_000_000, 19_230_800), CENT) == Limit(
        Price(510_000), Quantity(0)
    )


@given(
    st.sampled_from([10_000, 1_000]),
    st.integers(1, 999),
    st.integers(500, 1_000_000),
)
def test_every_limit_on_the_grid_survives_the_wire(step: int, steps: int, lots: int) -> None:
    price, size = step * (1 + steps % (MICRO // step - 1)), lots * 10_000
    grid = uniform_grid(Price(step))
    for side, amounts in (
        ("BUY", (price * size // MICRO, size)),
        ("SELL", (size, price * size // MICRO)),
    ):
        found = limit_of(placed("GTC", side, *amounts), grid)
        assert found == Limit(Price(price), Quantity(size))


LEVELS = st.lists(
    st.tuples(st.integers(1, 99), st.integers(1, 5_000)),
    max_size=6,
    unique_by=lambda level: level[0],
)


@given(st.integers(0, 100_000), LEVELS)
def test_a_budget_is_never_overspent_and_stops_only_for_want_of_asks(
    cents: int, levels: list[tuple[int, int]]
) -> None:
    budget = cents * 10_000
    asks = tuple((Price(p * 10_000), Quantity(q * 10_000)) for p, q in sorted(levels))
    bought, left = shares_for(budget, asks)
    spent, rest = 0, bought
    for price, size in asks:
        taken = min(rest, size)
        spent += price * taken // MICRO
        rest -= taken
    assert rest == 0
    assert spent <= budget
    if left:
        assert bought == sum(size for _, size in asks)
        assert spent + left == budget
