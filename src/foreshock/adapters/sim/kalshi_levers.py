"""What can be ordered to happen at the simulated Kalshi? The levers of its control host.

account   give a member cash on a shard            venue   pause trading, or the whole exchange
trade     an order by hand, a member's or anybody's  rules  lag of reads, tier, throttle, hours
fill      a member trades by hand with a stranger  market  pause, resume, close, determine, settle
position  move contracts of a member by hand       fee     charge by other terms, or as listed
partial   strangers come before the next orders and leave so much
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import msgspec

from foreshock.adapters.sim.control import Lever
from foreshock.adapters.sim.corrections import clearing_trade_account
from foreshock.adapters.sim.exchange_types import (
    BookSide,
    OrderRefused,
    OrderRequest,
    OrderState,
    TimeInForce,
)
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.adapters.sim.rewording import wording_lever
from foreshock.core.domain.errors import OrderRejectedError
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.units import (
    Instant,
    Money,
    complement,
    format_micros,
    parse_micros,
    parse_price,
    parse_quantity,
)

Body = TypeVar("Body", bound=msgspec.Struct)
OTHER_SIDE: dict[BookSide, BookSide] = {"bid": "ask", "ask": "bid"}


class AccountOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """cash: dollars as text."""

    cash: str
    member: str = DEFAULT_MEMBER
    exchange_index: int = 0


class TradeOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A limit order by hand, price of YES; member "" stands for a stranger with deep pockets."""

    ticker: str
    side: BookSide
    price: str
    count: str
    member: str = ""
    time_in_force: TimeInForce = "gtc"


class PositionOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """count: YES contracts to add, negative for NO; cash does not move."""

    ticker: str
    count: str
    member: str = DEFAULT_MEMBER


class PartialOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """counts: left in reach of the next orders, one each."""

    counts: list[str]


class VenueOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """None leaves a flag as it is."""

    trading_active: bool | None = None
    exchange_active: bool | None = None


class MarketOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """yes_payout: of determine and settle, in dollars; anything between 0 and 1 is a void."""

    ticker: str
    action: Literal["pause", "resume", "close", "clear", "determine", "dispute", "settle"]
    yes_payout: str = "1"


class FeeOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """fee_type None restores the listed terms."""

    ticker: str
    fee_type: str | None = None
    multiplier_ppm: int = 1_000_000


