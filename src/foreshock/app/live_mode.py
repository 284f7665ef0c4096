"""What does a live desk have that one on paper has not? Signer, accounts, hosts and user channels.

Paper and live are the same desk; this is the wiring in which they differ.
"""

import asyncio
import random
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from foreshock.adapters.seams import FrameConnector, FrameStream, HttpTransport
from foreshock.adapters.streams import StreamKeeper, StreamPlan
from foreshock.adapters.venues.budget import BucketTerms, BudgetTerms
from foreshock.adapters.venues.kalshi.account import KalshiReader
from foreshock.adapters.venues.kalshi.hours import KalshiHours
from foreshock.adapters.venues.kalshi.order_groups import fuse_limit, grouped
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.adapters.venues.kalshi.signing import WEBSOCKET_PATH
from foreshock.adapters.venues.polymarket.account import PolymarketAccount
from foreshock.adapters.venues.polymarket.conversions import PolymarketConversions
from foreshock.adapters.venues.polymarket.heartbeat import Heartbeat
from foreshock.adapters.venues.polymarket.path import PolymarketPath
from foreshock.adapters.venues.polymarket.standing import Standing
from foreshock.adapters.venues.polymarket.user_channel import PATH as POLYMARKET_USER_PATH
from foreshock.adapters.venues.venue_times import VenueTimes
from foreshock.app.account_feeds import holder_of
from foreshock.app.config import Settings
from foreshock.app.kalshi_terms import KalshiTerms, ask_terms, shard_of, terms_words
from foreshock.app.lease import Lease, fenced, fenced_conversions
from foreshock.app.live_parts import VenueAccount, live_venue
from foreshock.app.live_shell import HostName, LiveShell
from foreshock.app.loop import Desk
from foreshock.app.network import Network
from foreshock.app.signer_client import DeskSigner
from foreshock.app.signer_wire import PublicAccount, Ready
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant, Quantity
from foreshock.core.execution.gate import Gate
from foreshock.core.pricing.fees import FeePack

SIGNER_S_MAX = 120.0
"""A key may have to be typed."""
STOP_S_MAX = 3.0
POLYMARKET_BUDGET = BudgetTerms(
    read=BucketTerms(capacity=60, per_second=15, left_by_entries=10, left_by_scans=20),
    write=BucketTerms(capacity=40, per_second=20, left_by_entries=8, left_by_scans=12),
    costs={"place": 1, "cancel": 1, "amend": 1, "read": 1, "heartbeat": 1, "settle": 1},
)
"""Well below the documented ceilings. Source: Polymarket's rate limits, October 2026."""


class Channel(msgspec.Struct, frozen=True):
    """One user channel: what to open, and how."""

    connector: FrameConnector
    plan: StreamPlan


