"""What happens to orders sent to the simulated Polymarket? Check, hold, match; cancel.

    POST body -> who may send it -> is it signed -> are its terms possible -> exchange

Every refusal carries the venue's documented status and words. An order's id is its hash.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence

import msgspec

from foreshock.adapters.sim.corrections import free_contracts
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    ExchangeEvent,
    Filled,
    MarketView,
    OrderRefused,
    OrderState,
    OrderUpdated,
    Resolved,
    Trade,
)
from foreshock.adapters.sim.lagging import Lag, LaggingTable
from foreshock.adapters.sim.polymarket_condition import Refusal, VenueCondition
from foreshock.adapters.sim.polymarket_eip712 import domain_of, order_hash
from foreshock.adapters.sim.polymarket_keys import Credentials
from foreshock.adapters.sim.polymarket_order_checks import (
    FAK_UNMATCHED,
    FOK_UNFILLED,
    NOT_READY,
    Funds,
    expiry_us,
    refused_amount,
    refused_by_exchange,
    refused_sender,
    refused_signature,
    refused_terms,
)
from foreshock.adapters.sim.polymarket_order_log import OrderIntent, OrderRecord, record_of
from foreshock.adapters.sim.polymarket_order_matching import (
    Ready,
    accepted,
    answer_of,
    quantity_of,
    reachable,
    reachable_levels,
    request_of,
)
from foreshock.adapters.sim.polymarket_order_wire import Placement, limit_of, read_placement
from foreshock.adapters.sim.polymarket_trades import Settlements
from foreshock.adapters.sim.polymarket_wallets import Wallet, Wallets
from foreshock.core.domain.units import SECOND, Duration, Instant, Price

KILLS = (FOK_UNFILLED, FAK_UNMATCHED)
MATCHED, CANCELED = "Order already matched", "Order already canceled"
NOT_FOUND = "Order not found or already canceled"
INTENTS_KEPT_MAX = 20_000
"""Orders whose ids are refused a second time; the oldest are forgotten first."""


class OrderDesk:
    """The order path of the venue. refresh: folds what the exchange did since; set by the face.

    changed, killed: called when an order changed, or found nobody and was never taken.
    shares_ppm: how much of the next market orders may trade, to make partial fills.
    """

    def __init__(self, exchange: Exchange, seed: int, lag: Lag) -> None:
        self.wallets = Wallets(exchange)
        self.settlements = Settlements(exchange, self.wallets, seed)
        self.condition = VenueCondition()
        self.records: LaggingTable[OrderRecord] = LaggingTable(lag)
        self.shares_ppm: list[int] = []
        self.refresh: Callable[[], None] = lambda: None
        self.changed: Callable[[OrderRecord, OrderRecord | None], None] | None = None
        self.killed: Callable[[OrderIntent, str, Instant], None] | None = None
        self._exchange = exchange
        self._delayed: list[tuple[Instant, str, Ready]] = []
        self._intents: dict[str, OrderIntent] = {}
        self._matching = 0

    # ---- placing

    def place(
        self, caller: Credentials, raw: msgspec.Raw, now_us: Instant
    ) -> dict[str, object] | Refusal:
        """One order: the accepting answer, or why not."""
        placement = read_placement(raw)
        if isinstance(placement, str):
            return Refusal(400, placement)
        intent_kind = "place_post_only" if placement.is_post_only else "place"
        refusal = self.condition.refusal(intent_kind, now_us)
        if refusal is not None:
            return refusal
        ready = self._checked(caller, placement, now_us)
        if isinstance(ready, Refusal):
            return ready
        delay = self._exchange.market(ready.intent.native_id).listing.taker_delay
        if delay >= SECOND and not placement.is_post_only and reachable(self._exchange, ready):
            return self._delay(ready, Instant(now_us + delay), now_us)
        answer = self._execute(ready, now_us)
        self.refresh()
        if isinstance(answer, Refusal):
            self._tell_killed(ready.intent, answer.words, now_us)
        return answer

    def hold(self, raw: msgspec.Raw) -> Duration:
        """How long an order waits unanswered: a taker, in a market with a delay below a second.

        It can be neither cancelled nor seen meanwhile, and is judged as if it came afterwards.
        """
        placement = read_placement(raw)
        if isinstance(placement, str) or placement.is_post_only:
            return Duration(0)
        try:
            native_id, index = self._exchange.native_of(placement.token)
        except KeyError:
            return Duration(0)
        listing = self._exchange.market(native_id).listing
        limit = limit_of(placement, listing.market.grid)
        if isinstance(limit, str) or not 0 < listing.taker_delay < SECOND:
            return Duration(0)
        takes = reachable_levels(self._exchange, native_id, index, placement.side, limit.price)
        return listing.taker_delay if takes else Duration(0)

    def advance(self, now_us: Instant) -> None:
        """Release delayed orders that are due, and let matches settle."""
        while self._delayed and self._delayed[0][0] <= now_us:
            due_us, _, ready = heapq.heappop(self._delayed)
            self._release(ready, due_us)
        self.settlements.advance(now_us)

    # ---- cancelling

    def cancel(self, owner: str, ids: Iterable[str], now_us: Instant) -> dict[str, object]:
        """Cancel what rests of these orders of an address; say why for the others."""
        canceled: list[str] = []
        not_canceled: dict[str, str] = {}
        for order_id in dict.fromkeys(ids):
            reason = self._cancel_one(owner, order_id, now_us)
            if reason is None:
                canceled.append(order_id)
            else:
                not_canceled[order_id] = reason
        self.refresh()
        return {"canceled": canceled, "not_canceled": not_canceled}

    def active_ids(self, owner: str, keep: Callable[[OrderIntent], bool]) -> list[str]:
        """Resting orders of an address that fit, oldest first."""
        return [
            record.intent.id
            for record in self.records.latest_values()
            if record.status == "LIVE" and self._owns(owner, record.intent) and keep(record.intent)
        ]

    def owner_of(self, account: str) -> str:
        """The address that signs for an account."""
        wallet = self.wallets.get(account)
        return wallet.owner if wallet else ""

    # ---- folding the exchange's events

    def fold(self, events: Sequence[ExchangeEvent]) -> None:
        """What the exchange did, in order."""
        for event in events:
            if not isinstance(event, Filled):
                self._tell_match()
            match event:
                case Trade():
                    self.settlements.matched(event)
                case Filled():
                    self.settlements.filled(event)
                    self._matching = event.trade
                case OrderUpdated():
                    self._updated(event.order)
                case Resolved():
                    self.settlements.resolved(event.native_id)
                case _:
                    pass
        self._tell_match()

    def file(self, intent: OrderIntent) -> None:
        """Take an order under the venue's eye that was not sent here: one placed by hand."""
        self._intents[intent.id] = intent
        if len(self._intents) > INTENTS_KEPT_MAX:
            del self._intents[next(iter(self._intents))]

    # ---- within: checks

    def _checked(
        self, caller: Credentials, placement: Placement, now_us: Instant
    ) -> Ready | Refusal:
        terms = placement.terms
        claimed = self.wallets.get(terms.maker)
        if claimed is None:
            claimed = Wallet(terms.maker.lower(), caller.address, terms.signature_type)
        refusal = refused_sender(caller, placement, claimed)
        if refusal is not None:
            return refusal
        try:
            native_id, _ = self._exchange.native_of(placement.token)
        except KeyError:
            return Refusal(404, "market not found")
        view = self._exchange.market(native_id)
        domain = domain_of(terms.token_id, is_neg_risk=view.listing.event.exclusive)
        refusal = refused_signature(placement, domain, claimed.owner)
        if refusal is None and view.status != "open":
            refusal = Refusal(400, NOT_READY)
        if refusal is not None:
            return refusal
        wallet = self.wallets.known(terms.maker, caller.address, terms.signature_type)
        return self._judged(placement, order_hash(terms, domain), wallet, now_us)

    def _judged(
        self, placement: Placement, order_id: str, wallet: Wallet, now_us: Instant
    ) -> Ready | Refusal:
        """The terms of an order that is signed."""
        native_id, index = self._exchange.native_of(placement.token)
        view = self._exchange.market(native_id)
        limit = limit_of(placement, view.listing.market.grid)
        refusal = refused_terms(order_id, placement, limit, view)
        if isinstance(limit, str) or refusal is not None:
            return refusal or Refusal(400, str(limit))
        if order_id in self._intents:
            return Refusal(400, f"order {order_id} is invalid. Duplicated.")
        expiring = expiry_us(placement, now_us)
        if isinstance(expiring, Refusal):
            return expiring
        intent = _intent(order_id, placement, view, limit.price, now_us)
        ready = Ready(placement, intent, wallet, limit, index, expiring)
        is_marketable = placement.is_market or bool(reachable(self._exchange, ready))
        return refused_amount(placement, wallet, is_marketable=is_marketable) or ready

    # ---- within: executing

    def _execute(self, ready: Ready, now_us: Instant) -> dict[str, object] | Refusal:
        quantity = quantity_of(ready, reachable(self._exchange, ready), self.shares_ppm)
        if isinstance(quantity, Refusal):
            return quantity
        self.file(ready.intent)
        state = self._exchange.place(request_of(ready, quantity), now_us)
        if isinstance(state, OrderRefused):
            del self._intents[ready.intent.id]
            return refused_by_exchange(state, self._funds(ready))
        ready.wallet.key = ready.intent.owner
        return accepted(ready, state)

    def _funds(self, ready: Ready) -> Funds:
        """What the chain shows, and what of it is promised already."""
        account, native_id = ready.intent.account, ready.intent.native_id
        if ready.placement.side == "BUY":
            balances = self._exchange.balances(account)
            shown = balances.cash + self.settlements.unsettled_cash(account)
            return Funds(shown, shown - balances.available, ready.placement.quote)
        shown = self.settlements.shown_contracts(account, native_id, ready.index)
        free = free_contracts(self._exchange, account, native_id, ready.index)
        return Funds(shown, shown - free, ready.placement.size)

    # ---- within: delayed orders

    def _delay(self, ready: Ready, due_us: Instant, now_us: Instant) -> dict[str, object]:
        self.file(ready.intent)
        heapq.heappush(self._delayed, (due_us, ready.intent.id, ready))
        self._write(OrderRecord(ready.intent, "DELAYED", 0, (), now_us))
        return answer_of(ready.intent.id, "delayed", ("0", "0"))

    def _release(self, ready: Ready, now_us: Instant) -> None:
        """Judge a delayed order anew; what finds nobody or is refused now ends unmatched."""
        result: dict[str, object] | Refusal = Refusal(400, "market closed meanwhile")
        if self._exchange.market(ready.intent.native_id).status == "open":
            result = self._execute(ready, now_us)
        if isinstance(result, Refusal):
            self._write(OrderRecord(ready.intent, "UNMATCHED", 0, (), now_us))
        self.refresh()

    # ---- within: cancelling and folding

    def _cancel_one(self, owner: str, order_id: str, now_us: Instant) -> str | None:
        record = self.records.latest(order_id)
        if record is None or not self._owns(owner, record.intent) or record.status == "DELAYED":
            return NOT_FOUND
        canceled = self._exchange.cancel(record.intent.account, order_id, now_us)
        if not isinstance(canceled, OrderRefused):
            return None
        return MATCHED if record.status == "MATCHED" else CANCELED

    def _tell_match(self) -> None:
        """A match is told once all its sides are folded."""
        if self._matching:
            self.settlements.told(self._matching)
            self._matching = 0

    def _tell_killed(self, intent: OrderIntent, words: str, now_us: Instant) -> None:
        if words in KILLS and self.killed is not None:
            self.killed(intent, words, now_us)

    def _owns(self, owner: str, intent: OrderIntent) -> bool:
        return self.owner_of(intent.account) == owner

    def _updated(self, order: OrderState) -> None:
        intent = self._intents.get(order.order_id)
        if intent is not None:
            self._write(record_of(intent, order))

    def _write(self, record: OrderRecord) -> None:
        before = self.records.latest(record.intent.id)
        self.records.put(record.intent.id, record, record.updated_us)
        if self.changed is not None:
            self.changed(record, before)


def _intent(
    order_id: str, placement: Placement, view: MarketView, price: Price, now_us: Instant
) -> OrderIntent:
    market = view.listing.market
    index = market.outcome_ids.index(placement.token)
    return OrderIntent(
        id=order_id,
        owner=placement.owner,
        account=placement.terms.maker.lower(),
        maker_address=placement.terms.maker,
        native_id=market.native_id,
        token=placement.token,
        outcome_label=market.outcome_labels[index],
        side=placement.side,
        order_type=placement.order_type,
        price=price,
        original=placement.size,
        expiration=placement.expiration,
        created_us=now_us,
    )
