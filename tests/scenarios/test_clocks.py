"""What does a live desk do whose clock is wrong? Real gateway, signers and venues, skewed time."""

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.server_time import read_stamp, time_request
from foreshock.adapters.venues.venue_times import VenueTimes
from foreshock.core.domain.clocks import Offsets, ask_delay
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages.decisions import TradeRefused
from foreshock.core.domain.messages.operations import ClockJudged, ClockRead
from foreshock.core.domain.messages.trading import ReadAccount, SendRefused
from foreshock.core.domain.units import SECOND, Duration, Instant
from tests.scenarios.live_desk import LATENCY
from tests.scenarios.live_scene import VENUES, Scene


class Blind(VenueTimes):
    """Corrects nothing: what would happen without."""

    def there(self, venue: str, now_us: Instant) -> Instant:
        del venue
        return now_us


def read_clock(at: Scene, venue: str) -> ClockRead:
    """Ask a venue for its time, as the desk's clock reader does, and tell the desk."""
    asked_us = at.desk.now_us
    at.desk.run(LATENCY / 2 / SECOND)
    answer = at.desk.face(venue).handle(time_request(venue), at.desk.venue_us(venue))
    if venue == "kalshi":  # its server adds the date: see `adapters/sim/server.py`
        stamp_s = at.desk.venue_us(venue) // SECOND
        answer = HttpResponse(200, str(stamp_s).encode())
    at.desk.run(LATENCY / 2 / SECOND)
    stamp = read_stamp(answer)
    read = ClockRead(venue, asked_us, at.desk.now_us, stamp.at_us, stamp.precision)
    at.desk.tell(read)
    return read


def read_clocks(at: Scene, times: int = 8) -> None:
    """Each venue's clock some times, always at the turn of its second as far as it is known."""
    for venue in VENUES:
        offsets = Offsets()
        for _ in range(times):
            delay = ask_delay(offsets.bounds(), Duration(LATENCY // 2), at.desk.now_us)
            at.desk.run(delay / SECOND + 0.01)
            offsets.add(read_clock(at, venue))


def skewed(skew_us: int, *venues: str) -> Scene:
    """A scene whose venues' clocks are ahead of ours by so much, and a desk that has seen it."""
    at = Scene()
    at.offer_both()
    for venue in venues or VENUES:
        at.desk.skews[venue] = skew_us
    read_clocks(at)
    at.desk.run(31)  # what was signed before our clock was corrected is asked again
    return at.ready()


def refusals(at: Scene) -> set[str]:
    refused = at.desk.said(TradeRefused) + at.desk.said(SendRefused)
    return {m.refusal.code for m in refused}


@pytest.mark.parametrize("skew_s", [10, -10])
def test_D1_a_desk_ten_seconds_off_reads_its_accounts_and_begins_nothing(skew_s: int) -> None:
    at = skewed(skew_s * SECOND)
    assert {m.state for m in at.desk.said(ClockJudged)} == {"refused"}
    assert not at.desk.said(a.AccountReadFailed), "signed by the venues' time"
    assert [at.state(venue) for venue in VENUES] == ["active", "active"]
    at.trade()
    at.desk.run(5)
    assert refusals(at) == {"CLOCK_SKEW"}
    assert at.placed("polymarket") == at.placed("kalshi") == 0


@pytest.mark.parametrize(("skew_s", "refusing"), [(10, set(VENUES)), (-10, {"polymarket"})])
def test_D1_without_the_correction_the_venues_refuse_the_signatures(
    skew_s: int, refusing: set[str]
) -> None:
    """The simulated Kalshi is lenient with stamps of the future."""
    at = Scene()
    at.desk.times = Blind()
    for venue in VENUES:
        at.desk.skews[venue] = skew_s * SECOND
        at.desk.live.perform(ReadAccount(venue, "orders", at.desk.now_us), at.desk.now_us)
    at.desk.run(5)
    assert {m.venue for m in at.desk.said(a.AccountReadFailed)} == refusing


def test_D1_one_wrong_clock_stops_a_pair_and_a_right_one_lets_it_trade() -> None:
    at = skewed(700_000, "kalshi")
    at.trade()
    at.desk.run(5)
    assert refusals(at) == {"CLOCK_SKEW"}
    words = at.desk.said(TradeRefused)[-1].refusal.words
    assert "behind kalshi's: switch time sync (NTP) on" in words
    at.desk.skews["kalshi"] = 0
    read_clocks(at)
    package = at.trade()
    at.desk.run(10)
    assert at.outcome(package) == "hedged"


def test_D1_a_quarter_of_a_second_is_only_warned_of() -> None:
    at = skewed(400_000, "polymarket")
    assert {m.state for m in at.desk.said(ClockJudged) if m.venue == "polymarket"} <= {
        "good",
        "warned",
    }
    package = at.trade()
    at.desk.run(10)
    assert at.outcome(package) == "hedged"


def test_D1_a_package_that_is_under_way_is_hedged_whatever_the_clock_says() -> None:
    at = skewed(0)
    at.desk.rule("kalshi", effect="delay_request", method="POST", count=1, delay_us=200_000)
    package = at.trade()
    at.desk.run(0.15)
    for venue in VENUES:
        at.desk.skews[venue] = 0
        at.desk.tell(ClockJudged(venue, "refused", 600_000, 700_000, "600 ms behind"))
    at.desk.run(10)
    assert at.outcome(package) in {"hedged", "unwound", "missed"}
    assert at.held("polymarket")[0] == at.held("kalshi")[1]
