"""What every order path, signer and account reader must do, at every venue: one suite.

The simulated venue keeps the truth; bytes go through the loopback transport, signatures and JSON
included. A property that holds for one venue alone does not belong here.
"""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, OrderPath, OrderRef
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.errors import InvariantError, OrderRejectedError, VenueUnavailableError
from foreshock.core.domain.markets import Action, Outcome, uniform_grid
from foreshock.core.domain.messages.account import AccountFillSeen, AccountOrderSeen
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
    TimeInForce,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity, complement
from tests.conformance.trader import (
    SETTLES_S,
    VENUES,
    Ear,
    Trader,
    ends_of,
    facts_of,
    fills_of,
    named,
)
from tests.trading import cents, contracts, order

PARTS: tuple[AccountPart, ...] = ("orders", "fills", "positions", "balance")


@pytest.fixture(params=VENUES)
def trader(request: pytest.FixtureRequest) -> Trader:
    return Trader(request.param)


def settled(trader: Trader) -> None:
    """Trades are final, and lists have caught up."""
    trader.pass_time(SETTLES_S)


async def agrees(trader: Trader) -> None:
    """Positions, open orders, fills and dollars are read as the venue has them."""
    settled(trader)
    held = {p.outcome: int(p.quantity) for p in (await trader.read("positions")).positions}
    assert held == trader.true_held()
    assert (await trader.read("balance")).cash == trader.told_cash()
    exchange, account = trader.venue.exchange, trader.account
    open_orders = {o.venue_order_id: o for o in (await trader.read("orders")).orders}
    true_open = {o.order_id: o for o in exchange.orders(account) if o.remaining}
    assert {n: (o.quantity, o.filled) for n, o in open_orders.items()} == {
        name: (o.quantity, o.filled) for name, o in true_open.items()
    }
    fills = (await trader.read("fills")).fills
    assert len({fill.id for fill in fills}) == len(fills)
    true_fills = exchange.fills(account)
    assert sum(fill.quantity for fill in fills) == sum(fill.quantity for fill in true_fills)
    assert sum(fill.fee for fill in fills) == sum(fill.fee for fill in true_fills)


# ---- accepted, filled, partly filled, killed ---------------------------------------------------


@pytest.mark.parametrize("count", [5, 20])
async def test_a_resting_order_is_accepted_and_listed_as_ours(trader: Trader, count: int) -> None:
    sent = await trader.place(time_in_force="gtc", quantity=contracts(count))
    (accepted,) = sent.answer.facts
    true = trader.true_order()
    assert true is not None
    assert accepted == OrderAccepted("o1", true.order_id)
    settled(trader)
    (listed,) = (await trader.read("orders")).orders
    assert listed.venue_order_id == true.order_id
    assert listed.client_id in {None, sent.prepared.client_id}
    assert (listed.market, listed.quantity, listed.filled, listed.is_open) == (
        trader.market.id,
        contracts(count),
        0,
        True,
    )
    await agrees(trader)


@pytest.mark.parametrize("force", ["ioc", "fok", "gtc"])
@pytest.mark.parametrize(
    ("outcome", "action"), [("yes", "buy"), ("no", "buy"), ("yes", "sell"), ("no", "sell")]
)
async def test_what_meets_enough_is_filled_as_we_meant_it(
    trader: Trader, outcome: Outcome, action: Action, force: TimeInForce
) -> None:
    if action == "sell":
        await trader.buy(outcome, 40)
    before_cash, before = trader.true_cash(), trader.true_held().get(outcome, 0)
    trader.venue.offer(outcome, 45, 50, "sell" if action == "buy" else "buy", trader.now_us)
    sent = await trader.place(outcome=outcome, action=action, time_in_force=force)
    ended = await trader.end(sent)
    assert isinstance(ended, OrderClosed)
    assert ended.filled == contracts(20)
    sign = 1 if action == "buy" else -1
    assert trader.true_held().get(outcome, 0) == before + sign * contracts(20)
    assert sign * (before_cash - trader.true_cash()) >= 20 * cents(45) - 2 * MICRO // 5
    await agrees(trader)


