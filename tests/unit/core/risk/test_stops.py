"""Do the stops act when they are reached, stand when the value comes back, and end as they say?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import Halted, LimitsMeasured, PositionSettled
from foreshock.core.domain.messages.operations import ResumeRequested
from foreshock.core.domain.messages.risk import RiskRemembered, RiskReviewed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import DAY, SECOND, Instant, Money
from foreshock.core.risk.limits import Limits
from foreshock.core.risk.stops import Stops
from tests.trading import START, A, B, book, closed, contracts, dollars, filled, order, request
from tests.unit.core.risk.desk import RiskDesk, limits, measured
from tests.unit.core.risk.test_guardian import package_closed
from tests.unit.core.risk.test_rules import ended, lost_package

NOTE = RiskReviewed("a person", "both venues checked, nothing is open")


def instant(text: str) -> Instant:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Instant(round(moment.timestamp() * 1_000_000))


def stops(**changes: object) -> Stops:
    plain: dict[str, object] = {
        "daily_loss_max": dollars(50),
        "weekly_loss_max": None,
        "monthly_loss_max": None,
    }
    return Stops(limits(**{**plain, **changes}), dollars(500))


def reached(fold: Stops, value: int, at: str, *, is_settled: bool = True) -> list[str]:
    """Codes of the stops reached by a value, in dollars, at an instant."""
    fold.turn(instant(at), is_settled=is_settled)
    return [code for code, _ in fold.watch(dollars(value))]


# ---- the ratcheting stop ---------------------------------------------------------------------


def test_500_grown_to_800_halts_at_640_though_no_day_lost_its_limit() -> None:
    """The source's own example. The fall takes four days, each below the daily ten percent."""
    fold = stops()
    assert fold.floor() == dollars(400)
    assert reached(fold, 800, "2026-11-16T12:00:00") == []
    assert (fold.high_water, fold.floor()) == (dollars(800), dollars(640))
    for day, value in ((17, 760), (18, 720), (19, 680), (20, 641)):
        assert reached(fold, value, f"2026-11-{day}T12:00:00") == []
    assert reached(fold, 640, "2026-11-20T13:00:00") == ["DRAWDOWN"]
    assert fold.words("DRAWDOWN") == (
        "the account is worth $640.00, its floor is $640.00: the most was $800.00"
    )


def test_a_value_that_comes_back_lifts_no_stop() -> None:
    fold = stops()
    reached(fold, 800, "2026-11-16T12:00:00")
    assert reached(fold, 600, "2026-11-16T13:00:00") == ["DRAWDOWN"]
    reached(fold, 900, "2026-11-16T14:00:00")
    assert fold.words("DRAWDOWN") is not None
    assert fold.high_water == dollars(900)


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=30))
def test_the_floor_only_rises_and_stops_exactly_at_its_share(values: list[int]) -> None:
    fold, high = stops(daily_loss_max=dollars(10_000)), 500
    for value in values:
        before = fold.floor()
        told = reached(fold, value, "2026-11-16T12:00:00")
        high = max(high, value)
        assert fold.high_water == dollars(high)
        assert fold.floor() >= before
        assert fold.floor() * 10 == dollars(high) * 8
        if "DRAWDOWN" in told:
            assert value * 10 <= high * 8
            return
        assert value * 10 > high * 8


def test_capital_that_comes_or_goes_is_neither_profit_nor_loss() -> None:
    fold = stops()
    reached(fold, 490, "2026-11-16T12:00:00")
    fold.deposit(dollars(500))
    assert reached(fold, 990, "2026-11-16T12:00:01") == []
    assert (fold.high_water, fold.lost("day")) == (dollars(1_000), dollars(10))


# ---- windows ---------------------------------------------------------------------------------


def test_a_gain_offsets_a_loss_of_the_same_window_only() -> None:
    fold = stops()
    reached(fold, 500, "2026-11-20T10:00:00")
    reached(fold, 460, "2026-11-20T11:00:00")
    assert fold.lost("day") == dollars(40)
    reached(fold, 480, "2026-11-20T23:59:59.999999")
    assert fold.lost("day") == dollars(20)
    reached(fold, 470, "2026-11-21T00:00:00")
    assert (fold.lost("day"), fold.lost("week")) == (dollars(10), dollars(30))
    reached(fold, 490, "2026-11-21T01:00:00")
    assert (fold.lost("day"), fold.lost("week")) == (0, dollars(10))


def test_d5_no_window_begins_anew_while_an_order_is_unknown() -> None:
    """What an order sent before midnight did belongs to the day it was sent in."""
    fold = stops()
    reached(fold, 470, "2026-11-20T23:59:59")
    assert reached(fold, 450, "2026-11-21T00:00:05", is_settled=False) == ["DAILY_LOSS"]
    assert reached(fold, 450, "2026-11-21T00:00:06") == []
    assert fold.words("DAILY_LOSS") is None
    assert fold.lost("day") == 0


