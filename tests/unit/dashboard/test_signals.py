import msgspec

from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Money
from foreshock.core.signals.packed import UNKNOWN, pack
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.signals import ALERTS_MAX, POINTS_MAX, Signals
from tests.samples import market
from tests.trading import START, A, B, cents
from tests.unit.dashboard.signals_told import ALERT, NEWS

HOUR = Duration(3_600 * SECOND)


def told(*messages: object) -> Signals:
    markets = Markets()
    for each in (A, B):
        markets.list_market(MarketListed(market(each)))
    signals = Signals(markets)
    hear(signals, *messages)
    return signals


def hear(signals: Signals, *messages: object) -> None:
    routes = signals.routes()
    for message in messages:
        routes[type(message)](message, START)  # pyright: ignore[reportArgumentType] - any of them


def raised(name: str, **changes: object) -> s.AlertRaised:
    return s.AlertRaised(msgspec.structs.replace(ALERT, alert_id=name, **changes))


def row(level: str | None = None, score: int | None = None, market_id: str = A) -> s.VolumeRow:
    return s.VolumeRow(
        market=market_id,  # pyright: ignore[reportArgumentType] - a plain id will do
        state="warming" if score is None else "ready",
        volume=Money(5 * MICRO),
        expected=None,
        vroc_ppm=(None, None, None),
        score_milli_sigma=(score, None, None),
        acceleration_ppm_per_hour=None,
        rvol_ppm=None,
        vcv_ppm=None,
        level=level,  # pyright: ignore[reportArgumentType] - one of the levels
    )


def measured(*rows: s.VolumeRow, end_us: Instant = START) -> s.VolumeMeasured:
    return s.VolumeMeasured(
        bucket_end_us=end_us, markets_count=2, warming_count=1, rows=tuple(rows)
    )


def test_an_alert_is_a_card_with_its_market_by_name() -> None:
    (card,) = told(s.AlertRaised(ALERT)).alerts()
    assert (card.title, card.venue, card.severity) == ("Will 0xa happen?", "polymarket", 3)
    assert card.related[0].title == "Will KXB happen?"
    assert card.explanation == "open"
    assert card.figures[0].value == "$5,000"


def test_cards_stand_by_newest_or_by_score() -> None:
    loud = raised("loud", level="critical")
    scored = raised("scored", figures=(Figure("score", "4.2 sigma"),))
    signals = told(loud, scored, raised("last"))
    assert [card.id for card in signals.alerts()] == ["last", "scored", "loud"]
    assert [card.id for card in signals.alerts("score")] == ["loud", "scored", "last"]
    assert signals.alerts("score")[1].score_milli == 3_004_200


def test_a_claim_is_shown_with_its_evidence() -> None:
    explained = s.AlertExplained(
        alert_id="a1", explanation="preceded", items=("n1", "gone"), lead=Duration(60 * SECOND)
    )
    signals = told(s.AlertRaised(ALERT), NEWS, explained)
    (card,) = signals.alerts()
    assert (card.explanation, card.lead_us) == ("preceded", 60 * SECOND)
    assert card.evidence[0].url == NEWS.url
    assert card.evidence[1].title == "gone"
    assert signals.view(START).preceded_count == 1


def test_a_grade_shows_the_move_only_where_both_prices_are_known() -> None:
    def graded(after: Duration, price: int | None) -> s.AlertGraded:
        later = None if price is None else cents(price)
        return s.AlertGraded(alert_id="a1", after=after, price_then=cents(40), price_after=later)

    signals = told(s.AlertRaised(ALERT), graded(Duration(4 * HOUR), None), graded(HOUR, 55))
    (card,) = signals.alerts()
    assert [(g.after_us, g.move_micros) for g in card.grades] == [(HOUR, 150_000), (4 * HOUR, None)]


def test_what_is_said_of_unknown_alerts_is_passed_over() -> None:
    signals = told(s.AlertAcknowledged("nobody", "me"))
    assert signals.alerts() == []


