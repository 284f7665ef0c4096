"""Splits, merges and redemptions of one wallet through the relayer: a `ConversionPath`, pure.

One that left without an answer has no name to ask for. But each transaction of a wallet has its
turn, and only one can ever have it: as long as the turn has not passed, nothing has happened yet.
"""

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.conversion_path import Made, Relayed
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.holder import Holder
from foreshock.adapters.venues.polymarket.positions import PositionCall, merge, redeem, split
from foreshock.adapters.venues.polymarket.relayed import read_submitted, read_transaction
from foreshock.adapters.venues.polymarket.relayer import (
    lapse_of,
    read_turn,
    submission,
    transaction_request,
    turn_request,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.conversions import ConvertSets
from foreshock.core.domain.units import SECOND, Duration, Instant

LAPSE_ROOM = Duration(120 * SECOND)
"""The chain's clock is not ours: only this long after its deadline a transaction is dead."""


class PolymarketConversions:
    """A `ConversionPath`. holder: the wallet, which must not be the key's own account."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    def turn(self) -> Unsigned:
        """Raises ConfigError for an account without a wallet, which would pay its own gas."""
        return turn_request(self._holder)

    def made(
        self, command: ConvertSets, market: Market, answer: HttpResponse, now_us: Instant
    ) -> Made:
        """Raises DataError for an answer without a turn, OrderRejectedError as `positions`."""
        turn = read_turn(answer)
        request = submission(call_of(command, market), self._holder, turn, now_us)
        return Made(request, turn.nonce, lapse_of(self._holder, now_us))

    def submitted(self, answer: HttpResponse | None) -> Relayed:
        """What the answer to a submission proves."""
        return read_submitted(answer)

    def trace(self, transaction_id: str | None) -> Unsigned:
        """The transaction by its name, or whose turn it is by now."""
        if transaction_id is None:
            return turn_request(self._holder)
        return transaction_request(transaction_id)

    def traced(
        self, made: Made, transaction_id: str | None, answer: HttpResponse | None, now_us: Instant
    ) -> Relayed:
        """What a look proves; nobody knows it by name: what its turn tells."""
        if transaction_id is not None:
            return read_transaction(transaction_id, answer)
        try:
            turn = None if answer is None else read_turn(answer)
        except DataError as error:
            return Relayed(verdict="unknown", words=str(error))
        if turn is None:
            return Relayed(verdict="unknown", words="no answer came")
        return _by_turn(made, turn.nonce, now_us)


def call_of(command: ConvertSets, market: Market) -> PositionCall:
    """Raises OrderRejectedError for what no adapter takes."""
    match command.kind:
        case "split":
            return split(market, command.quantity)
        case "merge":
            return merge(market, command.quantity)
        case "redeem":
            return redeem(market)


def _by_turn(made: Made, nonce: int, now_us: Instant) -> Relayed:
    if nonce > made.turn:
        words = f"turn {made.turn} is over, it is {nonce} now"
        return Relayed(verdict="spent", words=words)
    if made.lapses_us is not None and now_us > made.lapses_us + LAPSE_ROOM:
        return Relayed(verdict="failed", words="its deadline passed before its turn came")
    return Relayed(verdict="unknown", words=f"turn {made.turn} has not come yet")
