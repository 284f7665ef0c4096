"""Which markets does the world run? Each is listed, quoted, paused, ended and paid here.

listed -> open <-> paused -> closed -> proposed -> [disputed ->] settled
"""

import random
from collections.abc import Sequence

import msgspec

from foreshock.adapters.sim.agenda import Act, Agenda
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    FeeFunction,
)
from foreshock.adapters.sim.listings import GRIDS, listing_of, tick_at
from foreshock.adapters.sim.makers import CROWD, MAKER_CASH, MarketMaker
from foreshock.adapters.sim.questions import Place, Question, VenueName
from foreshock.core.domain.markets import FeeTerms, MarketStatus
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity

CROWD_CASH = Money(1_000_000_000 * MICRO)
CROWD_SETS = Quantity(20_000 * MICRO)
"""Both outcomes of a Polymarket market that the crowd holds from the start, to sell from."""
PROPOSED_AFTER_S = 20.0
SETTLED_AFTER_S = 30.0
DISPUTED_AFTER_S, DISPUTE_S = 15.0, 60.0


class Seat(msgspec.Struct, kw_only=True):
    """One market: its question, its venue's exchange and its maker.

    shift: how far the maker quotes from the fair price, in probability of its YES.
    """

    question: Question
    place: Place
    exchange: Exchange
    maker: MarketMaker
    shift: float = 0.0
    is_open: bool = True

    def quote(self, fair: float, now_us: Instant) -> None:
        """Let the maker look at a fair price of its YES; near the edges the steps become finer."""
        if not self.is_open:
            return
        native_id = self.place.native_id
        grid, label = GRIDS[tick_at(self.place, fair)]
        now = self.exchange.market(native_id).listing.market.grid
        if grid.finest() < now.finest():
            self.exchange.change_grid(native_id, grid, label, now_us)
        self.maker.quote(fair, now_us)
        self.maker.breathe(now_us)


class Floor:
    """Both exchanges and every market on them."""

    def __init__(self, fee_of: FeeFunction, agenda: Agenda) -> None:
        self.exchanges: dict[VenueName, Exchange] = {
            "polymarket": Exchange(POLYMARKET_POLICY, fee_of),
            "kalshi": Exchange(KALSHI_POLICY, fee_of),
        }
        self._agenda = agenda
        self._events: dict[tuple[str, str], int] = {}
        self._seats: dict[str, Seat] = {}
        for exchange in self.exchanges.values():
            exchange.open_account(CROWD, CROWD_CASH, is_reported=False, history_max=0)

    def open(
        self, question: Question, place: Place, fair: float, rng: random.Random, start_us: Instant
    ) -> Seat:
        """List a market and let its trading begin. start_us: of the world, not of the market."""
        exchange = self.exchanges[place.venue]
        event = (place.venue, place.event_id)
        numbers = (
            len(exchange.native_ids()) + 1,
            self._events.setdefault(event, len(self._events) + 1),
        )
        listing = listing_of(question, place, numbers, fair, start_us)
        opens_us = listing.market.opens_us or start_us
        exchange.list_market(listing, opens_us)
        exchange.open_market(place.native_id, opens_us)
        if not exchange.policy.nets:
            exchange.split(CROWD, place.native_id, CROWD_SETS, opens_us)
        maker = MarketMaker(exchange, place.native_id, question.liquidity, rng)
        exchange.open_account(maker.account, MAKER_CASH, is_reported=False, history_max=0)
        seat = Seat(question=question, place=place, exchange=exchange, maker=maker)
        self._seats[place.native_id] = seat
        return seat

    def seat(self, native_id: str) -> Seat:
        """The seat of a market. Raises KeyError when the market was never listed."""
        return self._seats[native_id]

    def pause(self, seat: Seat, for_s: float, now_us: Instant) -> None:
        """Stop trading for a while, if it goes on."""
        if not seat.is_open or self._status(seat) != "open":
            return
        seat.is_open = False
        seat.exchange.pause(seat.place.native_id, now_us)

        def resume(at_us: Instant) -> None:
            if self._status(seat) == "paused":
                seat.exchange.open_market(seat.place.native_id, at_us)
                seat.is_open = True

        self._agenda.after(now_us, for_s, resume)

    def override_fee(self, seat: Seat, fee: FeeTerms, for_s: float, now_us: Instant) -> None:
        """Charge other terms for a while."""
        native_id = seat.place.native_id
        seat.exchange.change_fee(native_id, fee, now_us)
        self._agenda.after(
            now_us, for_s, lambda at_us: seat.exchange.change_fee(native_id, None, at_us)
        )

    def end(self, seat: Seat, *, is_true: bool, is_disputed: bool, now_us: Instant) -> None:
        """Close trading; name the outcome and pay a little later. is_true: of the question.

        A market that somebody ended by hand before stays as it was left.
        """
        native_id, exchange = seat.place.native_id, seat.exchange
        seat.is_open = False
        if self._status(seat) not in {"open", "paused"}:
            return
        exchange.close(native_id, now_us)
        payout = Price(MICRO if is_true != seat.place.is_inverted else 0)

        def settle(at_us: Instant) -> None:
            exchange.settle(native_id, at_us)

        def dispute(at_us: Instant) -> None:
            exchange.dispute(native_id, at_us)
            self._agenda.after(at_us, DISPUTE_S, self._while(seat, ("disputed",), settle))

        def propose(at_us: Instant) -> None:
            exchange.propose(native_id, payout, at_us)
            if is_disputed:
                dispute_now = self._while(seat, ("proposed",), dispute)
                self._agenda.after(at_us, DISPUTED_AFTER_S, dispute_now)
            else:
                self._agenda.after(at_us, SETTLED_AFTER_S, self._while(seat, ("proposed",), settle))

        self._agenda.after(now_us, PROPOSED_AFTER_S, self._while(seat, ("closed",), propose))

    def _while(self, seat: Seat, statuses: Sequence[MarketStatus], act: Act) -> Act:
        """An act that happens only if nobody moved the market on by hand meanwhile."""

        def acting(now_us: Instant) -> None:
            if self._status(seat) in statuses:
                act(now_us)

        return acting

    def _status(self, seat: Seat) -> MarketStatus:
        return seat.exchange.market(seat.place.native_id).status
