"""Do our requests mean at the simulated exchange what we mean, and do its answers read back?

The exchange is written from the same documents by other hands; where the two disagree, the
documents decide.
"""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.kalshi_face import STREAM
from foreshock.adapters.venues.kalshi import maintenance, order_groups
from foreshock.adapters.venues.kalshi.account import (
    KalshiReader,
    queue_reading,
    read_balances,
    read_queue,
    read_settlements,
    settlements_reading,
)
from foreshock.adapters.venues.kalshi.budgets import (
    costs_reading,
    kind_costs,
    limits_reading,
    read_costs,
    read_terms,
)
from foreshock.adapters.venues.kalshi.orders import Style, amend, batch, client_id, decrease
from foreshock.adapters.venues.kalshi.outcomes import read_batch_placed, read_changed
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.adapters.venues.kalshi.private_channels import KalshiUserFeed
from foreshock.adapters.venues.kalshi.signer import KalshiSigner
from foreshock.adapters.venues.kalshi.signing import ApiKey, handshake_headers
from foreshock.adapters.venues.order_path import Answer, OrderRef, Prepared, Unsigned
from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.messages.account import (
    AccountFillSeen,
    AccountOrderSeen,
    AccountPositionSeen,
)
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Instant, Price, Quantity
from tests.unit.adapters.sim.kalshi_scene import FED, MEMBERS, Scene, lagging
from tests.unit.adapters.venues.kalshi.builders import market_of
from tests.unit.adapters.venues.kalshi.order_samples import place_order

MARKET = market_of(ticker=FED)


class Ann:
    """Our side of a scene: everything signed, sent and read by the code under test."""

    def __init__(self, scene: Scene | None = None, path: KalshiOrders | None = None) -> None:
        self.scene = scene or Scene()
        self.path = path or KalshiOrders()
        self.reader = KalshiReader()
        key = ApiKey(MEMBERS["ann"], Ed25519PrivateKey.from_private_bytes(bytes([0]) * 32))
        self.key = key
        self.signer = KalshiSigner(key)

    def send(self, unsigned: Unsigned) -> HttpResponse:
        now_us = self.scene.now_us
        return self.scene.face.handle(self.signer.sign(unsigned, now_us), now_us)

    def prepare(self, **changes: object) -> Prepared:
        order = place_order(market=MARKET.id, **changes)
        return self.path.place(order, MARKET, self.scene.now_us)

    def place(self, **changes: object) -> Answer:
        prepared = self.prepare(**changes)
        return self.path.placed(prepared, self.send(prepared.request), self.scene.now_us)

    def look(self, order: OrderRef) -> list[Answer]:
        since_us = Instant(self.scene.now_us - 60 * MICRO)
        return [
            self.path.looked_up(order, step, self.send(asked), self.scene.now_us)
            for step, asked in enumerate(self.path.lookups(order, since_us))
        ]

    def fills(self) -> tuple[VenueFill, ...]:
        asked = self.reader.read("fills", Instant(0), None)
        return self.reader.heard("fills", self.send(asked)).fills

    def open_orders(self) -> tuple[VenueOrder, ...]:
        asked = self.reader.read("orders", Instant(0), None)
        return self.reader.heard("orders", self.send(asked)).orders

    def positions(self) -> list[tuple[str, int]]:
        asked = self.reader.read("positions", Instant(0), None)
        held = self.reader.heard("positions", self.send(asked)).positions
        return [(each.outcome, each.quantity) for each in held]


def ref(found: Answer, order_id: str = "atomic_arb:edge@1.2/b.0") -> OrderRef:
    (accepted,) = [fact for fact in found.facts if isinstance(fact, OrderAccepted)]
    return OrderRef(order_id, client_id(order_id), accepted.venue_order_id, MARKET.id)


def unnamed(order_id: str = "atomic_arb:edge@1.2/b.0") -> OrderRef:
    return OrderRef(order_id, client_id(order_id), None, MARKET.id)


