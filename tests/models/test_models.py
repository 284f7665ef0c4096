"""Do the order's table and the double-entry ledger agree with a plain sum, whatever is told when?"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.orders import Order, OrderFact
from foreshock.core.domain.positions import USD, Ledger
from foreshock.core.domain.units import Money, Price, Quantity
from tests.models.reference import Fill, PlainOrder, cash_of, contracts_of
from tests.trading import A, order

LOTS_MAX = 12
LOT = 10_000
"""A hundredth of a contract: cents and lots then do not divide evenly."""
MARKET_VENUE = A.partition(":")[0]


class OrdersAndLedger(RuleBasedStateMachine):
    """Several orders of one outcome; facts come in any order that a venue could tell them.

    Nobody asks the ledger's copy of an order to cancel, as nobody asks the reconciler's: it judges
    what a venue may say. A copy that was asked takes all of that, too.
    """

    names = Bundle("names")

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.orders: dict[str, Order] = {}
        self.plain: dict[str, PlainOrder] = {}
        self.fates: dict[tuple[str, str], str] = {}

    @rule(target=names, lots=st.integers(1, LOTS_MAX), is_buy=st.booleans())
    def place(self, lots: int, *, is_buy: bool) -> str:
        name = f"o{len(self.orders)}"
        placed = order(name, action="buy" if is_buy else "sell", quantity=Quantity(lots * LOT))
        self.orders[name] = Order(placed)
        self.plain[name] = PlainOrder(lots * LOT, is_buy=is_buy)
        self.ledger.place(placed)
        self.ledger.place(placed)
        return name

    @rule(
        name=names,
        lots=st.integers(1, LOTS_MAX),
        price=st.integers(1, 99),
        fee=st.integers(0, 999),
        is_open=st.booleans(),
        repeats=st.integers(1, 2),
    )
    def trade(
        self, name: str, lots: int, price: int, fee: int, is_open: bool, repeats: int
    ) -> None:
        plain = self.plain[name]
        lots = min(lots, (plain.worst_case() - plain.matched()) // LOT)
        if lots <= 0 or plain.refused:
            return
        fill = Fill(f"f{len(plain.fills)}", lots * LOT, price * 10_000, fee)
        plain.fills[fill.name] = fill
        if not is_open:
            plain.final.add(fill.name)
        fact = t.OrderFilled(
            name, fill.name, Quantity(fill.quantity), Price(fill.price), Money(fee), is_open
        )
        for _ in range(repeats):
            self.tell(fact)

    @rule(name=names, pick=st.integers(0, 99), fails=st.booleans(), repeats=st.integers(1, 2))
    def resolve(self, name: str, pick: int, fails: bool, repeats: int) -> None:
        plain = self.plain[name]
        waiting = sorted(plain.open_fills())
        if not waiting:
            return
        fill = waiting[pick % len(waiting)]
        (plain.failed if fails else plain.final).add(fill)
        fact = t.FillReverted(name, fill, "failed") if fails else t.FillSettled(name, fill)
        for _ in range(repeats):
            self.tell(fact)

    @rule(name=names, more=st.integers(0, 3))
    def close(self, name: str, more: int) -> None:
        """The venue's final word; some fills that it counts may come later."""
        plain = self.plain[name]
        if plain.refused or plain.total() is not None:
            return
        plain.count = min(plain.quantity, plain.matched() + more * LOT)
        for _ in range(2):
            self.tell(t.OrderClosed(name, Quantity(plain.count), "done"))

    @rule(name=names)
    def reject(self, name: str) -> None:
        plain, judge = self.plain[name], self.ledger.order(name)
        is_placed = judge is not None and judge.state in {"submitted", "unknown", "rejected"}
        if plain.fills or plain.count is not None or not is_placed:
            return
        plain.refused = True
        for _ in range(2):
            self.tell(t.OrderRejected(name, "no"))

    @rule(name=names)
    def accept(self, name: str) -> None:
        if not self.plain[name].refused:
            self.tell(t.OrderAccepted(name, f"v-{name}"))

    @rule(name=names)
    def fall_silent(self, name: str) -> None:
        self.tell(t.OrderUnknown(name, "no answer"))

    @rule(name=names)
    def ask_cancel(self, name: str) -> None:
        self.orders[name].ask_cancel()

    @precondition(lambda self: self.orders)
    @rule()
    def forget_what_is_final(self) -> None:
        """A long run stays small; the bookings remain."""
        for name, plain in self.plain.items():
            if plain.is_final() and self.ledger.order(name) is not None:
                self.ledger.forget(name)

    def tell(self, fact: OrderFact) -> None:
        self.orders[fact.order_id].apply(fact)
        self.ledger.apply(fact)

    # ---- what must hold after every step -----------------------------------------------------

    @invariant()
    def orders_are_as_plain_as_that(self) -> None:
        for name, real in self.orders.items():
            plain = self.plain[name]
            assert real.matched() == plain.matched()
            assert real.held() == plain.held()
            assert real.worst_case() == plain.worst_case()
            assert real.is_over == plain.is_over(), (name, real.state)
            assert real.is_final == plain.is_final(), (name, real.state)
            assert {f for f in real.fills if real.is_provisional(f)} == plain.open_fills()
            assert real.fees() == sum(fill.fee for fill in plain.lasting())

    @invariant()
    def the_ledger_is_their_sum(self) -> None:
        orders = list(self.plain.values())
        assert self.ledger.cash(MARKET_VENUE).total == cash_of(orders)
        assert self.ledger.tokens(A, "yes").total == contracts_of(orders)
        provisional = sum(
            (1 if plain.is_buy else -1) * plain.fills[name].quantity
            for plain in orders
            for name in plain.open_fills()
        )
        assert self.ledger.tokens(A, "yes").provisional == provisional

    @invariant()
    def every_asset_sums_to_zero(self) -> None:
        sums: dict[str, int] = {}
        for (_, asset), amount in self.ledger.balances.items():
            sums[asset] = sums.get(asset, 0) + amount
        assert not any(sums.values()), sums
        fees = sum(fill.fee for plain in self.plain.values() for fill in plain.lasting())
        assert self.ledger.balances.get((("fees", MARKET_VENUE), USD), 0) == fees


TestOrdersAndLedger = OrdersAndLedger.TestCase
TestOrdersAndLedger.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
