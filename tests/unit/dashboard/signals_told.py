"""One valid message of every kind about detectors, news and oracles."""

from foreshock.core.domain.alerts import Alert, Figure
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Money
from foreshock.core.signals.packed import pack
from tests.trading import START, A, B, cents

ALERT = Alert(
    alert_id="a1",
    detector="volume",
    level="elevated",
    market=A,
    words="five times the usual volume",
    figures=(Figure("volume", "$5,000"),),
    related=(B,),
    event_us=START,
)
NEWS = s.NewsSeen(
    item_id="n1",
    source="rss:fed",
    title="Federal Reserve issues FOMC statement",
    url="https://news.test/1",
    published_us=START,
    recv_us=START,
    is_scheduled=False,
)


def signal_messages() -> list[Message]:
    later = Instant(START + SECOND)
    return [
        s.VolumeMeasured(bucket_end_us=START, markets_count=10, warming_count=4, rows=()),
        s.VolumeRecalled(market=A, source="its trades", first_bucket=5_000_000, volume=b""),
        s.VolumePictured(
            market=A, end_us=START, step_buckets=3, volume=pack([7]), expected=pack([5])
        ),
        s.VolumeGapMeasured("pair-1", "1 h", 2 * MICRO, START),
        s.LeadMeasured(
            pair_id="pair-1",
            leader=A,
            followed=B,
            lag=Duration(5 * SECOND),
            correlation_ppm=600_000,
            windows_stable_count=3,
            event_us=START,
        ),
        s.AlertRaised(ALERT),
        s.AlertAcknowledged("a1", "a person"),
        s.AlertExplained(
            alert_id="a1", explanation="preceded", items=("n1",), lead=Duration(60 * SECOND)
        ),
        s.AlertGraded(
            alert_id="a1", after=Duration(3_600 * SECOND), price_then=cents(40), price_after=None
        ),
        s.AlertRemembered(
            alert=ALERT,
            title="Will A happen?",
            explained=s.AlertExplained(
                alert_id="a1", explanation="explained", items=("n1",), lead=None, shared=("fed",)
            ),
            news=(NEWS,),
        ),
        NEWS,
        s.NewsAsked("gdelt", 3, ""),
        s.OracleReported("binance", "BTC-USD", 97_400 * MICRO, START, later),
        s.OracleLost("binance", "BTC-USD", "silent for 10 s"),
        s.OracleGapMeasured(
            market=A,
            outcome="yes",
            oracle="binance",
            fair=cents(60),
            ask=cents(50),
            fee=Money(17_500),
            gap=Money(82_500),
            spot=97_400 * MICRO,
            strike=97_000 * MICRO,
            volatility_ppm=5_000,
            ends_us=later,
            is_trusted=False,
            event_us=later,
        ),
        s.BaselinesReset("r1", None, "a person"),
        s.BaselinesRestored("r1", "a person"),
    ]