@pytest.mark.parametrize(
    ("outcome", "action", "against", "bought", "price"),
    [
        ("yes", "buy", "ask 10 at 0.40 gtc", "yes", 400_000),
        ("no", "sell", "ask 10 at 0.40 gtc", "yes", 400_000),
        ("no", "buy", "bid 10 at 0.45 gtc", "no", 550_000),
        ("yes", "sell", "bid 10 at 0.45 gtc", "no", 550_000),
    ],
)
def test_every_direction_trades_the_outcome_we_mean(
    outcome: str, action: str, against: str, bought: str, price: int
) -> None:
    ann = Ann()
    ann.scene.place(against, "bob")
    limits = {("yes", "buy"): 420_000, ("no", "sell"): 580_000, ("no", "buy"): 560_000}
    limit = Price(limits.get((outcome, action), 440_000))
    found = ann.place(outcome=outcome, action=action, limit=limit)
    assert found.facts[1] == OrderClosed("atomic_arb:edge@1.2/b.0", Quantity(10 * MICRO), "filled")
    (fill,) = ann.fills()
    assert (fill.outcome, fill.action, fill.price) == (bought, "buy", price)
    assert fill.venue_order_id == ref(found).venue_order_id
    assert ann.positions() == [(bought, 10 * MICRO)]


def test_what_is_declared_as_spend_covers_what_is_paid_fees_aside() -> None:
    ann = Ann()
    ann.scene.place("bid 10 at 0.45 gtc", "bob")
    before = read_balances(ann.send(ann.reader.read("balance", Instant(0), None)))
    prepared = ann.prepare(outcome="no", limit=Price(560_000))
    ann.send(prepared.request)
    after = read_balances(ann.send(ann.reader.read("balance", Instant(0), None)))
    fee = sum(fill.fee for fill in ann.fills())
    assert 0 < before.cash - after.cash - fee <= prepared.request.spend
    assert before.by_shard[0] == before.cash


def test_an_order_that_takes_part_or_nothing_is_over() -> None:
    ann = Ann()
    ann.scene.place("ask 3 at 0.40 gtc", "bob")
    part = ann.place()
    assert isinstance(part.facts[1], OrderClosed)
    assert part.facts[1].filled == 3 * MICRO
    none = ann.place(order_id="second")
    assert isinstance(none.facts[1], OrderClosed)
    assert none.facts[1].filled == 0
    killed = ann.place(order_id="third", time_in_force="fok")
    assert isinstance(killed.facts[0], OrderClosed)
    assert killed.facts[0].filled == 0


def test_a_resting_order_lives_and_is_called_back() -> None:
    ann = Ann()
    found = ann.place(time_in_force="gtc")
    order = ref(found)
    (listed,) = ann.open_orders()
    assert (listed.client_id, listed.quantity, listed.limit) == (
        order.client_id,
        10 * MICRO,
        420_000,
    )
    assert read_queue(ann.send(queue_reading((FED,)))) == {order.venue_order_id: 0}
    ann.scene.place("ask 4 at 0.42 ioc", "bob")
    cancelled = ann.path.cancelled(
        [order], ann.send(ann.path.cancel([order], ann.scene.now_us)), ann.scene.now_us
    )
    assert cancelled == Answer()
    fills, state = ann.look(order)
    assert [fill.quantity for fill in fills.fills] == [4 * MICRO]
    assert state.facts[-1] == OrderClosed(order.order_id, Quantity(4 * MICRO), "the venue ended it")
    again = ann.send(ann.path.cancel([order], ann.scene.now_us))
    assert again.status == 404
    facts = ann.path.cancelled([order], again, ann.scene.now_us).facts
    assert [type(fact) for fact in facts] == [OrderUnknown]


def test_a_resting_order_is_amended_and_decreased() -> None:
    ann = Ann()
    order = ref(ann.place(time_in_force="gtc"))
    larger = place_order(market=MARKET.id, limit=Price(410_000), quantity=Quantity(12 * MICRO))
    found = read_changed(order, ann.send(amend(order, larger, MARKET)))
    assert (found.outcome, found.left) == ("done", 12 * MICRO)
    (listed,) = ann.open_orders()
    assert (listed.limit, listed.quantity) == (410_000, 12 * MICRO)
    found = read_changed(order, ann.send(decrease(order, Quantity(5 * MICRO))))
    assert (found.outcome, found.left) == ("done", 5 * MICRO)
    (listed,) = ann.open_orders()
    assert listed.quantity == 5 * MICRO


def test_the_same_bytes_again_are_never_a_second_order() -> None:
    ann = Ann()
    ann.scene.place("ask 20 at 0.40 gtc", "bob")
    prepared = ann.prepare()
    ann.send(prepared.request)
    again = ann.path.placed(prepared, ann.send(prepared.request), ann.scene.now_us)
    assert [type(fact) for fact in again.facts] == [OrderUnknown]
    assert ann.positions() == [("yes", 10 * MICRO)]
    found = ann.look(unnamed())[0]
    assert found.facts[-1] == OrderClosed(prepared.order_id, Quantity(10 * MICRO), "filled")