async def test_a_fill_is_never_worse_than_the_limit(trader: Trader) -> None:
    for price in (40, 42, 45, 46):
        trader.venue.offer("yes", price, 5, "sell", trader.now_us)
    sent = await trader.place()
    ended = await trader.end(sent)
    assert isinstance(ended, OrderClosed)
    assert ended.filled == contracts(15)
    settled(trader)
    fills = (await trader.read("fills")).fills
    worst = {
        fill.price if fill.outcome == "yes" else complement(Price(fill.price)) for fill in fills
    }
    assert max(worst) <= cents(45)
    assert all(fill.venue_order_id == trader.ref(sent).venue_order_id for fill in fills)
    await agrees(trader)


@pytest.mark.parametrize("there", [5, 8, 19])
async def test_what_meets_too_little_ends_with_its_part(trader: Trader, there: int) -> None:
    trader.venue.offer("yes", 45, there)
    ended = await trader.end(await trader.place())
    assert isinstance(ended, OrderClosed)
    assert ended.filled == contracts(there) == trader.true_held()["yes"]
    await agrees(trader)


@pytest.mark.parametrize("there", [0, 8])
async def test_all_or_nothing_is_killed_without_a_trade(trader: Trader, there: int) -> None:
    if there:
        trader.venue.offer("yes", 45, there)
    ended = await trader.end(await trader.place(time_in_force="fok"))
    assert isinstance(ended, OrderClosed), "killed is no refusal"
    assert ended.filled == 0
    assert trader.true_held() == {}
    await agrees(trader)


async def test_take_or_die_that_meets_nothing_is_over_and_nothing_rests(trader: Trader) -> None:
    sent = await trader.place()
    if sent.prepared.may_rest:
        await trader.cancel(trader.ref(sent))
    true = trader.true_order()
    assert true is None or not true.remaining
    assert trader.true_held() == {}
    settled(trader)
    ends = ends_of([sent.answer, *await trader.look(trader.ref(sent))])
    assert not [end for end in ends if isinstance(end, OrderClosed) and end.filled]
    await agrees(trader)


# ---- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        {"limit": Price(455_000)},
        {"limit": Price(0)},
        {"limit": Price(MICRO)},
        {"quantity": Quantity(10_000_001)},
        {"quantity": Quantity(0)},
        {"quantity": Quantity(1_000)},
    ],
)
def test_what_the_venue_can_never_take_does_not_leave(
    trader: Trader, terms: dict[str, int]
) -> None:
    with pytest.raises(OrderRejectedError):
        trader.prepare("o1", **terms, time_in_force="gtc")


def test_an_order_for_another_market_is_a_fault_of_ours(trader: Trader) -> None:
    with pytest.raises(InvariantError):
        trader.path.place(order(market="elsewhere:x"), trader.market, trader.now_us)


async def test_a_price_off_the_tick_is_rejected_by_the_venue(trader: Trader) -> None:
    """Its tick has changed and we have not heard yet."""
    fine = uniform_grid(Price(1_000))
    trader.market = msgspec.structs.replace(trader.market, grid=fine)
    sent = await trader.place(limit=Price(455_000), time_in_force="gtc")
    assert [type(fact) for fact in sent.answer.facts] == [OrderRejected]
    assert trader.true_count() == 0


async def test_more_than_we_can_pay_is_rejected_by_the_venue(trader: Trader) -> None:
    sent = await trader.place(quantity=contracts(1_000_000), time_in_force="gtc")
    assert [type(fact) for fact in sent.answer.facts] == [OrderRejected]
    assert trader.true_count() == 0
    await agrees(trader)


async def test_a_size_the_venue_does_not_take_is_rejected(trader: Trader) -> None:
    """Polymarket's minimum has grown and we have not heard yet; Kalshi has none beside its step."""
    prepared = trader.prepare(time_in_force="gtc")
    if trader.name == "polymarket":
        market = trader.venue.exchange.ledger().markets[trader.venue.native_id]
        larger = msgspec.structs.replace(market.listing.market, quantity_min=contracts(100))
        market.listing = msgspec.structs.replace(market.listing, market=larger)
    else:
        body = prepared.request.body.replace(b'"20.00"', b'"0.00"')
        request = msgspec.structs.replace(prepared.request, body=body, spend=Money(0))
        prepared = msgspec.structs.replace(prepared, request=request)
    sent = await trader.send(prepared)
    assert [type(fact) for fact in sent.answer.facts] == [OrderRejected]
    assert trader.true_count() == 0


