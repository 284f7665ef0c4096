"""Does the venue pause on Thursday nights in New York, summer and winter?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.sim.exchange_types import OrderRefused, OrderRequest, OrderState
from foreshock.adapters.sim.kalshi_hours import Hours, is_maintenance, schedule_body
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.kalshi_scene import FED, ORDERS, Scene, error

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def venue() -> Scene:
    return Scene()


def instant(text: str) -> Instant:
    return Instant(int(datetime.fromisoformat(text).timestamp()) * MICRO)


@pytest.mark.parametrize(
    ("text", "rests"),
    [
        ("2026-10-08T06:59:59+00:00", False),
        ("2026-10-08T07:00:00+00:00", True),
        ("2026-10-08T08:59:59+00:00", True),
        ("2026-10-08T09:00:00+00:00", False),
        ("2026-10-07T07:30:00+00:00", False),
        ("2026-11-19T07:30:00+00:00", False),
        ("2026-11-19T08:00:00+00:00", True),
    ],
)
def test_thursdays_from_three_to_five_eastern(text: str, rests: bool) -> None:
    assert is_maintenance(instant(text)) is rests


@given(st.integers(0, 15 * 366 * 86_400 * MICRO))
def test_local_time_is_that_of_the_time_zone_database(micros: int) -> None:
    since = timedelta(days=50 * 365, microseconds=micros)
    local = (datetime(1970, 1, 1, tzinfo=UTC) + since).astimezone(NEW_YORK)
    wanted = local.weekday() == 3 and local.hour in {3, 4}
    assert is_maintenance(Instant(since // timedelta(microseconds=1))) is wanted


def test_the_status_page_is_all_that_announces_a_pause() -> None:
    hours = Hours(keeps_hours=True)
    night = instant("2026-11-19T08:30:00+00:00")
    told = hours.status(night)
    assert (told["exchange_active"], told["trading_active"]) == (True, False)
    assert told["exchange_estimated_resume_time"] == "2026-11-19T10:00:00Z"
    assert Hours(keeps_hours=False).trades(night)
    hours.is_active = False
    assert hours.status(instant("2026-11-18T08:30:00+00:00"))["exchange_active"] is False
    assert "schedule" in schedule_body()


def test_orders_that_asked_for_it_end_when_the_night_comes() -> None:
    night = instant("2026-10-08T07:00:00+00:00")
    venue = Scene(KalshiRules(keeps_hours=True))
    kept = venue.place("bid 1 at 0.10 gtc")["order_id"]
    flagged = venue.place("bid 1 at 0.10 gtc", cancel_order_on_pause=True)["order_id"]
    venue.now_us = night
    assert error(venue.post("bid 1 at 0.10 gtc"))[:2] == (409, "trading_is_paused")
    assert venue.order(flagged)["status"] == "canceled"
    assert venue.call("DELETE", f"{ORDERS}/{kept}").status == 200
    venue.wait(2 * 3_600)
    assert venue.place("bid 1 at 0.10 gtc")


def test_announcements_are_gone_since_july() -> None:
    assert Scene().call("GET", "/exchange/announcements").status == 404


def test_nobody_trades_during_a_pause_and_streams_stay(venue: Scene) -> None:
    venue.connect("user_orders")
    venue.exchange.open_account("crowd", Money(100 * MICRO))
    venue.face.set_trading(is_trading=False)
    venue.told()
    crowd = OrderRequest(
        account="crowd",
        native_id=FED,
        outcome="yes",
        action="buy",
        price=Price(400_000),
        quantity=Quantity(MICRO),
    )
    assert isinstance(venue.exchange.place(crowd, venue.now_us), OrderRefused)
    assert venue.face.take_cuts() == []
    venue.face.set_trading(is_trading=True)
    venue.told()
    assert isinstance(venue.exchange.place(crowd, venue.now_us), OrderState)


def test_streams_end_once_when_the_exchange_rests(venue: Scene) -> None:
    venue.connect("user_orders")
    venue.face.hours.is_active = False
    venue.told()
    assert venue.face.take_cuts() == [1]
    venue.face.close(1)
    venue.connect("user_orders", member="bob")
    venue.told()
    assert venue.face.take_cuts() == []
