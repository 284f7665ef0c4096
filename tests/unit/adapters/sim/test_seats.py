"""Is each market of the world opened, quoted, interrupted and ended as its venue would?"""

import random

import pytest

from foreshock.adapters.sim.agenda import Agenda
from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.makers import CROWD
from foreshock.adapters.sim.seats import (
    DISPUTE_S,
    DISPUTED_AFTER_S,
    PROPOSED_AFTER_S,
    SETTLED_AFTER_S,
    Floor,
    Seat,
)
from foreshock.core.domain.markets import MarketStatus, SeriesFee
from foreshock.core.domain.units import MICRO, SECOND, Instant
from tests.unit.adapters.sim.world_judge import FEES, START

QUESTIONS = {question.key: question for question in catalogue(300).questions}
PAID_S = PROPOSED_AFTER_S + SETTLED_AFTER_S


class Stage:
    """One question's markets on a floor of their own."""

    def __init__(self, key: str = "game-01-boston-miami") -> None:
        self.agenda = Agenda()
        self.floor = Floor(FEES, self.agenda)
        question = QUESTIONS[key]
        self.seats = [
            self.floor.open(question, place, 0.5, random.Random(number), START)
            for number, place in enumerate(question.places)
        ]

    def status(self, seat: Seat) -> MarketStatus:
        return seat.exchange.market(seat.place.native_id).status

    def run(self, seconds: float) -> None:
        self.agenda.run(at(seconds))


def at(seconds: float) -> Instant:
    return Instant(START + int(seconds * SECOND))


def test_markets_open_and_are_found_by_their_identifier() -> None:
    stage = Stage()
    assert [stage.status(seat) for seat in stage.seats] == ["open"] * 3
    for seat in stage.seats:
        assert stage.floor.seat(seat.place.native_id) is seat
    assert stage.seats[0].exchange.positions(CROWD)[0].yes > 0
    with pytest.raises(KeyError):
        stage.floor.seat("nowhere")


def test_markets_of_one_event_share_its_number() -> None:
    stage = Stage()
    numbers = [
        (listing.number, listing.event.number)
        for seat in stage.seats
        for listing in [seat.exchange.market(seat.place.native_id).listing]
    ]
    assert numbers == [(1, 1), (1, 2), (2, 2)]


def test_the_price_step_gets_finer_near_the_edge_and_stays_so() -> None:
    stage = Stage()
    polymarket, kalshi, _ = stage.seats
    for fair, polymarket_step in ((0.5, 10_000), (0.97, 1_000), (0.5, 1_000)):
        for seat, step in ((polymarket, polymarket_step), (kalshi, 10_000)):
            seat.quote(fair, START)
            market = seat.exchange.market(seat.place.native_id).listing.market
            assert market.grid.finest() == step


def test_a_pause_ends_by_itself() -> None:
    stage = Stage()
    seat = stage.seats[1]
    stage.floor.pause(seat, 15, START)
    stage.floor.pause(seat, 15, START)
    seat.quote(0.4, at(1))
    assert stage.status(seat) == "paused"
    assert not seat.exchange.levels(seat.place.native_id, "bid")
    stage.run(15)
    assert stage.status(seat) == "open"
    seat.quote(0.4, at(16))
    assert seat.exchange.levels(seat.place.native_id, "bid")


def test_a_market_that_ends_while_paused_does_not_reopen() -> None:
    stage = Stage()
    seat = stage.seats[1]
    stage.floor.pause(seat, 15, START)
    stage.floor.end(seat, is_true=True, is_disputed=False, now_us=at(5))
    stage.run(16)
    assert stage.status(seat) == "closed"
    assert not seat.is_open


def test_a_fee_override_ends_by_itself() -> None:
    stage = Stage()
    seat = stage.seats[1]
    stage.floor.override_fee(seat, SeriesFee("quadratic", 2 * MICRO), 60, START)
    assert seat.exchange.market(seat.place.native_id).fee_is_override
    stage.run(60)
    assert not seat.exchange.market(seat.place.native_id).fee_is_override


@pytest.mark.parametrize("is_true", [True, False])
def test_an_inverted_market_pays_the_other_way(*, is_true: bool) -> None:
    stage = Stage()
    for seat in stage.seats:
        stage.floor.end(seat, is_true=is_true, is_disputed=False, now_us=START)
    assert [stage.status(seat) for seat in stage.seats] == ["closed"] * 3
    stage.run(PROPOSED_AFTER_S)
    assert [stage.status(seat) for seat in stage.seats] == ["proposed"] * 3
    stage.run(PAID_S)
    assert [stage.status(seat) for seat in stage.seats] == ["settled"] * 3
    paid = [seat.exchange.market(seat.place.native_id).yes_payout for seat in stage.seats]
    assert paid == ([MICRO, MICRO, 0] if is_true else [0, 0, MICRO])


def test_a_disputed_outcome_is_paid_later() -> None:
    stage = Stage()
    seat = stage.seats[0]
    stage.floor.end(seat, is_true=True, is_disputed=True, now_us=START)
    stage.run(PROPOSED_AFTER_S + DISPUTED_AFTER_S)
    assert stage.status(seat) == "disputed"
    stage.run(PROPOSED_AFTER_S + DISPUTED_AFTER_S + DISPUTE_S)
    assert stage.status(seat) == "settled"
    assert seat.exchange.market(seat.place.native_id).was_disputed