async def test_a_paused_market_takes_nothing(trader: Trader) -> None:
    trader.venue.exchange.pause(trader.venue.native_id, trader.now_us)
    sent = await trader.place(time_in_force="gtc")
    assert trader.true_count() == 0
    assert not [fact for fact in sent.answer.facts if isinstance(fact, OrderAccepted | OrderClosed)]


# ---- called back -------------------------------------------------------------------------------


@pytest.mark.parametrize("traded", [0, 8])
async def test_a_cancel_is_a_request_and_the_lists_tell_what_traded(
    trader: Trader, traded: int
) -> None:
    sent = await trader.place(time_in_force="gtc")
    if traded:
        trader.venue.offer("yes", 45, traded, "sell", trader.now_us)
    answer = await trader.cancel(trader.ref(sent))
    assert not ends_of([answer]), "the answer to a cancel ends nothing"
    true = trader.true_order()
    assert true is not None
    assert not true.remaining
    ended = await trader.end(sent)
    assert isinstance(ended, OrderClosed)
    assert ended.filled == contracts(traded)
    await agrees(trader)


async def test_a_cancel_that_comes_too_late_changes_nothing(trader: Trader) -> None:
    sent = await trader.place(time_in_force="gtc")
    trader.venue.offer("yes", 45, 20, "sell", trader.now_us)
    for _ in range(2):
        answer = await trader.cancel(trader.ref(sent))
        assert not ends_of([answer])
        assert not answer.is_absent
    ended = await trader.end(sent)
    assert isinstance(ended, OrderClosed)
    assert ended.filled == contracts(20) == trader.true_held()["yes"]


async def test_one_of_many_that_is_gone_does_not_keep_the_others(trader: Trader) -> None:
    sent = [await trader.place(f"o{n}", time_in_force="gtc") for n in range(3)]
    refs = [trader.ref(each) for each in sent]
    await trader.cancel(refs[1])
    trader.path.cancelled(
        refs, await trader.ask(trader.path.cancel(refs, trader.now_us)), trader.now_us
    )
    assert not [o for o in trader.venue.exchange.orders(trader.account) if o.remaining]
    settled(trader)
    assert (await trader.read("orders")).orders == ()


# ---- silence -----------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [0, 8, 20])
@pytest.mark.parametrize("force", ["ioc", "gtc", "fok"])
async def test_an_answer_that_was_lost_is_found_out_by_asking(
    trader: Trader, force: TimeInForce, there: int
) -> None:
    if there:
        trader.venue.offer("yes", 45, there)
    trader.rule(effect="drop_answer")
    sent = await trader.place(time_in_force=force)
    assert [type(fact) for fact in sent.answer.facts] == [OrderUnknown]
    assert not sent.answer.is_absent
    true, held = trader.true_order(), trader.true_held().get("yes", 0)
    if true is None or (force == "fok" and not held):
        return  # nothing ever stood in the book: how that is proven is below
    settled(trader)
    found = await trader.look(trader.ref(sent))
    assert OrderAccepted("o1", true.order_id) in facts_of(found) or fills_of(found)
    assert not found[-1].is_absent
    if true.remaining:
        assert not ends_of(found), "it still rests"
        await trader.cancel(named(trader.ref(sent), found[0]))
    ended = await trader.end(sent)
    assert isinstance(ended, OrderClosed)
    assert ended.filled == held
    await agrees(trader)


async def test_a_request_that_never_arrived_is_proven_absent(trader: Trader) -> None:
    trader.rule(effect="drop_request")
    sent = await trader.place(time_in_force="gtc")
    assert [type(fact) for fact in sent.answer.facts] == [OrderUnknown]
    assert not sent.answer.is_absent, "silence proves nothing"
    settled(trader)
    found = await trader.look(trader.ref(sent))
    assert facts_of(found) == []
    assert found[-1].is_absent


