"""One valid message of every kind about notices and what comes from outside."""

from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import alerting as al
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import DAY, Duration, Price, Quantity
from tests.trading import START


def notice() -> Notice:
    return Notice(
        notice_id="n1",
        kind="spike",
        level="notable",
        severity=2,
        is_told=True,
        about="kalshi:KXB",
        subject="B?",
        topic="Crypto",
        words="4 times the usual volume",
        figures=(Figure("score", "4.2"),),
        related=(),
        is_simulated=True,
        event_us=START,
    )


def alerting_messages() -> list[Message]:
    return [
        al.Notify("discord/n1", "discord", notice()),
        al.Notified("discord/n1", "discord", 2),
        al.NotifyFailed("discord/n1", "discord", "answered 400"),
        al.NotifierLost("discord", "answered 404: the webhook is gone"),
        al.NotifierFound("discord"),
        al.NoticeTestRequested("test-1", None, "command line"),
        al.ObservationReceived(
            observation_id="o-1",
            source="my-scraper",
            market=MarketId("polymarket:will-fed-cut-june"),
            title="Will the Fed cut rates in June?",
            yes_price=Price(580_000),
            volume=Quantity(1_450_000_000),
            is_total=False,
            is_simulated=False,
            event_us=START,
            recv_us=START,
        ),
        al.WatchListChanged("kalshi", "KXBTC15M", is_watched=True, by="dashboard"),
        al.WatchListFound("kalshi", "KXBTC15M", (MarketId("kalshi:KXBTC15M-1"),), "1 active"),
        al.RecordingsRemoved(
            runs=("20261101T000000000000Z-watch",),
            rows_count=10,
            bytes_count=1_000,
            older_than=Duration(7 * DAY),
            live_older_than=None,
            by="the desk",
        ),
    ]
