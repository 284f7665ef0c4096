"""What has a source outside the venues told since the last drain? One connection; pure.

It reads as a venue's feed does, so its frames are taped and a replay hears the same. A value
counts until its source is silent, skips messages or ends: then it is lost, and said to be.
"""

from collections.abc import Sequence

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.fold import FeedStats
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import (
    FeedGapped,
    PayloadQuarantined,
    ShapeUnknown,
)
from foreshock.core.domain.messages.signals import OracleLost, OracleReported
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.oracles import SOURCE_PREFIX, OracleFrame
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.ports import Oracle

AHEAD_MAX = Duration(5 * SECOND)
"""A value from further in the future has a wrong clock, ours or theirs."""
TOLD_AGAIN = Duration(SECOND)
"""A value that does not change is told so often, so that its age can be seen."""
UNKNOWN_CHARS_MAX = 80


class OracleFeed:
    """One open connection of one source, as the desk's feeds want it."""

    def __init__(self, oracle: Oracle, connection: int) -> None:
        self.stats = FeedStats()
        self._oracle = oracle
        self._connection = connection
        self._venue = SOURCE_PREFIX + oracle.name
        self._outgoing: list[str] = []
        self._messages: list[Message] = []
        self._pending: dict[str, OracleReported] = {}
        self._told: dict[str, OracleReported] = {}
        self._heard_us: dict[str, Instant] = {}
        self._event_us: dict[str, Instant] = {}
        self._opened_us = Instant(0)
        self._ended: str | None = None

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:  # noqa: ARG002 - the seam's shape: there are no markets here
        """Ask for the values."""
        self._opened_us = now_us
        self._outgoing += self._oracle.opening()

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        """It carries no markets."""

    def relist(self, market: Market) -> None:
        """It carries no markets."""

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold one frame; what cannot be trusted is set aside and changes nothing."""
        self.stats.frames_count += 1
        self._lose_silent(recv_us)
        try:
            said = _read(self._oracle, frame, recv_us)
        except DataError as error:
            self.stats.quarantined_count += 1
            self._messages.append(
                PayloadQuarantined(self._venue, self._connection, frame_seq, str(error))
            )
            return
        self.stats.data_at_us = recv_us
        if said.skipped:
            self.stats.gaps_count += 1
            self._messages.append(FeedGapped(self._venue, self._connection, said.skipped))
            self._lose_all(said.skipped)
        if said.unknown:
            self.stats.unknown_count += 1
            shape = ShapeUnknown(self._venue, "frame", said.unknown[:UNKNOWN_CHARS_MAX])
            self._messages.append(shape)
        for report in said.reports:
            self._take(report)
        if said.ended:
            self._ended = said.ended

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        """An answer to a question is read as a frame is."""
        self.receive(body, frame_seq, recv_us)

    def tick(self, now_us: Instant) -> None:
        """Sources are kept alive by the socket's own pings."""

    def take_outgoing(self) -> list[str]:
        """Frames to send."""
        outgoing, self._outgoing = self._outgoing, []
        return outgoing

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why to open it anew: it said that it ends, or it is silent."""
        if self._ended is not None:
            return self._ended
        silence = now_us - max(self._opened_us, self.stats.data_at_us)
        if silence <= self._oracle.silence_max:
            return None
        return f"{self._oracle.name} is silent for {silence // SECOND} s"

    def closed(self, reason: str) -> None:
        """Nothing it said counts any more."""
        self._lose_all(reason)

    def drain(self) -> list[Message]:
        """Losses in order, then the newest value of each symbol that is worth telling."""
        messages, self._messages = self._messages, []
        pending, self._pending = self._pending, {}
        for symbol, report in pending.items():
            told = self._told.get(symbol)
            is_due = told is None or report.recv_us - told.recv_us >= TOLD_AGAIN
            if is_due or (told is not None and report.value != told.value):
                self._told[symbol] = report
                messages.append(report)
        return messages

    def _take(self, report: OracleReported) -> None:
        """A value; one that is older than the last one says nothing new."""
        symbol = report.symbol
        before_us = self._event_us.get(symbol)
        if before_us is not None and report.event_us < before_us:
            return
        self._heard_us[symbol] = report.recv_us
        self.stats.sample_age(report.event_us, report.recv_us)
        if not self._oracle.is_conflated:
            if report.event_us != before_us:
                self._messages.append(report)
        else:
            self.stats.conflated_count += symbol in self._pending
            self._pending[symbol] = report
        self._event_us[symbol] = report.event_us

    def _lose_silent(self, now_us: Instant) -> None:
        """One symbol can fall silent while others go on."""
        for symbol, heard_us in list(self._heard_us.items()):
            if now_us - heard_us > self._oracle.silence_max:
                self._lose(symbol, f"silent for {(now_us - heard_us) // SECOND} s")

    def _lose_all(self, reason: str) -> None:
        for symbol in list(self._heard_us):
            self._lose(symbol, reason)

    def _lose(self, symbol: str, reason: str) -> None:
        """Said once; what was pending is dropped, so that nothing overtakes the loss."""
        del self._heard_us[symbol]
        self._pending.pop(symbol, None)
        self._told.pop(symbol, None)
        self._messages.append(OracleLost(self._oracle.name, symbol, reason))


def _read(oracle: Oracle, frame: bytes, recv_us: Instant) -> OracleFrame:
    if len(frame) > FRAME_BYTES_MAX:
        raise DataError(f"a frame of {len(frame)} bytes")
    said = oracle.read(frame, recv_us)
    for report in said.reports:
        if report.event_us > recv_us + AHEAD_MAX:
            ahead = (report.event_us - recv_us) // SECOND
            raise DataError(f"{report.symbol} is from {ahead} s in the future")
    return said
