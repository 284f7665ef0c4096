"""The shell of a live desk: sign, send once, bring back; over transports that a test owns."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import FrameStream, HttpRequest, HttpResponse, HttpTransport
from foreshock.adapters.venues.beats import Pulse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.venue_times import VenueTimes
from foreshock.app.account_feeds import AccountFeeds, holder_of
from foreshock.app.config import config_folder, load_settings
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.live_mode import GreetingConnector, Live
from foreshock.app.live_parts import live_venue
from foreshock.app.live_shell import HostName, LiveShell
from foreshock.app.network import OpenNetwork
from foreshock.app.signer_client import SignerClient
from foreshock.app.signer_wire import PublicAccount, Ready
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.errors import ConfigError, VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.operations import ClockJudged, HaltRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant
from tests.scenarios.live_scene import Scene
from tests.trading import START, order

DEADLINE_S = 5.0


class Host:
    """Answers with the face of a scene, or as told."""

    def __init__(self, scene: Scene, answer: HttpResponse | Exception | None = None) -> None:
        self._face = scene.accounts[1].trading.face
        self._answer = answer
        self.requests: list[HttpRequest] = []

    def heal(self) -> None:
        self._answer = None

    async def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        await asyncio.sleep(0)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer or self._face.handle(request, START)


class Shell:
    """A shell around Kalshi's real order path, without a desk."""

    def __init__(
        self, answer: HttpResponse | Exception | None = None, pulse: Pulse | None = None
    ) -> None:
        self.scene = Scene()
        self.scene.offer_both()
        self.host = Host(self.scene, answer)
        self.signs = True
        account = msgspec.structs.replace(self.scene.accounts[1].account, pulse=pulse)
        gateway = live_venue([account], lambda _order, _now_us: None)
        self.signed_us: list[Instant] = []
        hosts: dict[HostName, HttpTransport] = {("kalshi", "trading"): self.host}
        self.shell = LiveShell(gateway, hosts, self._sign, VenueTimes())
        self.told: list[Message] = []
        self._some = asyncio.Event()
        self.shell.tell(self._tell)
        self.shell.observe(MarketListed(self.scene.ks.market), START)

    def _tell(self, message: Message) -> None:
        self.told.append(message)
        self._some.set()

    def _sign(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest:
        self.signed_us.append(now_us)
        if not self.signs:
            raise ConfigError("the signer refuses: beyond the clip")
        return self.scene.accounts[1].signer.sign(unsigned, START)

    async def until(self, kind: type[Message]) -> Message:
        async with asyncio.timeout(DEADLINE_S):
            while not (found := [m for m in self.told if isinstance(m, kind)]):
                self._some.clear()
                await self._some.wait()
        return found[0]

    async def place(self) -> None:
        placed = order("o1", market=self.scene.b, outcome="no")
        self.shell.observe(placed, START)
        self.shell.perform(placed, START)
        await self.until(a.OrderPrepared)


async def test_nothing_leaves_before_the_order_is_on_record() -> None:
    at = Shell()
    await at.place()
    await asyncio.sleep(0.01)
    assert at.host.requests == []
    at.shell.perform(t.SendOrder("o1", at.scene.b), START)
    answered = await at.until(a.OrderAnswered)
    assert isinstance(answered, a.OrderAnswered)
    assert [type(fact) for fact in answered.facts] == [t.OrderAccepted, t.OrderClosed]
    assert len(at.host.requests) == 1
    await at.shell.close()


async def test_no_answer_is_silence_and_the_order_is_not_sent_again() -> None:
    at = Shell(VenueUnavailableError("timed out"))
    await at.place()
    at.shell.perform(t.SendOrder("o1", at.scene.b), START)
    answered = await at.until(a.OrderAnswered)
    assert isinstance(answered, a.OrderAnswered)
    assert [type(fact) for fact in answered.facts] == [t.OrderUnknown]
    assert [r.method for r in at.host.requests].count("POST") == 1
    await at.shell.close()


async def test_a_failure_nobody_foresaw_halts_its_venue_and_tells_no_detail() -> None:
    at = Shell(RuntimeError("a secret detail"))
    await at.place()
    at.shell.perform(t.SendOrder("o1", at.scene.b), START)
    halt = await at.until(HaltRequested)
    assert isinstance(halt, HaltRequested)
    assert halt.scope == "kalshi"
    assert halt.reason == "a place request was lost to RuntimeError"
    await at.shell.close()


async def test_a_list_that_was_lost_halts_nobody_and_is_read_again() -> None:
    at = Shell(RuntimeError("a secret detail"))
    for _ in range(2):
        at.told.clear()
        at.shell.perform(t.ReadAccount("kalshi", "positions", START), START)
        failed = await at.until(a.AccountReadFailed)
        assert failed == a.AccountReadFailed(
            "kalshi", "positions", "a read request was lost to RuntimeError"
        )
    assert not [m for m in at.told if isinstance(m, HaltRequested)]
    at.host.heal()
    at.shell.perform(t.ReadAccount("kalshi", "positions", START), START)
    assert isinstance(await at.until(a.PositionsRead), a.PositionsRead)
    await at.shell.close()


async def test_an_order_whose_request_was_lost_is_asked_about_beside_the_halt() -> None:
    at = Shell(RuntimeError("a secret detail"))
    await at.place()
    at.shell.perform(t.SendOrder("o1", at.scene.b), START)
    answered = await at.until(a.OrderAnswered)
    assert isinstance(answered, a.OrderAnswered)
    assert [type(fact) for fact in answered.facts] == [t.OrderUnknown]
    await at.until(HaltRequested)
    await at.shell.close()


class Failing:
    """A pulse that breaks once it is looked at for the second time."""

    def __init__(self) -> None:
        self._looks_count = 0

    def due(self, now_us: Instant) -> Unsigned | None:
        del now_us
        self._looks_count += 1
        if self._looks_count > 1:
            raise RuntimeError("a secret detail")
        return None

    def answered(self, answer: HttpResponse | None) -> None:
        del answer

    def condition(self, now_us: Instant) -> tuple[VenueCondition, str]:
        del now_us
        return "open", ""


async def test_a_gateway_that_breaks_between_two_commands_halts_the_desk() -> None:
    at = Shell(pulse=Failing())
    placed = order("o1", market=at.scene.b, outcome="no")
    at.shell.observe(placed, START)
    at.shell.perform(placed, START)
    halt = await at.until(HaltRequested)
    assert isinstance(halt, HaltRequested)
    assert (halt.scope, halt.reason) == ("all", "the gateway was stopped by RuntimeError")
    await at.shell.close()


async def test_what_the_signer_refuses_never_leaves() -> None:
    at = Shell()
    at.signs = False
    placed = order("o1", market=at.scene.b, outcome="no")
    at.shell.perform(placed, START)
    refused = await at.until(t.SendRefused)
    assert isinstance(refused, t.SendRefused)
    assert refused.refusal.code == "NOT_SIGNED"
    assert at.host.requests == []
    await at.shell.close()


async def test_an_account_is_read_page_by_page() -> None:
    at = Shell()
    at.shell.perform(t.ReadAccount("kalshi", "balance", START), START)
    read = await at.until(a.BalanceRead)
    assert isinstance(read, a.BalanceRead)
    assert read.cash == 10_000_000_000
    await at.shell.close()


async def test_a_failed_read_says_so() -> None:
    at = Shell(HttpResponse(503, b""))
    at.shell.perform(t.ReadAccount("kalshi", "fills", START), START)
    failed = await at.until(a.AccountReadFailed)
    assert isinstance(failed, a.AccountReadFailed)
    assert (failed.venue, failed.part) == ("kalshi", "fills")
    await at.shell.close()


async def test_what_leaves_is_signed_by_the_clock_of_the_venue() -> None:
    at = Shell()
    ahead = 3_600 * SECOND
    at.shell.observe(ClockJudged("kalshi", "refused", ahead, ahead, "an hour behind"), START)
    before_us = wall_clock_us()
    at.shell.perform(t.ReadAccount("kalshi", "balance", START), START)
    await at.until(a.BalanceRead)
    (signed_us,) = at.signed_us
    assert before_us + ahead <= signed_us <= wall_clock_us() + ahead
    await at.shell.close()


class Wire:
    """A stream that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def connect(self, path: str, headers: tuple[tuple[str, str], ...]) -> FrameStream:
        return self

    async def receive(self) -> bytes:
        return b"frame"

    async def send(self, text: str) -> None:
        self.sent.append(text)

    async def close(self) -> None:
        """Nothing to close."""


async def test_the_signer_writes_the_first_frame_and_no_other() -> None:
    wire = Wire()
    stream = await GreetingConnector(wire, lambda text: f"signed {text}").connect("/ws/user", ())
    await stream.send("hello")
    await stream.send("PING")
    assert wire.sent == ["signed hello", "PING"]
    assert await stream.receive() == b"frame"
    await stream.close()


def ready(tmp_path: Path) -> Ready:
    scene = Scene()
    holder = scene.holder
    return Ready(
        str(tmp_path / "signer.sock"),
        (
            PublicAccount(venue="kalshi"),
            PublicAccount(
                venue="polymarket", address=holder.address, wallet=holder.wallet, signature_type=0
            ),
        ),
    )


async def test_a_live_desk_has_a_channel_and_hosts_for_each_account(tmp_path: Path) -> None:
    packs = load_fee_packs(config_folder() / "fees")
    said = ready(tmp_path)
    signer = SignerClient(Path(said.socket))
    live = Live(load_settings({}), said.accounts, packs, signer, OpenNetwork())
    channels = live.channels()
    assert [c.plan.feed for c in channels] == ["kalshi-user", "polymarket-user"]
    assert channels[1].plan.headers(START) == ()
    with pytest.raises(VenueUnavailableError, match="signer does not answer"):
        channels[0].plan.headers(START)
    scene = Scene()
    assert isinstance(live.venue(scene.desk.parts.gate), LiveShell)
    await live.close()


def test_a_replay_reads_the_user_channels_without_a_secret(tmp_path: Path) -> None:
    accounts = ready(tmp_path).accounts
    feeds = AccountFeeds(accounts, load_fee_packs(config_folder() / "fees"))
    assert set(feeds.factories) == {"kalshi-user", "polymarket-user"}
    feed = feeds.factories["polymarket-user"](7)
    feed.opened((), START)
    assert feed.take_outgoing() == ['{"type":"user"}']
    assert holder_of(accounts[1]) == Scene().holder
    feeds.hear(MarketListed(Scene().pm.market))
    assert MarketId("polymarket:x") not in feeds.factories