@pytest.mark.parametrize("broken", [0, 1, 2, 3])
async def test_a_round_with_an_unanswered_question_proves_no_absence(
    trader: Trader, broken: int
) -> None:
    trader.rule(effect="drop_request")
    ref = trader.ref(await trader.place(time_in_force="gtc"))
    settled(trader)
    questions = trader.path.lookups(ref, Instant(0))
    for answer in (None, HttpResponse(500, b""), HttpResponse(404, b"<html>")):
        found: list[Answer] = []
        for step, asked in enumerate(questions):
            heard = answer if step == broken else await trader.ask(asked)
            found.append(trader.path.looked_up(ref, step, heard, trader.now_us))
        is_html = answer is not None and answer.status == 404
        if broken < len(questions) and not (is_html and trader.name == "polymarket"):
            assert not found[-1].is_absent, (broken, answer)
        assert not ends_of(found)


def test_silence_is_unknown_wherever_it_falls(trader: Trader) -> None:
    prepared = trader.prepare()
    ref = OrderRef("o1", prepared.client_id, prepared.venue_order_id or "x", trader.market.id)
    answers = [
        trader.path.placed(prepared, None, trader.now_us),
        trader.path.cancelled([ref], None, trader.now_us),
    ]
    steps = range(len(trader.path.lookups(ref, trader.now_us)))
    answers += [trader.path.looked_up(ref, step, None, trader.now_us) for step in steps]
    assert [type(fact) for fact in answers[0].facts] == [OrderUnknown]
    assert {type(fact) for fact in facts_of(answers)} == {OrderUnknown}
    assert not any(answer.is_absent or answer.fills for answer in answers)


@pytest.mark.parametrize("name", VENUES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.one_of(st.integers(500, 599), st.sampled_from([100, 204, 302, 408, 418, 425])),
    st.binary(max_size=60),
)
def test_no_bytes_under_an_uncertain_status_end_an_order(
    name: str, status: int, body: bytes
) -> None:
    trader = KEPT[name]
    prepared = trader.prepare()
    answer = trader.path.placed(prepared, HttpResponse(status, body), trader.now_us)
    assert [type(fact) for fact in answer.facts] == [OrderUnknown]
    assert not answer.fills
    assert not answer.is_absent
    ref = OrderRef("o1", prepared.client_id, prepared.venue_order_id or "x", trader.market.id)
    cancelled = trader.path.cancelled([ref], HttpResponse(status, body), trader.now_us)
    assert not ends_of([cancelled])


KEPT = {name: Trader(name) for name in VENUES}
"""Only read by the property above: preparing an order changes nothing."""


# ---- identity ----------------------------------------------------------------------------------


def test_the_same_order_has_the_same_name_whoever_prepares_it(trader: Trader) -> None:
    first, other = trader.prepare(), Trader(trader.name).prepare()
    assert first == other
    decided_us = trader.now_us
    trader.pass_time(1)
    assert trader.prepare(decided_us=decided_us) == first
    second = trader.prepare("o2", decided_us=decided_us)
    assert second.client_id != first.client_id
    assert second.venue_order_id is None or second.venue_order_id != first.venue_order_id


def test_a_signature_adds_credentials_and_no_word(trader: Trader) -> None:
    prepared = trader.prepare()
    signed = trader.ours.signer.sign(prepared.request, trader.now_us)
    assert (signed.method, signed.path) == (prepared.request.method, prepared.request.path)
    again = trader.ours.signer.sign(prepared.request, Instant(trader.now_us + 5 * MICRO))
    assert signed.body == again.body, "the very same bytes can be sent again"


@pytest.mark.parametrize(
    "changes",
    [
        {"spend": Money(1)},
        {"spend": Money(0)},
        {"kind": "read"},
        {"kind": "cancel"},
        {"kind": "settle"},
        {"venue": "elsewhere"},
        {"path": "/withdraw"},
        {"method": "PUT"},
        {"body": b""},
        {"body": b"{}"},
    ],
    ids=str,
)
def test_what_is_not_what_it_declares_is_not_signed(
    trader: Trader, changes: dict[str, object]
) -> None:
    request = trader.prepare().request
    assert request.spend >= 20 * cents(45)
    with pytest.raises(InvariantError):
        trader.ours.signer.sign(msgspec.structs.replace(request, **changes), trader.now_us)