@pytest.mark.parametrize(
    ("zone", "still_today"),
    [("UTC", False), ("America/New_York", True), ("Asia/Tokyo", True)],
)
def test_each_window_keeps_the_zone_of_its_limit(zone: str, *, still_today: bool) -> None:
    fold = stops(daily_zone=zone)
    reached(fold, 500, "2026-11-20T20:00:00")
    reached(fold, 450, "2026-11-20T20:00:01")
    reached(fold, 450, "2026-11-21T03:00:00")  # 22:00 of the 20th, 12:00 of the 21st
    assert (fold.words("DAILY_LOSS") is not None) == still_today


def test_a_clock_that_is_set_back_begins_no_window_anew() -> None:
    fold = stops()
    reached(fold, 500, "2026-11-20T10:00:00")
    reached(fold, 450, "2026-11-20T11:00:00")
    reached(fold, 450, "2026-11-19T11:00:00")
    assert fold.words("DAILY_LOSS") is not None


MOVES = st.lists(
    st.tuples(st.integers(0, 40 * 24), st.integers(300, 700), st.booleans()), max_size=40
)


@given(MOVES, st.integers(0, 40))
def test_a_restart_forgets_nothing_and_repeats_nothing(
    moves: list[tuple[int, int, bool]], cut: int
) -> None:
    """Two folds hear the same; one is written down and read again in the middle."""
    changes: dict[str, object] = {"weekly_loss_max": dollars(60), "monthly_loss_max": dollars(90)}
    whole, cut_short = stops(**changes), stops(**changes)
    value, hours = dollars(500), 0
    for place, (later, dollars_now, is_settled) in enumerate(sorted(moves)):
        if place == cut:
            again = stops(**changes)
            again.recall(cut_short.memory(), value)
            cut_short = again
        hours, value = later, dollars(dollars_now)
        now_us = Instant(START + hours * 3_600 * SECOND)
        told: list[list[tuple[str, str]]] = []
        for fold in (whole, cut_short):
            fold.turn(now_us, is_settled=is_settled)
            told.append([(code, words) for code, words in fold.watch(value)])
        assert told[0] == told[1]
        assert whole.memory() == cut_short.memory()


# ---- the three actions, by the guardian --------------------------------------------------------


def fresh(at_us: Instant) -> list[Message]:
    """Everything is heard anew, so that only the stops can refuse."""
    clocks = {"data_at_us": at_us, "checked_at_us": at_us}
    return [
        measured(1, "polymarket", **clocks),
        measured(2, "kalshi", **clocks),
        book(A, 43, 45, at_us=at_us),
        book(B, 52, 54, at_us=at_us),
    ]


def stopped(changed: Limits, loss: int = 20) -> tuple[RiskDesk, list[Message]]:
    """A desk that has just lost what it may lose, a dollar before it and the last one."""
    desk = RiskDesk(changed)
    assert desk.ask(request("r1")) == "APPROVED"
    desk.say(*lost_package("r1", loss - 1))
    assert desk.ask(request("r2")) == "APPROVED"
    return desk, desk.say(*lost_package("r2", 1))


def halts(said: list[Message]) -> list[Halted]:
    return [message for message in said if isinstance(message, Halted)]


