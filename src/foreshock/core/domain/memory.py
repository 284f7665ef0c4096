"""What must a desk not forget when its process ends? The plain values that a restart carries over.

They are folds of the journal: nothing here is decided, and all of it can be computed again.
"""

import msgspec

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.conversions import ConversionWord
from foreshock.core.domain.messages.decisions import TradeRequest
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.units import Instant, Money, Quantity

OrderWord = (
    PlaceOrder
    | OrderPrepared
    | SendRefused
    | OrderAccepted
    | OrderFilled
    | FillSettled
    | FillReverted
    | OrderClosed
    | OrderRejected
    | OrderUnknown
)


class Balance(msgspec.Struct, frozen=True, array_like=True):
    """What one account of the ledger holds of one asset. kind, venue: its account."""

    kind: str
    venue: str
    asset: str
    amount: int


class TokenTurnover(msgspec.Struct, frozen=True, array_like=True):
    """All that was ever bought and given away of one token, fees aside."""

    market: MarketId
    outcome: Outcome
    bought: int
    cost: int
    given: int
    received: int


class LedgerMemory(msgspec.Struct, frozen=True):
    """Every balance and turnover. orders: everything said about each order, in order of decision.

    What is said of an order that is over may be said again by a venue; only what is kept here is
    then known to be ours, and to be counted already.
    """

    balances: tuple[Balance, ...] = ()
    turnovers: tuple[TokenTurnover, ...] = ()
    orders: tuple[tuple[OrderWord, ...], ...] = ()


class WindowMemory(msgspec.Struct, frozen=True):
    """A day, week or month: its number, the value at its start, and why it is stopped, if it is."""

    index: int
    opening: Money
    stopped: str


class HedgedSet(msgspec.Struct, frozen=True):
    """Contracts that pay together. worth: what they still pay; tokens: those not yet paid out."""

    tokens: tuple[tuple[MarketId, Outcome], ...]
    quantity: Quantity
    worth: Money


class RiskMemory(msgspec.Struct, frozen=True, kw_only=True):
    """What the guardian's stops rest on. windows: by "day", "week" and "month".

    drawdown: why the ratcheting stop stands, empty when it does not. rejects: (reason, count) of
    the run of identical rejects at a venue.
    """

    high_water: Money
    windows: dict[str, WindowMemory]
    drawdown: str = ""
    hedged: tuple[HedgedSet, ...] = ()
    rejects: dict[str, tuple[str, int]] = msgspec.field(default_factory=dict[str, tuple[str, int]])


class DeskMemory(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a desk that outlives its process.

    packages: the requests of those that were open. cooled: until when a pair rests. mischarged:
    pairs whose fees differed and nobody has looked. conversions: everything said about each that is
    not over, in order.
    """

    ledger: LedgerMemory = LedgerMemory()
    risk: RiskMemory | None = None
    packages: tuple[TradeRequest, ...] = ()
    cooled: dict[str, Instant] = msgspec.field(default_factory=dict[str, Instant])
    mischarged: tuple[str, ...] = ()
    conversions: tuple[tuple[ConversionWord, ...], ...] = ()
