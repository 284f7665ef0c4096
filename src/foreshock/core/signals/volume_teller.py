"""Of all markets at a bucket's close, what is worth telling, and was it told already?"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
import numpy as np

from foreshock.core.domain.alerts import SEVERITIES
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import AlertRaised, VolumeMeasured
from foreshock.core.domain.messages.union import Message
from foreshock.core.signals.cooldown import Cooldown
from foreshock.core.signals.volume_buckets import BucketFlow, bucket_end
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_levels import is_moving, levels
from foreshock.core.signals.volume_markets import VolumeMarkets
from foreshock.core.signals.volume_monitor import Verdict, VolumeMonitor
from foreshock.core.signals.volume_recall import Recalled
from foreshock.core.signals.volume_settings import VolumeSettings
from foreshock.core.signals.volume_telling import alert_of, most_unusual, price_of, row_of


class VolumeTeller:
    """Turns verdicts into messages: the most unusual markets, and alerts that are due."""

    def __init__(
        self, settings: VolumeSettings, markets: VolumeMarkets, monitor: VolumeMonitor
    ) -> None:
        self._settings = settings
        self._markets = markets
        self._monitor = monitor
        self._cooldown = Cooldown(settings.cooldown)

    def closed(
        self, verdict: Verdict, flow: BucketFlow, refused: Mapping[str, int]
    ) -> Iterator[Message]:
        """All markets at a close. refused: what counted nowhere, by why."""
        count, history = len(self._markets.ids), self._monitor.history
        chosen = most_unusual(verdict, self._settings.rows_max, count)
        warming = int(verdict.reading.is_warming[:, :count].all(axis=0).sum())
        places = [(column, column) for column in chosen]
        measured = self._measured(places, verdict, history, warming)
        yield msgspec.structs.replace(measured, refused=dict(refused))
        yield from self._alerts(places, verdict, flow, history)

    def recalled(self, found: Recalled) -> Iterator[Message]:
        """The markets whose past has just become known, as they stood at the last close."""
        peers, bucket = self._monitor.peers, found.verdict.reading.bucket
        moves = np.zeros(self._monitor.history.columns_count, dtype=np.bool_)
        moves[found.columns] = is_moving(found.verdict.reading, found.verdict.gates)
        linked = peers.moving_peer(bucket, moves)[found.columns]
        told = levels(found.verdict.reading, found.verdict.gates, linked)
        verdict = msgspec.structs.replace(found.verdict, levels=told)
        places = [(int(column), place) for place, column in enumerate(found.columns.tolist())]
        warming = int(verdict.reading.is_warming.all(axis=0).sum())
        measured = self._measured(places, verdict, found.history, warming)
        yield msgspec.structs.replace(measured, is_recalled=True)
        yield from self._alerts(places, verdict, found.flow, found.history)

    def _measured(
        self,
        places: Iterable[tuple[int, int]],
        verdict: Verdict,
        history: VolumeHistory,
        warming: int,
    ) -> VolumeMeasured:
        """places: (column, its place in verdict and history)."""
        ids = self._markets.ids
        return VolumeMeasured(
            bucket_end_us=bucket_end(verdict.reading.bucket),
            markets_count=len(ids),
            warming_count=warming,
            rows=tuple(row_of(ids[column], verdict, history, place) for column, place in places),
        )

    def _alerts(
        self,
        places: Iterable[tuple[int, int]],
        verdict: Verdict,
        flow: BucketFlow,
        history: VolumeHistory,
    ) -> Iterator[AlertRaised]:
        """places: as above."""
        left = self._settings.alerts_max
        for column, place in places:
            market = self._markets.ids[column]
            if not verdict.levels.level[place] or self._markets.is_over(market) or not left:
                continue
            moving = self._moving(column, verdict.reading.bucket)
            alert = alert_of(market, verdict, history, place, moving)
            if self._cooldown.take(market, SEVERITIES[alert.level], alert.event_us):
                left -= 1
                price = price_of(float(flow.price[place]))
                yield AlertRaised(msgspec.structs.replace(alert, price=price))

    def _moving(self, column: int, bucket: int) -> tuple[MarketId, ...]:
        peers = self._monitor.peers
        moved = (c for c in peers.peers_of(column) if peers.has_moved(bucket, c))
        return tuple(sorted({self._markets.ids[c] for c in moved}))
