"""What does an exchange itself say about our account? Read from its books, told as it changes.

Reads a simulated exchange behind its wire, so no protocol of ours and no face of the venue can
colour it. Cheap when nothing changed: one comparison of a stamp.
"""

from collections.abc import Callable, Iterator, Mapping

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import Filled, OrderState
from foreshock.adapters.sim.polymarket_chain import ChainLog
from foreshock.adapters.sim.polymarket_trades import Settlement, Settlements, TradeStatus
from foreshock.app.simulation.observed import (
    Observed,
    TrueFill,
    TrueHoldings,
    TrueOrder,
    TruePayout,
    TrueTransfer,
)
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.orders import FillStatus
from foreshock.core.domain.units import MICRO, Instant, Money, Quantity

STATUSES: Mapping[TradeStatus, FillStatus] = {"CONFIRMED": "settled", "FAILED": "reverted"}
"""Everything else may still fail."""
FillKey = tuple[int, str]
"""(trade, order): one trade can fill two orders of one account."""


class TruthReader:
    """One account at one exchange. settlements: None where a match is final at once.

    chain: where sets are split and merged, None where they are not.
    """

    def __init__(
        self,
        exchange: Exchange,
        account: str,
        settlements: Settlements | None = None,
        chain: ChainLog | None = None,
    ) -> None:
        self._chain = chain
        self._deeds_count = 0
        self._exchange = exchange
        self._account = account
        self._venue = exchange.policy.venue
        self._stamp: tuple[object, ...] = ()
        self._orders: dict[str, OrderState] = {}
        self._fills: dict[FillKey, TrueFill] = {}
        self._holdings: TrueHoldings | None = None
        self._paid: dict[str, Money] = {}
        self._changed: list[Settlement] = []
        self._is_final = settlements is None
        if settlements is not None:
            settlements.changed = chained(settlements.changed, self._changed.append)

    def read(self, now_us: Instant) -> list[Observed]:
        """What changed since the last reading, orders first."""
        if not self._exchange.has_account(self._account):
            return []
        stamp = self._stamp_now()
        if stamp == self._stamp and not self._changed:
            return []
        self._stamp = stamp
        seen: list[Observed] = [*self._read_orders(now_us), *self._read_fills(now_us)]
        seen += [*self._read_payouts(now_us), *self._read_deeds(now_us)]
        held = self._read_holdings(now_us)
        return seen if held is None else [*seen, held]

    def _stamp_now(self) -> tuple[object, ...]:
        """Differs whenever anything of the account does."""
        owner = self._exchange.ledger().accounts[self._account]
        return (
            owner.cash,
            owner.reserved,
            tuple(owner.resting),
            tuple((order.remaining, order.filled) for order in owner.resting.values()),
            owner.ended[-1].number if owner.ended else 0,
            len(owner.ended),
            owner.fills[0].trade if owner.fills else 0,
            len(owner.fills),
            tuple(tuple(holding.quantity) for holding in owner.holdings.values()),
            len(owner.settlements),
        )

    def _read_orders(self, now_us: Instant) -> Iterator[TrueOrder]:
        """Newest first at the exchange; told in the order in which they were placed."""
        changed: list[OrderState] = []
        for state in self._exchange.orders(self._account):
            before = self._orders.get(state.order_id)
            if before != state:
                self._orders[state.order_id] = state
                changed.append(state)
        for state in reversed(changed):
            yield self._order(state, now_us)

    def _order(self, state: OrderState, now_us: Instant) -> TrueOrder:
        client_id = state.client_order_id
        return TrueOrder(
            at_us=now_us,
            venue=self._venue,
            venue_order_id=state.order_id,
            keys=(state.order_id,) if client_id is None else (client_id, state.order_id),
            market=self._market(state.native_id),
            outcome=state.outcome,
            action=state.action,
            limit=state.price,
            quantity=state.quantity,
            filled=state.filled,
            can_trade=state.status == "resting",
        )

    def _read_fills(self, now_us: Instant) -> Iterator[TrueFill]:
        new: list[Filled] = []
        for filled in self._exchange.fills(self._account):
            if (filled.trade, filled.order_id) in self._fills:
                break
            new.append(filled)
        for filled in reversed(new):
            status: FillStatus = "settled" if self._is_final else "provisional"
            yield self._keep(self._fill(filled, status, now_us))
        changed, self._changed[:] = list(self._changed), []
        for settlement in changed:
            status = STATUSES.get(settlement.status, "provisional")
            for filled in settlement.fills:
                known = self._fills.get((filled.trade, filled.order_id))
                if filled.account == self._account and known is not None and known.status != status:
                    yield self._keep(self._fill(filled, status, now_us))

    def _keep(self, fill: TrueFill) -> TrueFill:
        self._fills[int(fill.fill_id), fill.venue_order_id] = fill
        return fill

    def _fill(self, filled: Filled, status: FillStatus, now_us: Instant) -> TrueFill:
        gross = filled.price * filled.quantity // MICRO
        cash = -gross if filled.action == "buy" else gross
        return TrueFill(
            at_us=now_us,
            venue=self._venue,
            fill_id=str(filled.trade),
            venue_order_id=filled.order_id,
            market=self._market(filled.native_id),
            outcome=filled.outcome,
            action=filled.action,
            quantity=filled.quantity,
            price=filled.price,
            fee=filled.fee,
            cash=Money(cash - filled.fee),
            status=status,
        )

    def _read_payouts(self, now_us: Instant) -> Iterator[TruePayout]:
        for paid in reversed(self._exchange.settlements(self._account)):
            if self._paid.get(paid.native_id) != paid.revenue:
                self._paid[paid.native_id] = paid.revenue
                market = self._market(paid.native_id)
                yield TruePayout(now_us, self._venue, market, paid.yes_payout, paid.revenue)

    def _read_deeds(self, now_us: Instant) -> Iterator[TrueTransfer]:
        deeds = [] if self._chain is None else list(self._chain.of(self._account))
        new = deeds[: len(deeds) - self._deeds_count]
        self._deeds_count = len(deeds)
        for deed in reversed(new):
            if deed.kind == "SPLIT":
                yield TrueTransfer(now_us, self._venue, "split", Money(-deed.dollars))
            elif deed.kind == "MERGE":
                yield TrueTransfer(now_us, self._venue, "merge", Money(deed.dollars))

    def _read_holdings(self, now_us: Instant) -> TrueHoldings | None:
        contracts: list[tuple[MarketId, Outcome, Quantity]] = []
        for position in self._exchange.positions(self._account):
            market = self._market(position.native_id)
            if position.yes:
                contracts.append((market, "yes", position.yes))
            if position.no:
                contracts.append((market, "no", position.no))
        cash = self._exchange.balances(self._account).cash
        held = TrueHoldings(at_us=now_us, venue=self._venue, cash=cash, contracts=tuple(contracts))
        before = self._holdings
        if before is not None and (before.cash, before.contracts) == (held.cash, held.contracts):
            return None
        self._holdings = held
        return held

    def _market(self, native_id: str) -> MarketId:
        return self._exchange.market(native_id).listing.market.id


def chained(
    first: Callable[[Settlement], None] | None, second: Callable[[Settlement], None]
) -> Callable[[Settlement], None]:
    """Both are called, the first one first."""

    def call(settlement: Settlement) -> None:
        if first is not None:
            first(settlement)
        second(settlement)

    return call
