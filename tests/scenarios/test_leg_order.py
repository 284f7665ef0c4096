"""A whole desk on paper that knows who leads: the follower's leg goes first, and is on record."""

import asyncio
from collections.abc import Sequence

from foreshock.app.venues import VenueLink
from foreshock.core.domain.messages.decisions import PackageClosed, PackageOpened
from foreshock.core.domain.messages.signals import LeadMeasured
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration
from tests.scenarios.stepped import START_US, SteppedDesk, Venues, in_memory

SEED, MARKETS_MAX = 5, 60
STEPS_COUNT, STEP_US = 240, 100_000
LAG = Duration(1_000_000)


class Leaders:
    """Tells the desk who leads which pair, as a detector would have found out. told: by pair."""

    def __init__(self, venues: Venues) -> None:
        self._venues = venues
        self.told: dict[str, str] = {}

    async def __call__(self, desk: SteppedDesk, links: Sequence[VenueLink]) -> Sequence[Message]:
        if self.told:
            return []
        leads: list[Message] = []
        for place, pair in enumerate(self._venues.world.pairs):
            sides = (f"polymarket:{pair.polymarket}", f"kalshi:{pair.kalshi}")
            leader, followed = sides if place % 3 else sides[::-1]
            self.told[pair.id] = followed
            leads.append(
                LeadMeasured(
                    pair_id=pair.id,
                    leader=leader,
                    followed=followed,
                    lag=LAG,
                    correlation_ppm=650_000,
                    windows_stable_count=4,
                    event_us=START_US,
                )
            )
        return leads


def test_every_package_of_a_led_pair_begins_at_the_venue_that_follows() -> None:
    venues = Venues(SEED, MARKETS_MAX)
    leaders = Leaders(venues)
    desk = asyncio.run(in_memory(venues, STEPS_COUNT, STEP_US, leaders))
    firsts: dict[str, str] = {}
    for message in desk.said(PlaceOrder):
        assert isinstance(message, PlaceOrder)
        firsts.setdefault(message.package_id, message.market)
    seen: set[str] = set()
    for message in desk.said(PackageOpened):
        assert isinstance(message, PackageOpened)
        edge = message.request.edge
        followed = leaders.told[edge.pair_id]
        assert firsts[message.package_id] == followed
        venue = followed.partition(":")[0]
        assert edge.order_words.startswith(f"first leg: {venue}, because ")
        seen.add(venue)
    assert seen == {"polymarket", "kalshi"}
    outcomes = [m.outcome for m in desk.said(PackageClosed) if isinstance(m, PackageClosed)]
    assert outcomes.count("hedged") >= 3
    assert "residual" not in outcomes
