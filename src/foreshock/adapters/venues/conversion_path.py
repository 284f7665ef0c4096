"""What does a venue look like where dollars become contracts of both outcomes? Pure.

    turn -> made -> RequestSigner.sign -> one write -> submitted -> trace ... -> traced

Only venues whose contracts are tokens of a wallet have such a path.
"""

from typing import Protocol

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.conversions import ConversionVerdict, ConvertSets
from foreshock.core.domain.units import Instant


class Made(msgspec.Struct, frozen=True):
    """A transaction as it will leave. turn: which one of the wallet it is.

    lapses_us: from then on it can never be executed; None: it waits for its turn without end.
    """

    request: Unsigned
    turn: int
    lapses_us: Instant | None


class Relayed(msgspec.Struct, frozen=True, kw_only=True):
    """transaction_id: the relayer's own, None before it named one. tx_hash: on the chain."""

    verdict: ConversionVerdict
    words: str
    transaction_id: str | None = None
    tx_hash: str | None = None


class ConversionPath(Protocol):
    """One wallet, pure. Whatever it cannot read for certain is `unknown`."""

    def turn(self) -> Unsigned:
        """Ask which transaction of the wallet is next. Raises ConfigError without a wallet."""
        ...

    def made(
        self, command: ConvertSets, market: Market, answer: HttpResponse, now_us: Instant
    ) -> Made:
        """The transaction for that turn, unsigned.

        Raises DataError for an answer that tells none, OrderRejectedError for what no contract
        takes.
        """
        ...

    def submitted(self, answer: HttpResponse | None) -> Relayed:
        """What the answer to the one write proves; None = no answer came."""
        ...

    def trace(self, transaction_id: str | None) -> Unsigned:
        """Ask what became of one that left; without its name, whose turn it is by now."""
        ...

    def traced(
        self, made: Made, transaction_id: str | None, answer: HttpResponse | None, now_us: Instant
    ) -> Relayed:
        """What the answer to `trace` proves."""
        ...
