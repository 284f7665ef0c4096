"""What does Kalshi look like from outside? REST for everybody, more and a stream for who signs."""

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_fees import FeeBook
from foreshock.adapters.sim.kalshi_hours import Hours
from foreshock.adapters.sim.kalshi_limits import TokenBucket
from foreshock.adapters.sim.kalshi_members import Members
from foreshock.adapters.sim.kalshi_pages import nested_error
from foreshock.adapters.sim.kalshi_private import KalshiPrivate, is_private
from foreshock.adapters.sim.kalshi_records import Records
from foreshock.adapters.sim.kalshi_rest import PREFIX, KalshiReads
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.adapters.sim.kalshi_stream import KalshiStreams
from foreshock.adapters.sim.wire_text import Query
from foreshock.core.domain.units import Instant, Money, Quantity

STREAM = "/trade-api/ws/v2"


class KalshiFace:
    """Kalshi's one host. It takes the exchange's events: give each exchange to one face only.

    budget: None answers every public read, whatever the pace. Whoever holds a key is a member;
    `fund` gives it money.
    """

    heartbeat: bytes | None = b"heartbeat"

    def __init__(
        self,
        exchange: Exchange,
        keys: KeyRing,
        budget: TokenBucket | None = None,
        rules: KalshiRules | None = None,
    ) -> None:
        chosen = rules or KalshiRules()
        fees = FeeBook(exchange)
        self.exchange = exchange
        self.hours = Hours(keeps_hours=chosen.keeps_hours)
        self.members = Members(exchange)
        self._keys = keys
        self._records = Records(exchange, self.members, chosen.lag_max, chosen.seed)
        self._private = KalshiPrivate(exchange, self.members, self._records, self.hours, chosen)
        self._reads = KalshiReads(exchange, fees, self.hours, budget)
        self._streams = KalshiStreams(exchange, fees, self._records)
        self._was_trading, self._was_resting = True, False
        self._open: list[int] = []
        self._cuts: list[int] = []

    @property
    def rules(self) -> KalshiRules:
        """How the venue behaves."""
        return self._private.rules

    def obey(self, rules: KalshiRules) -> None:
        """Behave by other rules from now on; the seed and the live window stay as they were."""
        kept = self._private.rules
        self._private.rules = msgspec.structs.replace(
            rules, seed=kept.seed, live_window=kept.live_window
        )
        self._private.orders.cancel_tail = rules.cancel_tail
        self._records.lag_max = rules.lag_max
        self.hours.keeps_hours = rules.keeps_hours

    def leave(self, counts: list[Quantity]) -> None:
        """Let strangers come before the next orders, and leave so much in reach of each."""
        self._private.orders.leaves += counts

    def touch(self, member: str, now_us: Instant) -> None:
        """Something of a member changed by hand: let reads see it."""
        self._records.touch(member, now_us)

    def fund(self, member: str, shard: int, amount: Money, now_us: Instant) -> None:
        """Give a member cash on a shard."""
        self.members.open(member, {shard: amount})
        self._records.touch(member, now_us)

    def set_trading(self, *, is_trading: bool) -> None:
        """Pause or resume all trading, as the status page tells it."""
        self.hours.is_trading = is_trading

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """A public read, or a signed call."""
        self._keep_hours(now_us)
        parts = Query(request).parts
        if parts[:2] != PREFIX or not is_private(parts[2:]):
            told = self._private.told_to_all(request.method, parts[2:], now_us)
            return told or self._reads.handle(request, now_us)
        refusal = self._keys.refusal(request.method, request.path, request.headers, now_us)
        if refusal is not None:
            return refusal
        self.exchange.advance(now_us)  # what expired by now has ended
        self._streams.publish_news(now_us)
        member = self._keys.member(request.headers)
        self.members.open(member, {})
        return self._private.handle(member, request, now_us)

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """The handshake is always signed, public channels or not."""
        if path.partition("?")[0] != STREAM:
            return nested_error(404, "not_found")
        refusal = self._keys.refusal("GET", path, headers, now_us)
        if refusal is None:
            member = self._keys.member(headers)
            self.members.open(member, {})
            self._streams.open(connection, member)
            self._open.append(connection)
        return refusal

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """A command of an open stream."""
        self._streams.receive(connection, text, now_us)

    def close(self, connection: int) -> None:
        """The stream ended; of one that never opened nothing is known."""
        if connection in self._open:
            self._open.remove(connection)
        self._streams.close(connection)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Everything said since the last call."""
        self._keep_hours(now_us)
        return self._streams.take_frames(now_us)

    def take_cuts(self) -> list[int]:
        """The venue hangs up when it rests or its exchange is paused, and never else."""
        cuts, self._cuts = self._cuts, []
        return cuts

    def _keep_hours(self, now_us: Instant) -> None:
        """When trading stops, orders that asked for it are cancelled; a rest ends the streams."""
        is_trading, is_resting = self.hours.trades(now_us), self.hours.rests(now_us)
        if self._was_trading and not is_trading:
            self.exchange.desk.halt(now_us)
        if is_trading and not self._was_trading:
            self.exchange.desk.resume()
        if is_resting and not self._was_resting:
            self._cuts += self._open
        self._was_trading, self._was_resting = is_trading, is_resting
