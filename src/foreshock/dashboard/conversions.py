"""Where does each split, merge and redemption stand? A fold of what was asked, sent and told."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger, venue_of
from foreshock.core.domain.units import Instant
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets

CONVERSIONS_MAX = 1_000
ConversionState: TypeAlias = Literal[
    "asked",
    "signed",
    "sent",
    "pending",
    "spent",
    "unknown",
    "confirmed",
    "failed",
    "taken_over",
    "refused",
]
OVER: frozenset[ConversionState] = frozenset({"confirmed", "failed", "taken_over", "refused"})
"""Nothing more will be said of it."""
TOLD: Mapping[c.ConversionVerdict, ConversionState] = {
    "pending": "pending",
    "spent": "spent",
    "unknown": "unknown",
    "confirmed": "pending",
    "failed": "pending",
    "rejected": "pending",
}
"""What is final is said by ConversionClosed, in the same step."""


class ConversionView(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. code: of a refusal. quantity: contracts of each outcome, 0 of a redemption."""

    id: str
    kind: c.ConversionKind
    market: str
    venue: str
    title: str
    quantity_micros: int
    state: ConversionState
    code: str | None
    words: str
    by: str
    asked_us: int
    told_us: int
    transaction_id: str | None
    tx_hash: str | None


class Row(msgspec.Struct):
    """One of them and what was last said of it."""

    asked: c.ConversionRequested
    asked_us: Instant
    told_us: Instant
    state: ConversionState = "asked"
    code: str | None = None
    words: str = ""
    told: c.ConversionTold | None = None


class Conversions:
    """Every conversion of the run, newest last."""

    def __init__(self, ledger: Ledger, markets: Markets) -> None:
        self._ledger = ledger
        self._markets = markets
        self._rows: dict[str, Row] = {}

    def hear(self, message: Message, now_us: Instant) -> None:
        """Take in one message about conversions; a repeated request changes nothing."""
        if isinstance(message, c.ConversionRequested):
            self._rows.setdefault(message.conversion_id, Row(message, now_us, now_us))
            evict(self._rows, CONVERSIONS_MAX, lambda row: row.state in OVER)
            return
        if isinstance(message, c.ConversionClosed):
            self._ledger.convert(message)
        if isinstance(message, c.ConversionFact | c.SendConversion):
            row = self._rows.get(message.conversion_id)
            if row is not None and row.state not in OVER:
                row.told_us = now_us
                _follow(row, message)

    def views(self) -> list[ConversionView]:
        """The newest first."""
        return [self._view(row) for row in reversed(self._rows.values())]

    def view(self, name: str) -> ConversionView | None:
        """One of them; None when it was never asked for."""
        row = self._rows.get(name)
        return None if row is None else self._view(row)

    def _view(self, row: Row) -> ConversionView:
        asked = row.asked
        return ConversionView(
            id=asked.conversion_id,
            kind=asked.kind,
            market=asked.market,
            venue=venue_of(asked.market),
            title=self._markets.title(asked.market),
            quantity_micros=asked.quantity,
            state=row.state,
            code=row.code,
            words=row.words,
            by=asked.by,
            asked_us=row.asked_us,
            told_us=row.told_us,
            transaction_id=None if row.told is None else row.told.transaction_id,
            tx_hash=None if row.told is None else row.told.tx_hash,
        )


def _follow(row: Row, message: c.ConversionFact | c.SendConversion) -> None:
    match message:
        case c.ConversionPrepared():
            row.state = "signed"
        case c.SendConversion():
            row.state = "sent"
        case c.ConversionTold(verdict=verdict, words=words):
            row.state, row.words, row.told = TOLD[verdict], words, message
        case c.ConversionRefused(refusal=refusal):
            row.state, row.code, row.words = "refused", refusal.code, refusal.words
        case c.ConversionClosed(outcome=outcome, words=words):
            row.state, row.words = outcome, words
        case c.ConversionRequested():
            pass
