"""Which commands were sent on a stream and which of them still wait for their answer?

Every command carries an id; answers may come out of order. A subscribe names one channel, so that
it has exactly one answer: `subscribed`, `ok` when it merged into an open subscription, or `error`.
"""

from collections.abc import Iterator, Sequence

import msgspec

from foreshock.adapters.venues.kalshi.frames import CommandFrame, CommandParams, encode_command
from foreshock.core.domain.units import SECOND, Duration, Instant

BOOKS = "orderbook_delta"
TRADES = "trade"
TICKERS = "ticker"
LIFECYCLE = "market_lifecycle_v2"
PER_MARKET = (BOOKS, TRADES, TICKERS)
"""Channels that are told their markets. Without any they would send those of the whole exchange."""
COMMAND_TICKERS_MAX = 500
ANSWER_WAIT = Duration(10 * SECOND)
SNAPSHOTS = "get_snapshot"


class Command(msgspec.Struct, frozen=True):
    """A command under way. what: the channel of a subscribe, else the action."""

    id: int
    what: str
    tickers: tuple[str, ...]
    sent_us: Instant

    @property
    def is_subscribe(self) -> bool:
        """Whether it opens or extends a channel."""
        return self.what in PER_MARKET or self.what == LIFECYCLE


class Commands:
    """Outgoing text frames and the commands that wait for an answer."""

    def __init__(self) -> None:
        self._last_id = 0
        self._waiting: dict[int, Command] = {}
        self._outgoing: list[str] = []

    def subscribe(self, channel: str, tickers: Sequence[str], now_us: Instant) -> None:
        """Open a channel for markets, or add them to it. No tickers: a channel without filter."""
        for chunk in _chunks(tickers) if tickers else ((),):
            uses = True if channel == BOOKS else None  # explicit, as its default will change
            params = CommandParams(channels=(channel,), market_tickers=chunk, use_yes_price=uses)
            self._send("subscribe", channel, params, now_us)

    def snapshots(self, sid: int, tickers: Sequence[str], now_us: Instant) -> None:
        """Ask for whole books."""
        self._update(sid, SNAPSHOTS, tickers, now_us)

    def leave(self, sid: int, tickers: Sequence[str], now_us: Instant) -> None:
        """Drop markets from a channel."""
        self._update(sid, "delete_markets", tickers, now_us)

    def unsubscribe(self, sid: int, now_us: Instant) -> None:
        """Close a channel."""
        self._send("unsubscribe", "unsubscribe", CommandParams(sids=(sid,)), now_us)

    def answered(self, command_id: int) -> Command | None:
        """The command an answer belongs to; None when it answers none that waits."""
        return self._waiting.pop(command_id, None)

    def overdue(self, now_us: Instant) -> Command | None:
        """The oldest command that has waited too long."""
        for command in self._waiting.values():
            if now_us - command.sent_us > ANSWER_WAIT:
                return command
        return None

    def take(self) -> list[str]:
        """Text frames to send, each once."""
        outgoing, self._outgoing = self._outgoing, []
        return outgoing

    def _update(self, sid: int, action: str, tickers: Sequence[str], now_us: Instant) -> None:
        for chunk in _chunks(tickers):
            params = CommandParams(sids=(sid,), action=action, market_tickers=chunk)
            self._send("update_subscription", action, params, now_us)

    def _send(self, cmd: str, what: str, params: CommandParams, now_us: Instant) -> None:
        self._last_id += 1
        command = Command(self._last_id, what, params.market_tickers, now_us)
        self._waiting[command.id] = command
        self._outgoing.append(encode_command(CommandFrame(command.id, cmd, params)).decode())


def _chunks(tickers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(tickers), COMMAND_TICKERS_MAX):
        yield tuple(tickers[start : start + COMMAND_TICKERS_MAX])
