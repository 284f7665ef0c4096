"""What can be ordered to happen at the simulated Polymarket? The levers of its control host.

account   fund a wallet and tell its API keys       condition  open, cancel-only, disabled ...
allowance what the exchanges may take of a wallet   restart    425, then post-only mode
standing  ban a wallet, or let it only close        settlement pace of the chain, fates to come
trade     a trade by hand, for or against an order  lag        how late reads are
position  move contracts of a wallet by hand        market     pause, resume, close, resolve
sets      split dollars into sets, merge them back
limits    refuse signers that send too much         relayer    fates of wallet transactions
leak      cash that stays promised for nothing      fee        charge by other terms
partial   the next FAK orders trade only a share
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import msgspec

from foreshock.adapters.sim import corrections
from foreshock.adapters.sim.control import Lever
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import OrderRefused, OrderRequest, OrderState
from foreshock.adapters.sim.polymarket_condition import ConditionName
from foreshock.adapters.sim.polymarket_order_log import OrderIntent
from foreshock.adapters.sim.polymarket_order_matching import OUTCOMES
from foreshock.adapters.sim.polymarket_order_wire import Side
from foreshock.adapters.sim.polymarket_private import PrivateSide
from foreshock.adapters.sim.polymarket_relayer import relayer_key
from foreshock.adapters.sim.polymarket_trades import Fate, SettlementPace
from foreshock.adapters.sim.polymarket_transactions import TransactionFate
from foreshock.adapters.sim.polymarket_wallets import Wallet
from foreshock.adapters.sim.rewording import wording_lever
from foreshock.adapters.sim.wire_text import hex_id
from foreshock.core.domain.errors import OrderRejectedError
from foreshock.core.domain.markets import CurveFee
from foreshock.core.domain.units import (
    MICRO,
    Instant,
    Money,
    Price,
    Quantity,
    format_micros,
    parse_micros,
    parse_price,
    parse_quantity,
)
from foreshock.core.pricing.fees import Fill

TRIAL = Fill(Price(MICRO // 2), Quantity(MICRO), is_taker=True, action="buy")
Body = TypeVar("Body", bound=msgspec.Struct)


class AccountOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """wallet: "" is the owner's own address. cash: dollars as text."""

    owner: str
    cash: str = "0"
    wallet: str = ""
    signature_type: int = 0


class AllowanceOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """amount: base units."""

    wallet: str
    amount: int


class StandingOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the venue thinks of a wallet."""

    wallet: str
    is_banned: bool = False
    is_closed_only: bool = False
    redeems_itself: bool = False


class TradeOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A limit order placed by hand; wallet "" stands for a stranger with deep pockets."""

    token_id: str
    side: Side
    price: str
    size: str
    wallet: str = ""


class PositionOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """size: contracts to add, negative to take away; cash does not move."""

    wallet: str
    token_id: str
    size: str


class SetsOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Dollars into sets of both outcomes, or back. size: sets."""

    wallet: str
    condition_id: str
    action: Literal["split", "merge"]
    size: str


class LeakOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """cash: dollars that stay promised; negative lets go again."""

    wallet: str
    cash: str


class PartialOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """shares: of the next FAK orders, in millionths."""

    shares_ppm: list[int]


class ConditionOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The venue's condition from now on."""

    name: ConditionName


class RestartOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the matching engine is away."""

    for_us: int


class SettlementOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """pace: None leaves it. fates: of the next matches, in order."""

    pace: SettlementPace | None = None
    fates: list[Fate] = []


class RelayerOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """fates: of the next wallet transactions, in order."""

    fates: list[TransactionFate]


class LimitsOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether too many orders are refused with 429, or only warned of."""

    is_enforced: bool


class LagOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How late reads are."""

    shortest_us: int
    longest_us: int


class MarketOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """yes_payout: of `resolve`, in dollars: "1", "0", "0.5"."""

    condition_id: str
    action: Literal["pause", "resume", "close", "propose", "resolve", "clear"]
    yes_payout: str = "1"


class FeeOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """rate_ppm: None restores the listed terms."""

    condition_id: str
    rate_ppm: int | None = None
    exponent: int = 1


class PolymarketLevers:
    """The levers over one CLOB face's private side."""

    def __init__(self, exchange: Exchange, private: PrivateSide) -> None:
        self._exchange = exchange
        self._private = private
        self._desk = private.desk
        self._by_hand_count = 0

    def levers(self) -> Mapping[str, Lever]:
        """By the names under which the control host offers them."""
        return {
            "account": _reading(AccountOrder, self._account),
            "allowance": _reading(AllowanceOrder, self._allowance),
            "standing": _reading(StandingOrder, self._standing),
            "trade": _reading(TradeOrder, self._trade),
            "position": _reading(PositionOrder, self._position),
            "sets": _reading(SetsOrder, self._sets),
            "leak": _reading(LeakOrder, self._leak),
            "partial": _reading(PartialOrder, self._partial),
            "condition": _reading(ConditionOrder, self._condition),
            "restart": _reading(RestartOrder, self._restart),
            "settlement": _reading(SettlementOrder, self._settlement),
            "relayer": _reading(RelayerOrder, self._relayer),
            "limits": _reading(LimitsOrder, self._limits),
            "lag": _reading(LagOrder, self._lag),
            "market": _reading(MarketOrder, self._market),
            "fee": _reading(FeeOrder, self._fee),
            "wording": wording_lever(self._exchange),
        }

    # ---- accounts

    def _account(self, order: AccountOrder, now_us: Instant) -> object:
        address = order.wallet or order.owner
        cash = Money(parse_micros(order.cash))
        wallet = self._desk.wallets.fund(address, order.owner, order.signature_type, cash)
        granted = self._private.keys.grant(order.owner)
        wallet.key = wallet.key or granted.key
        return {
            "wallet": wallet.text(),
            "signature_type": wallet.kind,
            "apiKey": granted.key,
            "secret": granted.secret,
            "passphrase": granted.passphrase,
            "relayer_key": relayer_key(order.owner),
        }

    def _allowance(self, order: AllowanceOrder, now_us: Instant) -> object:
        self._wallet(order.wallet).allowance = order.amount
        return {}

    def _standing(self, order: StandingOrder, now_us: Instant) -> object:
        wallet = self._wallet(order.wallet)
        wallet.is_banned, wallet.is_closed_only = order.is_banned, order.is_closed_only
        corrections.pay_by_hand(self._exchange, wallet.address, is_on=order.redeems_itself)
        return {}

    def _position(self, order: PositionOrder, now_us: Instant) -> object:
        wallet = self._wallet(order.wallet)
        native_id, index = self._exchange.native_of(order.token_id)
        quantity = parse_quantity(order.size.removeprefix("-"))
        move = corrections.take if order.size.startswith("-") else corrections.give
        move(self._exchange, wallet.address, native_id, index, (quantity, 0))
        return {}

    def _sets(self, order: SetsOrder, now_us: Instant) -> object:
        wallet, chain = self._wallet(order.wallet), self._private.chain
        self._exchange.market(order.condition_id)  # an unknown one is a KeyError
        act = chain.split if order.action == "split" else chain.merge
        act(wallet.address, order.condition_id, parse_quantity(order.size), now_us)
        return {}

    def _leak(self, order: LeakOrder, now_us: Instant) -> object:
        amount = Money(parse_micros(order.cash))
        corrections.hold_cash(self._exchange, self._wallet(order.wallet).address, amount)
        return {}

    # ---- trading

    def _trade(self, order: TradeOrder, now_us: Instant) -> object:
        native_id, index = self._exchange.native_of(order.token_id)
        size = parse_quantity(order.size)
        if order.wallet:
            account = self._wallet(order.wallet).address
        else:
            account = corrections.clearing_trade_account(self._exchange, native_id, size)
        self._by_hand_count += 1
        request = OrderRequest(
            account=account,
            native_id=native_id,
            outcome=OUTCOMES[index],
            action="buy" if order.side == "BUY" else "sell",
            price=parse_price(order.price),
            quantity=size,
            order_id="0x" + hex_id(f"by hand/{self._by_hand_count}", 64),
            ignores_min=True,
        )
        if order.wallet:
            self._desk.file(self._intent(order, request, now_us))
        state = self._exchange.place(request, now_us)
        self._desk.refresh()
        if isinstance(state, OrderRefused):
            raise OrderRejectedError(f"{state.code}: {state.words}")
        return _placed(state)

    def _intent(self, order: TradeOrder, request: OrderRequest, now_us: Instant) -> OrderIntent:
        wallet = self._wallet(order.wallet)
        market = self._exchange.market(request.native_id).listing.market
        return OrderIntent(
            id=request.order_id or "",
            owner=wallet.key,
            account=wallet.address,
            maker_address=wallet.text(),
            native_id=request.native_id,
            token=order.token_id,
            outcome_label=market.outcome_labels[OUTCOMES.index(request.outcome)],
            side=order.side,
            order_type="GTC",
            price=request.price,
            original=request.quantity,
            expiration=0,
            created_us=now_us,
        )

    def _partial(self, order: PartialOrder, now_us: Instant) -> object:
        self._desk.shares_ppm += order.shares_ppm
        return {}

    # ---- the venue

    def _condition(self, order: ConditionOrder, now_us: Instant) -> object:
        self._desk.condition.name = order.name
        return {}

    def _restart(self, order: RestartOrder, now_us: Instant) -> object:
        self._desk.condition.restart(order.for_us, now_us)
        return {}

    def _settlement(self, order: SettlementOrder, now_us: Instant) -> object:
        if order.pace is not None:
            self._desk.settlements.pace = order.pace
        self._desk.settlements.fates += order.fates
        return {"open": self._desk.settlements.count_open()}

    def _relayer(self, order: RelayerOrder, now_us: Instant) -> object:
        self._private.transactions.fates += order.fates
        return {}

    def _limits(self, order: LimitsOrder, now_us: Instant) -> object:
        self._private.limits.is_enforced = order.is_enforced
        return {}

    def _lag(self, order: LagOrder, now_us: Instant) -> object:
        self._private.lag.shortest_us = order.shortest_us
        self._private.lag.longest_us = order.longest_us
        return {}

    def _market(self, order: MarketOrder, now_us: Instant) -> object:
        native_id = order.condition_id
        status = self._exchange.market(native_id).status
        moves: dict[str, Callable[[str, Instant], None]] = {
            "pause": self._exchange.pause,
            "resume": self._exchange.open_market,
            "close": self._exchange.close,
            "clear": self._exchange.clear_book,
        }
        if order.action in moves:
            moves[order.action](native_id, now_us)
        else:
            if status in {"open", "paused"}:
                self._exchange.close(native_id, now_us)
            if status != "proposed":
                self._exchange.propose(native_id, parse_price(order.yes_payout), now_us)
            if order.action == "resolve":
                self._exchange.settle(native_id, now_us)
        self._desk.refresh()
        return {"status": self._exchange.market(native_id).status}

    def _fee(self, order: FeeOrder, now_us: Instant) -> object:
        fee = None if order.rate_ppm is None else CurveFee(order.rate_ppm, order.exponent)
        if fee is not None:
            self._try_fee(order.condition_id, fee, now_us)
        self._exchange.change_fee(order.condition_id, fee, now_us)
        self._desk.refresh()
        return {}

    def _try_fee(self, native_id: str, fee: CurveFee, now_us: Instant) -> None:
        """Raises InvariantError for terms that the schedules do not know, before they are set."""
        listed = self._exchange.market(native_id).listing.market
        market = msgspec.structs.replace(listed, fee=fee)
        self._exchange.ledger().fee_of(market, TRIAL, now_us, Money(0))

    def _wallet(self, address: str) -> Wallet:
        found = self._desk.wallets.get(address)
        if found is None:
            raise KeyError(f"wallet {address}")
        return found


def _reading(kind: type[Body], act: Callable[[Body, Instant], object]) -> Lever:
    """A lever that reads its body as one kind of order."""

    def lever(body: bytes, now_us: Instant) -> object:
        return act(msgspec.json.decode(body, type=kind), now_us)

    return lever


def _placed(state: OrderState) -> dict[str, object]:
    return {
        "order_id": state.order_id,
        "status": state.status,
        "filled": format_micros(state.filled),
        "trades": len(state.trades),
    }
