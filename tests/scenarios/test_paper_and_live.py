"""One strategy, one market, on paper and live: the same decisions, fills and results.

Journals may differ in what venues name (order and fill ids), in settlement states and in time.
"""

import heapq

import msgspec

from foreshock.app.wiring import build
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Entry
from tests.scenarios.live_scene import VENUES, Scene
from tests.trading import START, book, edge, leg, request
from tests.unit.dashboard.told import measured

SIZES = (10, 7, 25)
EVERY_S = 20


class PaperDesk:
    """The same agents with the paper venue."""

    def __init__(self, scene: Scene) -> None:
        config = msgspec.structs.replace(scene.desk.config, mode="paper", live_venues=())
        self.parts = build(config, [self._hear])
        self.heard: list[Message] = []
        self.now_us = START
        self._timers: list[tuple[int, str]] = []

    def tell(self, *messages: Message) -> None:
        waiting: list[Message] = list(messages)
        while waiting:
            work = self.parts.worker.take(waiting, self.now_us)
            waiting = [r for r in map(self._release, work.commands) if r is not None]

    def run(self, seconds: int) -> None:
        until_us = self.now_us + seconds * SECOND
        while True:
            due = [self.parts.venue.next_due_us(), self._timers[0][0] if self._timers else None]
            at_us = min((at for at in due if at is not None), default=until_us + 1)
            if at_us > until_us:
                self.now_us = Instant(until_us)
                return
            self.now_us = max(self.now_us, Instant(at_us))
            messages: list[Message] = list(self.parts.venue.due(self.now_us))
            while self._timers and self._timers[0][0] <= self.now_us:
                messages.append(t.TimerFired(heapq.heappop(self._timers)[1]))
            self.tell(*messages)

    def _hear(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        self.heard.append(entry.message)

    def _release(self, command: t.Command) -> t.SendRefused | None:
        match command:
            case t.SetTimer(timer_id=timer_id, after=after):
                heapq.heappush(self._timers, (self.now_us + after, timer_id))
            case t.PlaceOrder():
                refused = self.parts.gate.judge(command, self.now_us)
                if refused is not None:
                    return refused
                self.parts.venue.perform(command, self.now_us)
            case t.CancelOrder():
                self.parts.venue.perform(command, self.now_us)
            case _:
                pass
        return None


def on_paper(scene: Scene) -> list[Message]:
    desk = PaperDesk(scene)
    for number, venue in enumerate((scene.pm, scene.ks), 1):
        market = msgspec.structs.replace(venue.market, status="open")
        desk.tell(
            MarketListed(market),
            ConnectionOpened(number, market.venue, market.venue, (market.id,)),
        )
    desk.run(2)
    left = 100
    for number, count in enumerate(SIZES, 1):
        now_us = desk.now_us
        desk.tell(
            book(scene.a, 44, 45, left, at_us=now_us),
            book(scene.b, 52, 53, left, at_us=now_us),
            *(measured(name, place, now_us) for place, name in enumerate(VENUES, 1)),
        )
        wanted = edge(
            leg(scene.a, "yes", 45, count, 200_000), leg(scene.b, "no", 48, count, 200_000)
        )
        desk.tell(request(f"r{number}", wanted))
        desk.run(EVERY_S)
        left -= count
    return desk.heard


def live(scene: Scene) -> list[Message]:
    scene.offer_both()
    scene.ready()
    for count in SIZES:
        scene.trade(count)
        scene.desk.run(EVERY_S)
    return scene.desk.heard


def decisions(heard: list[Message]) -> list[Message]:
    """What the desk decided and concluded, in order, without time."""
    kept: list[Message] = []
    for message in heard:
        match message:
            case t.PlaceOrder():
                kept.append(msgspec.structs.replace(message, decided_us=START))
            case d.PackageMoved():
                kept.append(message)
            case t.OrderClosed():
                kept.append(msgspec.structs.replace(message, reason=""))
            case d.PackageClosed():
                kept.append(msgspec.structs.replace(message, naked_for=Duration(0)))
            case _:
                pass
    return kept


def fills(heard: list[Message]) -> list[tuple[str, int, int, int]]:
    """Every fill without the venue's name for it."""
    found = [m for m in heard if isinstance(m, t.OrderFilled)]
    return sorted((m.order_id, m.quantity, m.price, m.fee) for m in found)


def of(package: str, messages: list[Message]) -> list[Message]:
    """Those of one package: the last words of its orders may come before or after its moves."""
    ends: list[t.OrderClosed] = [m for m in messages if isinstance(m, t.OrderClosed)]
    ours = sorted((m for m in ends if m.order_id.startswith(package)), key=lambda m: m.order_id)
    moves = [m for m in messages if getattr(m, "package_id", "") == package]
    return [*moves, *ours]


def test_paper_and_live_decide_fill_and_end_alike() -> None:
    paper, real = on_paper(Scene()), live(Scene())
    assert fills(paper) == fills(real)
    assert len(fills(paper)) == 2 * len(SIZES)
    for number in range(1, len(SIZES) + 1):
        ours, theirs = of(f"r{number}", decisions(paper)), of(f"r{number}", decisions(real))
        assert ours == theirs
        closed = ours[-3]
        assert isinstance(closed, d.PackageClosed)
        assert closed.outcome == "hedged"


def test_a_live_run_is_the_same_twice() -> None:
    first, again = Scene(), Scene()
    live(first)
    live(again)
    assert first.desk.journal_bytes() == again.desk.journal_bytes()
