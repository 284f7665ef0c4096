"""A venue changes a rule while a pair trades: nothing new begins, what is open is completed."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from foreshock.adapters.sim.rewording import reword
from foreshock.adapters.storage.files import DiskFolder, MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal
from foreshock.adapters.storage.tape import Tape
from foreshock.app.replay import replay
from foreshock.app.venues import VenueLink
from foreshock.app.verdict_store import VerdictStore
from foreshock.app.wiring import build
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import (
    EdgeWithdrawn,
    PackageClosed,
    PackageOpened,
    PairListed,
    PairUnlisted,
    TradeRequest,
)
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.matching import (
    PairDecided,
    PairNeedsReview,
    PairRelated,
    PairReopened,
    VerdictRequested,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from tests.scenarios.stepped import SteppedDesk, Venues, in_memory

SEED, MARKETS_MAX = 11, 60
STEPS_COUNT, STEP_US = 90, 250_000
WORDS = "If something else happens, then the market resolves to Yes."


class Editor:
    """Rewrites the rules of the first pair whose package has just begun; may decide it again."""

    def __init__(self, venues: Venues, *, decides_again: bool = False) -> None:
        self._venues = venues
        self._decides_again = decides_again
        self._waits = 0
        self.package: PackageOpened | None = None
        self.steps_before = 0

    async def __call__(self, desk: SteppedDesk, links: Sequence[VenueLink]) -> Sequence[Message]:
        if self.package is not None:
            self._waits += 1
            is_due = self._decides_again and self._waits == STEPS_COUNT // 4
            return [self.verdict(desk)] if is_due else []
        closed = {m.package_id for m in desk.said(PackageClosed) if isinstance(m, PackageClosed)}
        opened = [m for m in desk.said(PackageOpened) if isinstance(m, PackageOpened)]
        running = [one for one in opened if one.package_id not in closed and _is_pair(one)]
        if not running:
            return []
        self.package, self.steps_before = running[0], len(desk.steps)
        market = next(leg.market for leg in running[0].request.edge.legs if leg.venue == "kalshi")
        reword(self._venues.world.kalshi, market.partition(":")[2], WORDS)
        found = await links[1].discover((market,), 0)
        return [MarketListed(again) for again in found.markets]

    def pair_id(self) -> str:
        assert self.package is not None, "the scenario must reach trading"
        return self.package.request.edge.pair_id

    def verdict(self, desk: SteppedDesk) -> VerdictRequested:
        (reopened,) = said(desk, PairReopened)
        assert isinstance(reopened, PairReopened)
        return VerdictRequested(
            pair_id=self.pair_id(),
            verdict="accept",
            relation=None,
            by="a test",
            note="the new words mean the same",
            terms=reopened.terms,
        )


def _is_pair(opened: PackageOpened) -> bool:
    return len({leg.venue for leg in opened.request.edge.legs}) > 1


def said(desk: SteppedDesk, kind: type[Message], since: int = 0) -> list[Message]:
    entries = [entry for step in desk.steps[since:] for entry in step.said]
    return [entry.message for entry in entries if isinstance(entry.message, kind)]


def requests(desk: SteppedDesk, pair_id: str, since: int) -> list[TradeRequest]:
    found = [m for m in said(desk, TradeRequest, since) if isinstance(m, TradeRequest)]
    return [request for request in found if request.edge.pair_id == pair_id]


async def test_a_rule_edit_stops_the_pair_at_once_and_its_open_package_is_completed() -> None:
    venues = Venues(SEED, MARKETS_MAX)
    editor = Editor(venues)
    desk = await in_memory(venues, STEPS_COUNT, STEP_US, editor)
    pair_id, since = editor.pair_id(), editor.steps_before
    assert requests(desk, pair_id, 0), "it traded before"
    (reopened,) = said(desk, PairReopened)
    assert isinstance(reopened, PairReopened)
    assert (reopened.pair_id, reopened.version) == (pair_id, 1)
    assert "the venue changed the rules of kalshi:" in reopened.reason
    assert [m.pair_id for m in said(desk, PairUnlisted) if isinstance(m, PairUnlisted)] == [pair_id]
    asked = [m for m in said(desk, PairNeedsReview) if isinstance(m, PairNeedsReview)]
    assert pair_id in {m.pair_id for m in asked}
    withdrawn = [m for m in said(desk, EdgeWithdrawn, since) if isinstance(m, EdgeWithdrawn)]
    assert any(m.pair_id == pair_id and m.refusal.code == "PAIR_STOPPED" for m in withdrawn)
    assert requests(desk, pair_id, since) == [], "nothing new begins"
    closed = [m for m in said(desk, PackageClosed, since) if isinstance(m, PackageClosed)]
    assert editor.package is not None
    (ours,) = [m for m in closed if m.package_id == editor.package.package_id]
    assert ours.outcome in {"hedged", "unwound", "missed"}, "what was open came to an end"
    others = [m for m in said(desk, TradeRequest, since) if isinstance(m, TradeRequest)]
    assert any(m.edge.pair_id != pair_id for m in others), "the other pairs go on"


async def test_a_person_who_reads_the_new_words_brings_it_back() -> None:
    venues = Venues(SEED, MARKETS_MAX)
    editor = Editor(venues, decides_again=True)
    desk = await in_memory(venues, STEPS_COUNT, STEP_US, editor)
    decided = [m for m in said(desk, PairDecided) if isinstance(m, PairDecided)]
    again = [m for m in decided if m.pair_id == editor.pair_id()]
    assert [(m.version, m.origin) for m in again] == [(1, "file"), (2, "person")]
    listed = [m for m in said(desk, PairListed) if isinstance(m, PairListed)]
    assert [m.pair.confirmed_by for m in listed if m.pair.id == editor.pair_id()] == [
        "the simulated world",
        "a test",
    ]


async def test_a_run_with_the_matcher_at_work_replays_line_by_line() -> None:
    venues = Venues(SEED, MARKETS_MAX)
    desk = await in_memory(venues, STEPS_COUNT // 3, STEP_US, Editor(venues))
    assert said(desk, PairRelated), "there was something to replay"
    files: defaultdict[str, MemoryFile] = defaultdict(MemoryFile)
    Tape(files.__getitem__).append(desk.frames)
    Journal(files[JOURNAL_NAME]).append(desk.steps)
    replayed = replay(files.__getitem__, build(desk.config, []).worker)
    assert replayed.differences == ()
    assert replayed.steps_count == len(desk.steps)


async def test_a_restart_knows_what_was_decided_and_what_fell(tmp_path: Path) -> None:
    venues = Venues(SEED, MARKETS_MAX)
    editor = Editor(venues)
    desk = await in_memory(venues, STEPS_COUNT, STEP_US, editor)
    store = VerdictStore(DiskFolder(tmp_path), is_simulated=True)
    for step in desk.steps:
        for entry in step.said:
            store.listen(step.step, entry, step.now_us)
    carried = VerdictStore(DiskFolder(tmp_path), is_simulated=True).carried()
    again = build(desk.config, []).worker
    markets: dict[MarketId, MarketListed] = {}
    for step in desk.steps:
        message = getattr(step.input, "message", None)
        if isinstance(message, MarketListed):
            markets[message.market.id] = message
    work = again.take([*carried, *markets.values()], Instant(desk.steps[-1].now_us + 1))
    listed = [e.message for s in work.steps for e in s.said if isinstance(e.message, PairListed)]
    names = {message.pair.id for message in listed}
    first = {m.pair.id for m in said(desk, PairListed) if isinstance(m, PairListed)}
    assert names == first - {editor.pair_id()}
