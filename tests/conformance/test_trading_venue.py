"""What both trading venues promise, paper and live: one suite for the port.

The live gateway runs with signatures and JSON against the simulated venues.
"""

import pytest

from foreshock.core.domain.messages.trading import (
    CancelOrder,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    SendRefused,
    TimeInForce,
)
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.units import MICRO, SECOND, Instant, Price, Quantity
from tests.conformance.ports import PORTS, LivePort, Port, buy, port, run
from tests.trading import contracts

LONG_S = 60
LIVE = tuple(name for name in PORTS if name.startswith("live"))


@pytest.fixture(params=PORTS)
def at(request: pytest.FixtureRequest) -> Port:
    return port(request.param)


def ends(at: Port, order_id: str = "o1") -> list[OrderFact]:
    words = (OrderClosed, OrderRejected, SendRefused)
    return [f for f in at.said if f.order_id == order_id and isinstance(f, words)]


def filled(at: Port, order_id: str = "o1") -> int:
    fills = [f for f in at.said if isinstance(f, OrderFilled) and f.order_id == order_id]
    assert len({f.fill_id for f in fills}) == len(fills), "a fill told twice"
    return sum(f.quantity for f in fills)


def distinct_filled(at: Port) -> int:
    """Each fill once: paper tells its whole story again when it is asked."""
    fills = {f.fill_id: f for f in at.said if isinstance(f, OrderFilled)}
    return sum(f.quantity for f in fills.values())


@pytest.mark.parametrize("force", ["ioc", "fok"])
@pytest.mark.parametrize("there", [0, 8, 20, 50])
async def test_every_order_has_exactly_one_last_word(
    at: Port, force: TimeInForce, there: int
) -> None:
    at.offer(there)
    at.perform(buy(at, time_in_force=force))
    await run(at, LONG_S)
    (last,) = ends(at)
    expected = min(there, 20) if force == "ioc" or there >= 20 else 0
    assert filled(at) == contracts(expected) == at.held()
    if isinstance(last, OrderClosed):
        assert last.filled == contracts(expected)
    else:
        assert not expected


@pytest.mark.parametrize(
    "terms", [{"limit": Price(455_000)}, {"quantity": Quantity(20_000_001)}, {"quantity": 1}]
)
async def test_what_no_venue_takes_is_rejected_once(at: Port, terms: dict[str, int]) -> None:
    at.offer(50)
    at.perform(buy(at, "o1", **terms))
    await run(at, LONG_S)
    assert [type(word) for word in ends(at)] == [OrderRejected]
    assert at.held() == 0
    assert at.venue.next_due_us() is None


@pytest.mark.parametrize("later_s", [0, 0.02, 1, 20])
async def test_an_order_id_sent_twice_is_one_order(at: Port, later_s: float) -> None:
    at.offer(50)
    placed = buy(at)
    at.perform(placed)
    await run(at, later_s)
    at.perform(placed)
    await run(at, LONG_S)
    assert at.held() == contracts(20)
    assert distinct_filled(at) == contracts(20)
    assert len(set(ends(at))) == 1


@pytest.mark.parametrize("later_s", [0, 0.02, 0.3, 5])
@pytest.mark.parametrize("there", [0, 8, 20])
async def test_a_cancel_leaves_no_order_without_a_last_word(
    at: Port, there: int, later_s: float
) -> None:
    at.offer(there)
    at.perform(buy(at))
    if later_s:
        await run(at, later_s)
    at.perform(CancelOrder("o1", at.market.id))
    await run(at, LONG_S)
    (last,) = set(ends(at))
    counted = last.filled if isinstance(last, OrderClosed) else 0
    assert counted == distinct_filled(at) == at.held()


async def test_a_cancel_of_what_nobody_knows_is_harmless(at: Port) -> None:
    at.perform(CancelOrder("never placed", at.market.id))
    await run(at, LONG_S)
    assert at.said == []


@pytest.mark.parametrize("there", [8, 20])
async def test_an_answer_that_is_lost_is_no_last_word_and_asking_brings_one(
    at: Port, there: int
) -> None:
    at.lose_answers(1)
    at.offer(there)
    at.perform(buy(at))
    for _ in range(8):
        await run(at, 5)
        at.perform(CancelOrder("o1", at.market.id))
    await run(at, LONG_S)
    assert distinct_filled(at) == contracts(there) == at.held()
    closed = {f.filled for f in ends(at) if isinstance(f, OrderClosed)}
    assert closed <= {contracts(there)}
    assert closed or there == 20, "fills of the whole order are a last word too"
    assert at.venue.next_due_us() is None


async def test_nothing_is_said_before_its_time(at: Port) -> None:
    at.offer(8)
    at.perform(buy(at))
    heard = len(at.said)
    for _ in range(200):
        await at.work()
        due_us = at.venue.next_due_us()
        if due_us is None:
            break
        heard = len(at.said)
        at.wait_until(Instant(due_us - 1))
        assert not list(at.venue.due(at.now_us)), "said before it was due"
        at.wait_until(due_us)
    assert at.venue.next_due_us() is None or heard, "nothing was ever said"
    assert len(ends(at)) == 1


async def test_what_is_over_wants_no_attention(at: Port) -> None:
    at.offer(20)
    at.perform(buy(at))
    await run(at, LONG_S)
    assert at.venue.next_due_us() is None
    assert not list(at.venue.due(Instant(at.now_us + 3_600 * SECOND)))


@pytest.mark.parametrize("name", PORTS)
async def test_the_same_commands_bring_the_same_words(name: str) -> None:
    told: list[list[OrderFact]] = []
    for _ in range(2):
        at = port(name)
        at.offer(50)
        for number in range(3):
            at.perform(buy(at, f"o{number}", package_id=f"p{number}"))
            await run(at, 1)
        await run(at, LONG_S)
        told.append(at.said)
    assert told[0] == told[1]
    assert len(told[0]) >= 9


# ---- the gateway alone: what paper has no network for -----------------------------------------


@pytest.mark.parametrize("name", LIVE)
async def test_a_request_that_never_arrived_is_given_up_late_and_never_doubled(name: str) -> None:
    at = LivePort(name.split()[1])
    at.offer(50)
    at.trader.rule(effect="drop_request")
    at.perform(buy(at, purpose="enter"))
    await run(at, 8)
    assert not ends(at), "it may still arrive"
    assert [f for f in at.said if isinstance(f, OrderUnknown)]
    await run(at, LONG_S)
    (last,) = ends(at)
    assert isinstance(last, OrderClosed)
    assert (last.filled, at.held(), at.posts_count()) == (0, 0, 1)


@pytest.mark.parametrize("name", LIVE)
async def test_what_arrived_and_found_nothing_is_not_sent_again(name: str) -> None:
    """Absent now, but known to have been there: only what never arrived is sent once more."""
    at = LivePort(name.split()[1])
    at.perform(buy(at, purpose="hedge"))
    await run(at, LONG_S)
    (last,) = ends(at)
    assert isinstance(last, OrderClosed)
    assert (last.filled, at.posts_count()) == (0, 1)


@pytest.mark.parametrize("name", LIVE)
async def test_a_hedge_that_never_arrived_is_sent_once_more(name: str) -> None:
    at = LivePort(name.split()[1])
    at.offer(50)
    at.trader.rule(effect="drop_request")
    at.perform(buy(at, purpose="hedge"))
    await run(at, LONG_S)
    (last,) = ends(at)
    assert isinstance(last, OrderClosed)
    assert (last.filled, at.held(), at.posts_count()) == (20 * MICRO, 20 * MICRO, 2)
