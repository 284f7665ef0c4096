"""Dollars into contracts of both outcomes, and back: what was asked for, sent, and done?

ConversionRequested -> ConvertSets -> ConversionPrepared -> SendConversion -> ConversionTold ...
                    |                                                      -> ConversionClosed
                    '-> ConversionRefused   nothing left

split   1 dollar -> 1 YES + 1 NO         merge   the way back
redeem  everything held of a resolved market -> what it pays
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import Instant, Quantity

ConversionKind: TypeAlias = Literal["split", "merge", "redeem"]
ConversionVerdict: TypeAlias = Literal[
    "pending", "confirmed", "failed", "rejected", "spent", "unknown"
]
"""pending: taken, not final. failed, rejected: it changed nothing and never will. spent: its turn
is over, by it or by another transaction of the wallet. unknown: it may have happened, or may."""
ConversionOutcome: TypeAlias = Literal["confirmed", "failed", "taken_over"]
"""taken_over: nobody could prove it, and a person took the venue's numbers over."""


class ConversionRequested(msgspec.Struct, frozen=True, tag=True):
    """A person asks. quantity: contracts of each outcome; 0 of a redemption, which takes all."""

    conversion_id: str
    kind: ConversionKind
    market: MarketId
    quantity: Quantity
    by: str


class ConvertSets(msgspec.Struct, frozen=True, tag=True):
    """Make and sign the transaction; nothing leaves yet.

    held_yes, held_no: contracts that the venue listed when this was decided.
    """

    conversion_id: str
    kind: ConversionKind
    market: MarketId
    quantity: Quantity
    decided_us: Instant
    held_yes: int = 0
    held_no: int = 0


class ConversionPrepared(msgspec.Struct, frozen=True, tag=True):
    """It is signed and may leave once this is on record.

    turn: which transaction of the wallet it is; only one can ever have it. digest: SHA-256 of the
    body as hex. lapses_us: from then on it can never be executed; None: it waits for its turn.
    """

    conversion_id: str
    turn: int
    digest: str
    lapses_us: Instant | None = None


class SendConversion(msgspec.Struct, frozen=True, tag=True):
    """Let a prepared conversion leave, once: it is on record."""

    conversion_id: str
    market: MarketId


class ConversionRefused(msgspec.Struct, frozen=True, tag=True):
    """Nothing was sent, and nothing will be."""

    conversion_id: str
    refusal: Refusal


class ConversionTold(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What the venue last said of one that left. transaction_id: its own name for it.

    tx_hash: on the chain. Both None before they are known.
    """

    conversion_id: str
    verdict: ConversionVerdict
    words: str
    transaction_id: str | None = None
    tx_hash: str | None = None


class ConversionClosed(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """It is over. ours: the part of quantity that moves contracts which we booked ourselves."""

    conversion_id: str
    kind: ConversionKind
    market: MarketId
    quantity: Quantity
    ours: Quantity
    outcome: ConversionOutcome
    words: str


ConversionCommand: TypeAlias = ConvertSets | SendConversion
ConversionWord: TypeAlias = (
    ConversionRequested | ConvertSets | ConversionPrepared | SendConversion | ConversionTold
)
"""What is said of one that is not over."""
ConversionFact: TypeAlias = (
    ConversionRequested | ConversionPrepared | ConversionRefused | ConversionTold | ConversionClosed
)
