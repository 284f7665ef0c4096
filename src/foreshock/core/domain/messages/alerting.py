"""Who is told what, did it arrive, and what was given to us from outside to be looked at?

Notify -> Notified
       -> NotifyFailed          the message is given up
NotifierLost ... NotifierFound  the whole channel
"""

from typing import TypeAlias

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.notices import Notice, Sink
from foreshock.core.domain.units import Duration, Instant, Price, Quantity


class Notify(msgspec.Struct, frozen=True, tag=True):
    """Have one channel tell something. dedupe_key: the same for the same thing, ever."""

    dedupe_key: str
    sink: Sink
    notice: Notice


class Notified(msgspec.Struct, frozen=True, tag=True):
    """A channel took it. attempts_count: 1 when the first attempt was good."""

    dedupe_key: str
    sink: Sink
    attempts_count: int


class NotifyFailed(msgspec.Struct, frozen=True, tag=True):
    """It was given up: nobody will try again."""

    dedupe_key: str
    sink: Sink
    reason: str


class NotifierLost(msgspec.Struct, frozen=True, tag=True):
    """A channel takes nothing any more; it is still tried now and then."""

    sink: Sink
    reason: str


class NotifierFound(msgspec.Struct, frozen=True, tag=True):
    """A lost channel took something again."""

    sink: Sink


class NoticeTestRequested(msgspec.Struct, frozen=True, tag=True):
    """Somebody wants to see a test notice on a channel, on all of them when sink is None."""

    request_id: str
    sink: Sink | None
    by: str


class ObservationReceived(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Somebody outside told us price and volume of a market. Detectors hear it, traders never do.

    source: who told us, as its token says. market: `platform:id` in the source's own words; it is
    not the market that a venue's feed shows, even where it is called the same.
    volume: traded since the source's last observation, or the running total where is_total; in the
    source's unit, times a million. is_simulated: made up, on a demo desk only.
    """

    observation_id: str
    source: str
    market: MarketId
    title: str
    yes_price: Price
    volume: Quantity
    is_total: bool
    is_simulated: bool
    event_us: Instant
    recv_us: Instant


class WatchListChanged(msgspec.Struct, frozen=True, tag=True):
    """Somebody wants a market, event or series watched from now on, or no longer."""

    venue: str
    identifier: str
    is_watched: bool
    by: str


class WatchListFound(msgspec.Struct, frozen=True, tag=True):
    """What an identifier of the watch list stands for now; no market: words say why."""

    venue: str
    identifier: str
    markets: tuple[MarketId, ...]
    words: str


class RecordingsRemoved(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Old recordings were looked for and deleted. runs: names of the folders, often none.

    older_than, live_older_than: the ages that applied, the second to runs with real money; None
    keeps them for good.
    """

    runs: tuple[str, ...]
    rows_count: int
    bytes_count: int
    older_than: Duration | None
    live_older_than: Duration | None
    by: str


AlertingFact: TypeAlias = (
    Notified
    | NotifyFailed
    | NotifierLost
    | NotifierFound
    | NoticeTestRequested
    | ObservationReceived
    | WatchListChanged
    | WatchListFound
    | RecordingsRemoved
)