@pytest.mark.parametrize("there", [0, 20])
@pytest.mark.parametrize("force", ["gtc", "ioc"])
async def test_the_same_bytes_sent_twice_are_one_order(
    trader: Trader, force: TimeInForce, there: int
) -> None:
    if there:
        trader.venue.offer("yes", 45, 2 * there)
    first = await trader.place(time_in_force=force)
    taken = trader.true_count()
    again = await trader.send(first.prepared)
    assert trader.true_count() == taken
    assert trader.true_held().get("yes", 0) == contracts(there)
    assert not ends_of([again.answer]) or ends_of([again.answer]) == ends_of([first.answer]), (
        "that it is there already is no last word"
    )
    assert not again.answer.is_absent
    await agrees(trader)


# ---- the account -------------------------------------------------------------------------------


async def test_a_history_of_orders_reads_as_the_venue_has_it(trader: Trader) -> None:
    await trader.buy("yes", 40)
    await trader.buy("no", 8)
    trader.venue.offer("yes", 50, 7, "buy", trader.now_us)
    await trader.end(await trader.place("s1", action="sell", limit=cents(48)))
    await trader.place("r1", time_in_force="gtc", limit=cents(20))
    await trader.place("r2", time_in_force="gtc", limit=cents(21), outcome="no")
    trader.venue.offer("yes", 20, 8, "sell", trader.now_us)
    await agrees(trader)
    assert (await trader.read("fills")).unreadable == ()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_an_account_that_is_not_told_is_not_empty(
    trader: Trader, part: AccountPart, status: int
) -> None:
    with pytest.raises(VenueUnavailableError):
        trader.reader.heard(part, HttpResponse(status, b"{}"))


# ---- the private channel -----------------------------------------------------------------------


async def test_the_channel_tells_what_the_lists_tell(trader: Trader) -> None:
    ear = await Ear(trader).open()
    sent = await trader.place(time_in_force="gtc")
    trader.venue.offer("yes", 45, 8, "sell", trader.now_us)
    told = await ear.hear(30)
    orders = [m.order for m in told if isinstance(m, AccountOrderSeen)]
    fills = {m.fill.id: m.fill for m in told if isinstance(m, AccountFillSeen)}
    assert {o.venue_order_id for o in orders} == {trader.ref(sent).venue_order_id}
    (listed,) = (await trader.read("orders")).orders
    assert (orders[-1].filled, orders[-1].quantity, orders[-1].is_open) == (
        listed.filled,
        listed.quantity,
        True,
    )
    read = {fill.id: fill for fill in (await trader.read("fills")).fills}
    assert fills.keys() == read.keys()
    assert {n: (f.quantity, f.price, f.outcome, f.action, f.fee) for n, f in fills.items()} == {
        n: (f.quantity, f.price, f.outcome, f.action, f.fee) for n, f in read.items()
    }
    looked = fills_of(await trader.look(trader.ref(sent)))
    assert looked.keys() <= read.keys()
    stats = ear.feed.stats
    assert (stats.quarantined_count, stats.unknown_count) == (0, 0)
    await trader.cancel(trader.ref(sent))
    last = [m.order for m in await ear.hear(5) if isinstance(m, AccountOrderSeen)]
    assert last[-1].is_open is False


async def test_what_is_told_twice_is_told_once_or_the_same(trader: Trader) -> None:
    once, twice = await Ear(trader).open(), await Ear(Trader(trader.name)).open()
    said: list[list[Message]] = []
    for ear, times in ((once, 1), (twice, 2)):
        await ear.trader.place(time_in_force="gtc")
        ear.trader.venue.offer("yes", 45, 20, "sell", ear.trader.now_us)
        said.append(await ear.hear(30, times))
    fills = [{(m.fill.id, m.fill) for m in one if isinstance(m, AccountFillSeen)} for one in said]
    orders = [[m.order for m in one if isinstance(m, AccountOrderSeen)] for one in said]
    assert fills[0] == fills[1]
    assert sum(f.quantity for f in dict(fills[1]).values()) == contracts(20)
    assert orders[0][-1] == orders[1][-1]
    assert not orders[1][-1].is_open


def test_every_order_path_is_one(trader: Trader) -> None:
    path: OrderPath = trader.path
    assert path.venue == trader.name
