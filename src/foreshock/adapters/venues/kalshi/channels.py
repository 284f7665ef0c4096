"""Which channels of a stream are open, under which subscription id, and is the stream of use?"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from foreshock.adapters.venues.kalshi.commands import (
    ANSWER_WAIT,
    BOOKS,
    LIFECYCLE,
    PER_MARKET,
    SNAPSHOTS,
    Command,
    Commands,
)
from foreshock.adapters.venues.kalshi.frames import ErrorFrame, OkFrame, SubscribedFrame
from foreshock.adapters.venues.kalshi.watched import Watched, WatchTable
from foreshock.core.domain.units import SECOND, Instant

TERMINAL_ERRORS = frozenset({9, 10, 25})
"""Authentication required, channel error, subscription buffer overflow."""
PASSING_ERRORS = frozenset({1, 18, 27})
"""Unable to process, command timeout, too many requests: a new stream may do better."""
ERRORS = frozenset({*range(1, 29)}) - {6, 16, 17}


class Channels:
    """Opens, extends and closes channels; remembers why the stream must be reopened."""

    def __init__(self, table: WatchTable) -> None:
        self._table = table
        self._commands = Commands()
        self._sids: dict[str, int] = {}
        self._late_leavers: dict[str, set[str]] = defaultdict(set)
        self._dead: str | None = None

    def name(self, sid: int) -> str:
        """The channel of a subscription, for words."""
        return next((name for name, known in self._sids.items() if known == sid), f"sid {sid}")

    def open(self, tickers: Sequence[str], now_us: Instant) -> None:
        """Subscribe to everything public about these markets."""
        self._commands.subscribe(LIFECYCLE, (), now_us)
        self.join(tickers, now_us)

    def join(self, tickers: Sequence[str], now_us: Instant) -> None:
        """Add markets to the channels that are told theirs."""
        for channel in PER_MARKET if tickers else ():
            self._late_leavers[channel] -= set(tickers)
            self._commands.subscribe(channel, tickers, now_us)

    def leave(self, tickers: Sequence[str], now_us: Instant) -> None:
        """Drop markets. Where the subscription is not answered yet, later."""
        for channel in PER_MARKET if tickers else ():
            if channel in self._sids:
                self._leave(channel, tickers, now_us)
            else:
                self._late_leavers[channel] |= set(tickers)

    def ask_books(self, wanted: Iterable[Watched], now_us: Instant) -> None:
        """Ask for snapshots, by the subscription that carries each book."""
        by_sid: dict[int, list[str]] = defaultdict(list)
        for watched in wanted:
            watched.asked_us = now_us
            watched.asks_count += 1
            if sid := watched.sid or self._sids.get(BOOKS, 0):
                by_sid[sid].append(watched.ticker)
        for sid, tickers in by_sid.items():
            self._commands.snapshots(sid, tickers, now_us)

    def answered(self, command_id: int) -> Command | None:
        """Note the answer to a command."""
        return self._commands.answered(command_id) if command_id else None

    def subscribed(self, frame: SubscribedFrame, now_us: Instant) -> None:
        """A channel is open."""
        command, channel, sid = self.answered(frame.id), frame.msg.channel, frame.msg.sid
        self._sids[channel] = sid
        self._carry(command, sid)
        if gone := self._late_leavers.pop(channel, None):
            self._leave(channel, sorted(gone), now_us)

    def ok(self, frame: OkFrame) -> None:
        """A command was obeyed; a subscribe merged into an open channel."""
        self._carry(self.answered(frame.id), frame.sid)

    def unsubscribed(self, sid: int, command_id: int) -> None:
        """A channel is closed. One that closes unasked leaves us blind."""
        if self.answered(command_id) is None and sid in self._sids.values():
            self._dead = f"Kalshi closed the channel {self.name(sid)}"

    def refused(self, frame: ErrorFrame, now_us: Instant) -> str | None:
        """A command failed or a subscription died; returns what is missed because of it."""
        error = frame.msg
        words = f"Kalshi error {error.code}: {error.msg[:120]}"
        command = self.answered(frame.id)
        if error.code in TERMINAL_ERRORS:
            self._dead = words
        elif command is None:
            return None
        elif not command.is_subscribe:
            self._dead = words if command.what == SNAPSHOTS else self._dead
        elif error.code in PASSING_ERRORS:
            self._dead = words
        else:
            self._without({*error.market_tickers, error.market_ticker or ""}, command, now_us)
        return words

    def take_outgoing(self) -> list[str]:
        """Text frames to send, each once."""
        return self._commands.take()

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why the stream must be reopened, None while it is of use.

        A snapshot that does not come is asked for again, so it counts only when no book is valid.
        """
        if self._dead is not None:
            return self._dead
        command = self._commands.overdue(now_us)
        if command is None:
            return None
        if command.what == SNAPSHOTS and any(
            watched.book.is_valid for watched in self._table.by_ticker.values()
        ):
            return None
        return f"no answer to {command.what} within {ANSWER_WAIT // SECOND} s"

    def _without(self, named: set[str], command: Command, now_us: Instant) -> None:
        """Subscribe again without the markets that the venue named as the trouble."""
        left = [ticker for ticker in command.tickers if ticker not in named]
        if left and len(left) < len(command.tickers):
            self._commands.subscribe(command.what, left, now_us)

    def _carry(self, command: Command | None, sid: int | None) -> None:
        """Note which subscription carries the books a command asked for."""
        if command is None or command.what != BOOKS or sid is None:
            return
        for ticker in command.tickers:
            if watched := self._table.by_ticker.get(ticker):
                watched.sid = sid

    def _leave(self, channel: str, tickers: Sequence[str], now_us: Instant) -> None:
        if self._table.by_ticker:
            self._commands.leave(self._sids[channel], tickers, now_us)
        else:  # a channel without markets could mean every market
            self._commands.unsubscribe(self._sids.pop(channel), now_us)