def test_an_acknowledged_alert_says_by_whom() -> None:
    (card,) = told(s.AlertRaised(ALERT), s.AlertAcknowledged("a1", "me")).alerts()
    assert card.seen_by == "me"


def test_the_oldest_alert_goes_first() -> None:
    signals = told(*(raised(f"a{number}") for number in range(ALERTS_MAX + 1)))
    assert signals.alert("a0") is None
    assert signals.alert("a1") is not None


def test_the_heatmap_shows_the_most_unusual_first_and_forgets_what_is_old() -> None:
    signals = told(measured(row(score=9_000), row("watch", 2_500, B)))
    view = signals.volume(START)
    assert [r.market for r in view.rows] == [B, A]
    assert (view.markets_count, view.warming_count) == (2, 1)
    assert [r.market for r in signals.volume(START, "0xa").rows] == [A]
    assert signals.volume(Instant(START + 2 * HOUR)).rows == []


def test_a_market_has_its_closes_and_alerts() -> None:
    later = Instant(START + 300 * SECOND)
    signals = told(measured(row()), measured(row("watch", 2_500), end_us=later), raised("a1"))
    picture = signals.market(A)
    assert picture is not None
    assert [point.at_us for point in picture.points] == [START, later]
    assert picture.row is not None
    assert picture.row.level == "watch"
    assert [card.id for card in picture.alerts] == ["a1"]
    assert signals.market(B) is None


def test_a_leader_keeps_the_time_since_when_it_leads() -> None:
    lead = s.LeadMeasured(
        pair_id="p",
        leader=A,
        followed=B,
        lag=Duration(5 * SECOND),
        correlation_ppm=500_000,
        windows_stable_count=3,
        event_us=START,
    )
    signals = told(lead)
    routes = signals.routes()
    routes[s.LeadMeasured](
        msgspec.structs.replace(lead, correlation_ppm=700_000), Instant(START + 1)
    )
    found = signals.lead("p")
    assert found is not None
    assert (found.since_us, found.correlation_ppm) == (START, 700_000)
    assert found.leader_title == "Will 0xa happen?"


def test_a_reset_stands_until_it_is_undone() -> None:
    signals = told(s.BaselinesReset("r1", None, "me"), s.VolumeGapMeasured("p", "1 h", -5, START))
    assert signals.resets()[0].restored_by == ""
    hear(signals, s.BaselinesRestored("r1", "you"))
    assert signals.resets()[0].restored_by == "you"
    assert signals.volume(START).gaps[0].gap_ppm == -5


def pictured(*volumes: int, end_us: Instant = START) -> s.VolumePictured:
    usual = pack([UNKNOWN] * (len(volumes) - 1) + [5])
    return s.VolumePictured(
        market=A, end_us=end_us, step_buckets=3, volume=pack(volumes), expected=usual
    )


def test_a_picture_has_the_day_before_an_alert_and_no_point_that_nobody_saw() -> None:
    picture = told(pictured(7, UNKNOWN, 9)).market(A)
    assert picture is not None
    seen = [(p.at_us, p.volume_micros, p.expected_micros) for p in picture.points]
    assert seen == [(START - 1_800 * SECOND, 7, None), (START, 9, 5)]
    assert picture.row is None


def test_closes_and_pictures_stand_in_the_order_of_time_and_a_level_stays() -> None:
    later = Instant(START + 300 * SECOND)
    signals = told(measured(row("watch", 2_500)), measured(row(), end_us=later))
    hear(signals, pictured(7, 8, 9), pictured(7, 8, 9))
    picture = signals.market(A)
    assert picture is not None
    ends = [p.at_us for p in picture.points]
    assert ends == [START - 1_800 * SECOND, START - 900 * SECOND, START, later]
    assert [p.level for p in picture.points] == [None, None, "watch", None]


def test_points_are_bounded() -> None:
    signals = told()
    for quarter in range(2 * POINTS_MAX):
        hear(signals, pictured(1, end_us=Instant(START + quarter * 900 * SECOND)))
    picture = signals.market(A)
    assert picture is not None
    assert len(picture.points) == POINTS_MAX