class KalshiLevers:
    """The levers over one Kalshi face."""

    def __init__(self, face: KalshiFace) -> None:
        self._face = face
        self._exchange = face.exchange

    def levers(self) -> Mapping[str, Lever]:
        """By the names under which the control host offers them."""
        return {
            "account": _reading(AccountOrder, self._account),
            "trade": _reading(TradeOrder, self._trade),
            "fill": _reading(TradeOrder, self._fill),
            "position": _reading(PositionOrder, self._position),
            "partial": _reading(PartialOrder, self._partial),
            "venue": _reading(VenueOrder, self._venue),
            "rules": _reading(KalshiRules, self._rules),
            "market": _reading(MarketOrder, self._market),
            "fee": _reading(FeeOrder, self._fee),
            "wording": wording_lever(self._exchange),
        }

    # ---- a member's account

    def _account(self, order: AccountOrder, now_us: Instant) -> object:
        amount = Money(parse_micros(order.cash))
        self._face.fund(order.member, order.exchange_index, amount, now_us)
        accounts = self._face.members.accounts(order.member)
        return {
            "balances": {
                str(index): format_micros(self._face.members.available(name))
                for index, name in accounts.items()
            }
        }

    def _position(self, order: PositionOrder, now_us: Instant) -> object:
        quantity = parse_micros(order.count)
        index = self._face.members.shard_of(order.ticker)
        account = self._face.members.account(order.member, index)
        stranger = clearing_trade_account(self._exchange, order.ticker, 0)
        desk = self._exchange.desk
        desk.move_contracts(stranger, account, order.ticker, quantity, now_us)
        self._face.touch(order.member, now_us)
        return {}

    # ---- trading

    def _trade(self, order: TradeOrder, now_us: Instant) -> object:
        """An order of nobody's client: it has no client order id."""
        if order.member:
            index = self._face.members.shard_of(order.ticker)
            account = self._face.members.account(order.member, index)
            order_id = self._face.members.next_order_id(order.member, now_us)
        else:
            account = clearing_trade_account(self._exchange, order.ticker, 0)
            order_id = None
        price = parse_price(order.price)
        request = OrderRequest(
            account=account,
            native_id=order.ticker,
            outcome="yes" if order.side == "bid" else "no",
            action="buy",
            price=price if order.side == "bid" else complement(price),
            quantity=parse_quantity(order.count),
            time_in_force=order.time_in_force,
            self_trade="maker",
            order_id=order_id,
        )
        return _placed(self._exchange.place(request, now_us))

    def _fill(self, order: TradeOrder, now_us: Instant) -> object:
        """A stranger offers what the member then takes; better offers in the book go first."""
        member = order.member or DEFAULT_MEMBER
        offer = msgspec.structs.replace(order, member="", side=OTHER_SIDE[order.side])
        self._trade(offer, now_us)
        taken = msgspec.structs.replace(order, member=member, time_in_force="ioc")
        return self._trade(taken, now_us)

    def _partial(self, order: PartialOrder, now_us: Instant) -> object:
        self._face.leave([parse_quantity(count) for count in order.counts])
        return {"at_us": now_us}

    # ---- the venue

    def _venue(self, order: VenueOrder, now_us: Instant) -> object:
        hours = self._face.hours
        if order.trading_active is not None:
            hours.is_trading = order.trading_active
        if order.exchange_active is not None:
            hours.is_active = order.exchange_active
        return hours.status(now_us)

    def _rules(self, rules: KalshiRules, now_us: Instant) -> object:
        self._face.obey(rules)
        return {"at_us": now_us}

    def _market(self, order: MarketOrder, now_us: Instant) -> object:
        """Raises InvariantError for a step that the market's life does not know."""
        exchange, ticker = self._exchange, order.ticker
        moves: dict[str, Callable[[str, Instant], None]] = {
            "pause": exchange.pause,
            "resume": exchange.open_market,
            "close": exchange.close,
            "clear": exchange.clear_book,
            "dispute": exchange.dispute,
        }
        if order.action in moves:
            moves[order.action](ticker, now_us)
        else:
            self._end(order, now_us)
        return {"status": exchange.market(ticker).status}

    def _end(self, order: MarketOrder, now_us: Instant) -> None:
        """Close what is open, name the outcome unless it is named, pay when asked to settle."""
        exchange, ticker = self._exchange, order.ticker
        if exchange.market(ticker).status in {"open", "paused"}:
            exchange.close(ticker, now_us)
        if exchange.market(ticker).status != "proposed" or order.action == "determine":
            exchange.propose(ticker, parse_price(order.yes_payout), now_us)
        if order.action == "settle":
            exchange.settle(ticker, now_us)

    def _fee(self, order: FeeOrder, now_us: Instant) -> object:
        terms = order.fee_type
        fee = None if terms is None else SeriesFee(terms, order.multiplier_ppm)
        self._exchange.change_fee(order.ticker, fee, now_us)
        return {}


def _reading(kind: type[Body], act: Callable[[Body, Instant], object]) -> Lever:
    """A lever that reads its body as one kind of order."""

    def lever(body: bytes, now_us: Instant) -> object:
        return act(msgspec.json.decode(body, type=kind), now_us)

    return lever


def _placed(state: OrderState | OrderRefused) -> dict[str, object]:
    if isinstance(state, OrderRefused):
        raise OrderRejectedError(f"{state.code}: {state.words}")
    return {
        "order_id": state.order_id,
        "status": state.status,
        "filled": format_micros(state.filled),
    }