class Live:
    """The live parts of one run; `venue` is built around its gate. leases: those that it holds."""

    def __init__(
        self,
        settings: Settings,
        accounts: Sequence[PublicAccount],
        fees: dict[str, FeePack],
        signer: DeskSigner,
        network: Network,
    ) -> None:
        self.accounts = tuple(accounts)
        self.signer = signer
        self._network = network
        self._settings = settings
        self._fees = fees
        self._kalshi = KalshiTerms()
        self._shell: LiveShell | None = None
        self.leases: list[Lease] = []
        self._times = VenueTimes()

    async def prepare(self, strategies: Sequence[str], largest_clip: Quantity) -> tuple[str, ...]:
        """Ask the venues for what must be known at the start; returns what a person should know."""
        if not any(account.venue == "kalshi" for account in self.accounts):
            return ()
        host = self._network.transport(self._settings.kalshi.rest_url)
        self._kalshi = await ask_terms(host, self.signer.sign, strategies, largest_clip)
        return (*self._kalshi.words, terms_words(self._kalshi, fuse_limit(largest_clip)))

    def venue(self, gate: Gate) -> LiveShell:
        """The gateway in its shell."""
        made = [self._account(account) for account in self.accounts]
        hosts: dict[HostName, HttpTransport] = {}
        for account in self.accounts:
            hosts |= self._hosts(account.venue)
        gateway = live_venue(
            made,
            fenced(self.leases, gate.judge_again),
            fenced_conversions(self.leases, gate.judge_conversion),
        )
        self._shell = LiveShell(gateway, hosts, self.signer.sign, self._times)
        return self._shell

    def channels(self) -> list[Channel]:
        """The user channels of the accounts."""
        return [self._channel(account.venue) for account in self.accounts]

    def begin(self, desk: Desk, numbers: Iterator[int]) -> list[StreamKeeper]:
        """Let answers reach the desk; returns the keepers of the user channels, to be run."""
        if self._shell is not None:
            self._shell.tell(desk.inbox.put)
            self._shell.pump()
        rng = random.Random("user channels")  # noqa: S311 - spreads reconnects, decides nothing
        keepers = [
            StreamKeeper(channel.connector, channel.plan, desk.inbox, numbers, rng)
            for channel in self.channels()
        ]
        desk.carry(keepers)
        return keepers

    async def close(self) -> None:
        """Stop asking and drop the connections."""
        if self._shell is not None:
            await self._shell.close()
        await self._network.close()

    def _account(self, account: PublicAccount) -> VenueAccount:
        if account.venue == "kalshi":
            return VenueAccount(
                path=KalshiOrders(
                    grouped(self._kalshi.groups, shard_of),
                    there=lambda now_us: self._times.there("kalshi", now_us),
                ),
                reader=KalshiReader(),
                budget=self._kalshi.budget,
                pulse=KalshiHours(),
                resets=self._kalshi.resets(),
            )
        holder = holder_of(account)
        path = PolymarketPath(holder, self._fees.get("polymarket"))
        return VenueAccount(
            path=path,
            reader=PolymarketAccount(holder, path.ours),
            budget=POLYMARKET_BUDGET,
            pulse=Heartbeat(),
            standing=Standing(),
            listing=path.list_market,
            conversions=PolymarketConversions(holder) if account.sets_max else None,
        )

    def _hosts(self, venue: str) -> dict[HostName, HttpTransport]:
        if venue == "kalshi":
            return {(venue, "trading"): self._network.transport(self._settings.kalshi.rest_url)}
        return {
            (venue, "trading"): self._network.transport(self._settings.polymarket.clob_url),
            (venue, "data"): self._network.transport(self._settings.live.polymarket_data_url),
            (venue, "relayer"): self._network.transport(self._settings.live.polymarket_relayer_url),
            (venue, "website"): self._network.transport(self._settings.live.polymarket_website_url),
        }

    def _channel(self, venue: str) -> Channel:
        def headers(now_us: Instant) -> tuple[tuple[str, str], ...]:
            there_us = self._times.there(venue, now_us)
            return self.signer.handshake(venue, there_us) if venue == "kalshi" else ()

        if venue == "kalshi":
            connector: FrameConnector = self._network.connector(self._settings.kalshi.stream_url)
            path = WEBSOCKET_PATH
        else:
            plain = self._network.connector(self._settings.polymarket.stream_url)
            connector = GreetingConnector(plain, lambda text: self.signer.greeting(venue, text))
            path = POLYMARKET_USER_PATH
        return Channel(connector, StreamPlan(venue, f"{venue}-user", path, headers, ()))


class GreetingConnector:
    """Opens streams whose first frame the signer writes: the protocol never holds the secret."""

    def __init__(self, connector: FrameConnector, greet: Callable[[str], str]) -> None:
        self._connector = connector
        self._greet = greet

    async def connect(self, path: str, headers: tuple[tuple[str, str], ...]) -> FrameStream:
        """Raises VenueUnavailableError when refused."""
        return GreetedStream(await self._connector.connect(path, headers), self._greet)


class GreetedStream:
    """A stream that replaces its first outgoing frame."""

    def __init__(self, stream: FrameStream, greet: Callable[[str], str]) -> None:
        self._stream = stream
        self._greet = greet
        self._has_greeted = False

    async def receive(self) -> bytes:
        """Next frame. Raises VenueUnavailableError when the stream has ended."""
        return await self._stream.receive()

    async def send(self, text: str) -> None:
        """Raises VenueUnavailableError when the stream has ended."""
        if not self._has_greeted:
            self._has_greeted = True
            text = await asyncio.to_thread(self._greet, text)
        await self._stream.send(text)

    async def close(self) -> None:
        """End the stream."""
        await self._stream.close()


@asynccontextmanager
async def spawned_signer() -> AsyncGenerator[Ready]:
    """The signer in a child process. Raises ConfigError when it does not start."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "foreshock",
        "signer",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield await _ready(child)
    finally:
        await _end(child)


async def _ready(child: asyncio.subprocess.Process) -> Ready:
    if child.stdout is None:
        raise ConfigError("the signer has no output to read")
    try:
        line = await asyncio.wait_for(child.stdout.readline(), SIGNER_S_MAX)
        return msgspec.json.decode(line, type=Ready)
    except (TimeoutError, msgspec.MsgspecError) as error:
        raise ConfigError("the signer did not start: its own words are above") from error


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    if child.stdin is not None:
        child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), STOP_S_MAX)
    except TimeoutError:
        child.kill()
        await child.wait()