def test_a_daily_loss_pauses_until_the_next_day_and_halts_nothing() -> None:
    desk, said = stopped(limits(drawdown_max_ppm=900_000))
    assert halts(said) == []
    assert desk.ask(request("r3")) == "DAILY_LOSS"
    desk.say(ResumeRequested("all", "a person"))
    assert desk.ask(request("r4")) == "DAILY_LOSS", "a person cannot end the day"
    tomorrow = Instant((START // DAY + 1) * DAY)
    desk.say(*fresh(Instant(tomorrow - 1)), now_us=tomorrow - 1)
    assert desk.ask(request("r5"), tomorrow - 1) == "DAILY_LOSS"
    desk.say(*fresh(tomorrow), now_us=tomorrow)
    assert desk.ask(request("r6"), tomorrow) == "APPROVED"


def test_a_weekly_loss_halts_until_a_person_resumes_and_then_counts_anew() -> None:
    roomy: dict[str, object] = {"daily_loss_max": dollars(99), "drawdown_max_ppm": 900_000}
    desk, said = stopped(limits(weekly_loss_max=dollars(20), **roomy))
    (halted,) = halts(said)
    assert halted.scope == "all"
    assert halted.reason == ("$20.00 lost this week, the limit is $20.00; resume to go on")
    assert desk.ask(request("r3")) == "HALTED"
    next_week = Instant(START + 7 * DAY)
    desk.say(*fresh(next_week), now_us=next_week)
    assert desk.ask(request("r4"), next_week) == "HALTED", "a halt does not end by itself"
    desk.say(ResumeRequested("all", "a person"), now_us=next_week)
    assert desk.ask(request("r5"), next_week) == "APPROVED"


@pytest.mark.parametrize(
    "changed",
    [
        limits(daily_loss_max=dollars(99), monthly_loss_max=dollars(20), drawdown_max_ppm=900_000),
        limits(daily_loss_max=dollars(99), drawdown_max_ppm=100_000),
    ],
    ids=["month", "drawdown"],
)
def test_month_and_drawdown_wait_for_a_review_that_is_on_record(changed: Limits) -> None:
    desk, said = stopped(changed)
    (halted,) = halts(said)
    assert "record a review" in halted.reason
    again = halts(desk.say(ResumeRequested("all", "a person")))
    assert [h.scope for h in again] == ["all"], "resumed without a review: halted at once"
    desk.say(RiskReviewed("a person", "  "))
    assert halts(desk.say(ResumeRequested("all", "a person"))), "an empty note reviews nothing"
    desk.say(NOTE)
    assert desk.ask(request("r3")) == "HALTED", "a review alone resumes nothing"
    assert not halts(desk.say(ResumeRequested("all", "a person")))
    assert desk.ask(request("r4")) == "APPROVED"


def test_what_a_restart_must_know_is_told_when_it_changes() -> None:
    desk, said = stopped(limits(daily_loss_max=dollars(99), monthly_loss_max=dollars(20)))
    told = [m for m in said if isinstance(m, RiskRemembered)]
    assert told[-1].memory.windows["month"].stopped
    assert told[-1].memory.high_water == dollars(200)
    assert not [m for m in desk.say(*fresh(START)) if isinstance(m, RiskRemembered)]


# ---- what the account is worth -----------------------------------------------------------------


def drawdown_after(desk: RiskDesk, *messages: Message) -> int:
    said = desk.say(*messages, now_us=START + 2 * SECOND)
    (last,) = [m for m in said if isinstance(m, LimitsMeasured)][-1:]
    return next(use.used for use in last.uses if use.code == "DRAWDOWN")


def test_a_leg_alone_counts_with_its_price_once_its_package_is_over() -> None:
    desk = RiskDesk(limits(drawdown_max_ppm=900_000))
    desk.ask(request("r1"))
    leg = [order("o1", package_id="r1"), filled("o1", 1, 10, 45), closed("o1", 10)]
    desk.say(*leg, book(A, 30, 32))
    assert desk.ask(request("r2", None)) != "DRAWDOWN"
    tick = measured(1, "polymarket", data_at_us=Instant(START + 2 * SECOND))
    assert drawdown_after(desk, ended("r1"), tick) == dollars(1) + dollars(4) // 10


def test_hedged_contracts_stand_at_what_they_pay_whatever_one_venue_quotes() -> None:
    desk = RiskDesk()
    desk.ask(request("r1"))
    desk.say(*hedged_legs(), *[book(A, 10, 12)])
    tick = measured(1, "polymarket", data_at_us=Instant(START + 2 * SECOND))
    assert drawdown_after(desk, package_closed("r1"), tick) == 0


def hedged_legs() -> list[Message]:
    other = order("o2", package_id="r1", market=B, outcome="no", limit=480_000)
    return [
        order("o1", package_id="r1"),
        filled("o1", 1, 10, 45),
        closed("o1", 10),
        other,
        filled("o2", 1, 10, 48),
        closed("o2", 10),
    ]


def test_a_pair_that_pays_on_neither_side_is_a_loss_when_it_settles() -> None:
    desk = RiskDesk(limits(drawdown_max_ppm=40_000))
    desk.ask(request("r1"))
    desk.say(*hedged_legs(), package_closed("r1"))
    assert not halts(desk.say(PositionSettled(A, "yes", contracts(10), Money(0))))
    (halted,) = halts(desk.say(PositionSettled(B, "no", contracts(10), Money(0))))
    assert "$190.70" in halted.reason


def test_a_split_and_a_merge_are_no_profit_and_no_loss() -> None:
    desk = RiskDesk(limits(drawdown_max_ppm=1_000))
    for kind in ("split", "merge"):
        done = ConversionClosed(
            conversion_id=kind,
            kind=kind,
            market=A,
            quantity=contracts(20),
            ours=contracts(20),
            outcome="confirmed",
            words="",
        )
        said = desk.say(done)
        assert not halts(said)
        (told,) = [m for m in said if isinstance(m, LimitsMeasured)]
        used = {(use.code, use.scope): use.used for use in told.uses}
        assert used["DRAWDOWN", "all"] == 0
        assert used.get(("MARKET_LIMIT", A), 0) == (dollars(20) if kind == "split" else 0)