def test_an_order_that_never_arrived_is_proven_absent_in_one_round() -> None:
    ann = Ann()
    found = ann.look(unnamed())
    assert all(answer.facts == () for answer in found)
    assert found[-1].is_absent


def test_reads_that_lag_prove_no_absence_and_end_nothing() -> None:
    ann = Ann(Scene(lagging(400)))
    accepted = ann.place(time_in_force="gtc")
    assert not any(answer.facts for answer in ann.look(unnamed())[:1])
    ann.scene.wait(2)
    order = ref(accepted)
    assert ann.look(unnamed())[0].facts == accepted.facts
    ann.send(ann.path.cancel([order], ann.scene.now_us))
    stale = ann.look(order)[1]
    assert not any(isinstance(fact, OrderClosed) for fact in stale.facts)
    ann.scene.wait(2)
    assert isinstance(ann.look(order)[1].facts[-1], OrderClosed)


def test_refusals_are_read_by_the_table() -> None:
    ann = Ann()
    for changes in (
        {"quantity": Quantity(1_000_000 * MICRO), "time_in_force": "gtc"},
        {"purpose": "unwind", "action": "sell"},
    ):
        found = ann.place(order_id=str(changes), **changes)
        assert [type(fact) for fact in found.facts] == [OrderRejected]
    crossing = Ann(path=KalshiOrders(lambda _, __: Style(is_post_only=True)))
    crossing.scene.place("ask 10 at 0.40 gtc", "bob")
    found = crossing.place(time_in_force="gtc")
    assert found.facts == (
        OrderRejected("atomic_arb:edge@1.2/b.0", "invalid_order: post only cross"),
    )


def test_an_unwind_never_turns_the_position_around() -> None:
    ann = Ann()
    ann.scene.place("ask 4 at 0.40 gtc", "bob")
    ann.place(quantity=Quantity(4 * MICRO))
    ann.scene.place("bid 20 at 0.39 gtc", "bob")
    unwind = ann.place(order_id="unwind", purpose="unwind", action="sell", limit=Price(390_000))
    assert isinstance(unwind.facts[1], OrderClosed)
    assert unwind.facts[1].filled == 4 * MICRO
    assert ann.positions() == []


def test_a_batch_is_read_item_by_item() -> None:
    ann = Ann()
    ann.scene.place("ask 10 at 0.40 gtc", "bob")
    two = [
        ann.prepare(),
        ann.prepare(order_id="rich", quantity=Quantity(1_000_000 * MICRO), time_in_force="gtc"),
    ]
    taken, refused = read_batch_placed(two, ann.send(batch(two)))
    assert [type(fact) for fact in taken.facts] == [OrderAccepted, OrderClosed]
    assert [type(fact) for fact in refused.facts] == [OrderRejected]


class Ear:
    """Ann's private channels."""

    def __init__(self, ann: Ann) -> None:
        scene = ann.scene
        self.scene, self.feed, self.number = scene, KalshiUserFeed(1), 7
        headers = handshake_headers(ann.key, scene.now_us)
        assert scene.face.open(self.number, STREAM, headers, scene.now_us) is None
        self.feed.opened((), scene.now_us)
        for command in self.feed.take_outgoing():
            scene.face.receive(self.number, command, scene.now_us)

    def hear(self) -> list[Message]:
        now_us = self.scene.now_us
        for number, text in self.scene.face.take_frames(now_us):
            if number == self.number:
                self.feed.receive(text.encode(), 1, now_us)
        return self.feed.drain()


def test_the_private_channels_tell_what_the_lists_tell() -> None:
    ann = Ann()
    ear = Ear(ann)
    ann.scene.place("ask 3 at 0.40 gtc", "bob")
    ann.place(time_in_force="gtc")
    ann.scene.wait(1)
    told = ear.hear()
    assert ear.feed.stats.quarantined_count == ear.feed.stats.unknown_count == 0
    fills = [message.fill for message in told if isinstance(message, AccountFillSeen)]
    orders = [message.order for message in told if isinstance(message, AccountOrderSeen)]
    assert [(f.id, f.quantity, f.price, f.fee) for f in fills] == [
        (f.id, f.quantity, f.price, f.fee) for f in ann.fills()
    ]
    assert orders[-1] == ann.open_orders()[0]
    held = [message for message in told if isinstance(message, AccountPositionSeen)]
    assert held[-1] == AccountPositionSeen("kalshi", MARKET.id, 3 * MICRO)
    assert ear.feed.dead_reason(Instant(ann.scene.now_us + 60 * MICRO)) is None


def test_a_strategy_that_trades_too_much_blows_its_fuse() -> None:
    scene = Scene()
    setup = Ann(scene)
    made = setup.send(order_groups.create(order_groups.fuse_limit(Quantity(2 * MICRO)), 0))
    group = order_groups.read_created(made)
    ann = Ann(scene, KalshiOrders(order_groups.grouped({("atomic_arb", 0): group}, lambda _: 0)))
    ear = Ear(ann)
    scene.place("ask 100 at 0.40 gtc", "bob")
    results = [ann.place(order_id=f"{n}", quantity=Quantity(2 * MICRO)) for n in range(4)]
    last = [type(answer.facts[-1]) for answer in results]
    assert last[:2] == [OrderClosed, OrderClosed]
    assert last[-1] is OrderRejected
    hedge = ann.place(order_id="hedge", purpose="hedge", quantity=Quantity(2 * MICRO))
    assert isinstance(hedge.facts[-1], OrderClosed)
    scene.wait(1)
    assert [m.by for m in ear.hear() if isinstance(m, HaltRequested)] == [f"order group {group}"]
    order_groups.read_done(ann.send(order_groups.reset(group, 0)))
    again = ann.place(order_id="again", quantity=Quantity(2 * MICRO))
    assert isinstance(again.facts[-1], OrderClosed)
    (listed,) = order_groups.read_groups(ann.send(order_groups.groups_reading()))
    one = order_groups.read_group(group, ann.send(order_groups.group_reading(group)))
    assert (listed.limit, one.limit, listed.id) == (4 * MICRO, 4 * MICRO, group)
    order_groups.read_done(ann.send(order_groups.delete(group, 0)))


def test_a_group_is_given_another_limit_and_is_pulled_by_hand() -> None:
    scene = Scene()
    setup = Ann(scene)
    limit = order_groups.fuse_limit(Quantity(20 * MICRO))
    group = order_groups.read_created(setup.send(order_groups.create(limit, 0)))
    ann = Ann(scene, KalshiOrders(order_groups.grouped({("atomic_arb", 0): group}, lambda _: 0)))
    more = Quantity(60 * MICRO)
    order_groups.read_done(ann.send(order_groups.change_limit(group, more, 0)))
    assert [each.limit for each in groups_of(ann)] == [more]
    ann.place(time_in_force="gtc")
    assert len(ann.open_orders()) == 1
    order_groups.read_done(ann.send(order_groups.trigger(group, 0)))
    scene.wait(1)
    assert ann.open_orders() == ()
    refused = ann.place(order_id="later", time_in_force="gtc")
    assert isinstance(refused.facts[-1], OrderRejected)


def groups_of(ann: Ann) -> tuple[order_groups.Group, ...]:
    return order_groups.read_groups(ann.send(order_groups.groups_reading()))


def test_what_a_market_paid_is_listed() -> None:
    ann = Ann()
    ann.scene.place("ask 10 at 0.40 gtc", "bob")
    ann.place()
    exchange, name = ann.scene.exchange, MARKET.native_id
    exchange.close(name, ann.scene.now_us)
    exchange.propose(name, Price(MICRO), ann.scene.now_us)
    exchange.settle(name, ann.scene.now_us)
    ann.scene.wait(1)
    (paid,), cursor = read_settlements(ann.send(settlements_reading(Instant(0))))
    assert (paid.market, paid.yes, paid.payout, cursor) == (MARKET.id, 10 * MICRO, MICRO, None)


def test_limits_costs_and_status_are_read() -> None:
    ann = Ann()
    costs = read_costs(ann.send(costs_reading()))
    assert kind_costs(costs)["cancel"] == 2
    assert read_terms(ann.send(limits_reading()), costs).write.capacity >= 100
    assert maintenance.read_status(ann.send(maintenance.status_reading())).condition == "open"
    schedule = maintenance.read_schedule(ann.send(maintenance.schedule_reading()))
    known = maintenance.pauses(schedule, ann.scene.now_us, maintenance.new_york())
    rule = maintenance.routine_pauses(ann.scene.now_us, maintenance.new_york())
    coming = maintenance.outlook(known, ann.scene.now_us).pause
    assert coming == maintenance.outlook(rule, ann.scene.now_us).pause
