"""What happens at the simulated venues, and when? A seeded world that obeys the time it is told.

    families drift -> makers requote (one venue sooner than the other) -> the crowd trades
    scheduled news: informed traders first, then a jump
    mispricings: on a pair, one venue quotes away from the other for a while
    markets close, are proposed, settle

Everything is an event with its own moment, so the same seed gives the same history whatever the
steps in which time is told.
"""

import heapq
import math
import random
from collections.abc import Callable

import msgspec

from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    BookSide,
    FeeFunction,
)
from foreshock.adapters.sim.listings import listing_of
from foreshock.adapters.sim.makers import CROWD, MAKER, MarketMaker, take
from foreshock.adapters.sim.questions import DAY_S, Question, TruePair
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Price

CASH = Money(1_000_000_000 * MICRO)
FAIR_MIN, FAIR_MAX = 0.03, 0.97
DRIFT_PER_ROOT_HOUR = 0.10
"""Standard deviation of a family's log-odds over an hour."""
PAIRED_PULSE_S, OTHER_PULSE_S = 2.5, 20.0
"""Mean time between two looks of the makers at a question."""
TRADE_SHARE = 0.25
"""Chance that the crowd trades at a pulse."""
LAG_S = (0.3, 2.0)
HOLD_S = (6.0, 20.0)
NEWS_EVERY_S = 240.0
NEWS_JUMP = 0.5
INFORMED_S = 45.0
CLOSE_TO_PROPOSED_S, PROPOSED_TO_SETTLED_S = 20.0, 30.0
STALE_PULSE_FACTOR = 15.0
MID_PRICED = (0.15, 0.85)

Act = Callable[[Instant], None]


class WorldSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the world is. Mispricings in cents a contract after all costs; times in seconds.

    refused_every_s: mean time between gaps between the venues that costs eat up.
    """

    markets_max: int = 300
    mispricing_every_s: float = 4.0
    mispricing_net_cents: tuple[float, float] = (3.0, 6.0)
    refused_every_s: float = 5.0


REALISTIC = WorldSettings(
    mispricing_every_s=1_200.0, mispricing_net_cents=(-0.5, 2.0), refused_every_s=90.0
)


class News(msgspec.Struct, frozen=True):
    """A headline that moves a family by `jump` log-odds at a scheduled moment."""

    at_us: Instant
    family: str
    jump: float


class Seat(msgspec.Struct):
    """One market: its question, its venue's exchange and its maker.

    shift: how far the maker quotes from the fair price of its question, in probability.
    """

    question: Question
    venue: str
    native_id: str
    is_inverted: bool
    exchange: Exchange
    maker: MarketMaker
    shift: float = 0.0
    is_open: bool = True


class World:
    """Two venues with everything that happens there. `advance` is the only thing that moves it."""

    def __init__(
        self, seed: int, start_us: Instant, fee_of: FeeFunction, settings: WorldSettings
    ) -> None:
        self.polymarket = Exchange(POLYMARKET_POLICY, fee_of)
        self.kalshi = Exchange(KALSHI_POLICY, fee_of)
        self.news: list[News] = []
        asked = catalogue(settings.markets_max)
        self.pairs: tuple[TruePair, ...] = asked.pairs
        self._settings = settings
        self._rng = random.Random(seed)
        self._start_us = start_us
        self._agenda: list[tuple[Instant, int, Act]] = []
        self._acts_count = 0
        self._levels: dict[str, float] = {}
        self._moved_us: dict[str, Instant] = {}
        self._members: dict[str, list[Question]] = {}
        self._seats: dict[str, list[Seat]] = {}
        self._paired = {pair.question for pair in asked.pairs}
        self._settle_in(asked.questions)

    def advance(self, now_us: Instant) -> None:
        """Let everything happen that is due by now."""
        while self._agenda and self._agenda[0][0] <= now_us:
            at_us, _, act = heapq.heappop(self._agenda)
            act(at_us)
        for exchange in (self.polymarket, self.kalshi):
            exchange.advance(now_us)

    # ---- the beginning -------------------------------------------------------------------

    def _settle_in(self, questions: tuple[Question, ...]) -> None:
        for exchange in (self.polymarket, self.kalshi):
            for account in (MAKER, CROWD):
                exchange.open_account(account, CASH, is_reported=False)
        events: dict[tuple[str, str], int] = {}
        for question in questions:
            self._members.setdefault(question.family, []).append(question)
            self._levels.setdefault(question.family, 0.0)
            self._moved_us.setdefault(question.family, self._start_us)
            self._seats[question.key] = [
                self._seat(question, number, events) for number in range(len(question.places))
            ]
        for question in questions:
            for seat in self._seats[question.key]:
                seat.maker.quote(self._fair(seat), self._start_us)
            self._pulse_later(question, self._start_us)
            self._after(self._start_us, question.closes_s, self._closing(question))
        self._schedule_crises()

    def _seat(self, question: Question, number: int, events: dict[tuple[str, str], int]) -> Seat:
        place = question.places[number]
        exchange = self.polymarket if place.venue == "polymarket" else self.kalshi
        event = events.setdefault((place.venue, place.event_id), len(events) + 1)
        numbers = (len(exchange.native_ids()) + 1, event)
        listing = listing_of(question, place, numbers, self._start_us)
        exchange.list_market(listing, self._start_us)
        exchange.open_market(place.native_id, self._start_us)
        rng = random.Random(self._rng.getrandbits(64))
        maker = MarketMaker(exchange, place.native_id, question.liquidity, rng)
        return Seat(question, place.venue, place.native_id, place.is_inverted, exchange, maker)

    def _schedule_crises(self) -> None:
        start_us = self._start_us
        self._after(start_us, 3.0, self._misprice)
        self._after(start_us, 1.5, self._tease)
        self._after(start_us, NEWS_EVERY_S / 4, self._announce)

    # ---- values --------------------------------------------------------------------------

    def _drift(self, family: str, now_us: Instant) -> None:
        """Move a family by the time since it last moved."""
        hours = (now_us - self._moved_us[family]) / SECOND / 3_600
        self._moved_us[family] = now_us
        self._levels[family] += self._rng.gauss(0, DRIFT_PER_ROOT_HOUR) * math.sqrt(hours)

    def _fair(self, seat: Seat) -> float:
        """What a seat's YES is worth to its maker."""
        chance = self._chance(seat.question)
        if seat.is_inverted:
            chance = 1 - chance
        return min(FAIR_MAX, max(FAIR_MIN, chance + seat.shift))

    def _chance(self, question: Question) -> float:
        level = self._levels[question.family]
        if question.shape != "exclusive":
            return 1 / (1 + math.exp(-(question.offset + level)))
        members = self._members[question.family]
        weights = [
            math.exp(m.offset + (level if number % 2 else -level))
            for number, m in enumerate(members)
        ]
        return weights[members.index(question)] / sum(weights)

    # ---- every day -----------------------------------------------------------------------

    def _pulse_later(self, question: Question, now_us: Instant) -> None:
        mean_s = PAIRED_PULSE_S if question.key in self._paired else OTHER_PULSE_S
        if question.liquidity == "stale":
            mean_s *= STALE_PULSE_FACTOR
        delay_s = self._rng.expovariate(1 / (mean_s / self._activity(now_us)))
        self._after(now_us, delay_s, lambda at_us: self._pulse(question, at_us))

    def _activity(self, now_us: Instant) -> float:
        """More happens in the American afternoon than at night."""
        hour = (now_us / SECOND / 3_600) % 24
        return 1.0 + 0.4 * math.cos((hour - 19) / 24 * 2 * math.pi)

    def _pulse(self, question: Question, now_us: Instant) -> None:
        """The makers look again, the second venue's a little later; somebody may trade."""
        seats = [seat for seat in self._seats[question.key] if seat.is_open]
        if not seats:
            return
        self._drift(question.family, now_us)
        first = self._rng.randrange(len(seats))
        for number, seat in enumerate(seats):
            lag_s = 0.0 if number == first else self._rng.uniform(*LAG_S)
            self._after(now_us, lag_s, self._requoting(seat))
        if self._rng.random() < TRADE_SHARE:
            seat = self._rng.choice(seats)
            side: BookSide = "bid" if self._rng.getrandbits(1) else "ask"
            take(seat.exchange, seat.native_id, side, self._rng.paretovariate(1.3) * 5, now_us)
        self._pulse_later(question, now_us)

    def _requoting(self, seat: Seat) -> Act:
        def act(now_us: Instant) -> None:
            if seat.is_open:
                seat.maker.quote(self._fair(seat), now_us)
                seat.maker.breathe(now_us)

        return act

    # ---- mispricings ---------------------------------------------------------------------

    def _misprice(self, now_us: Instant) -> None:
        """On one true pair a venue quotes away from the other, by more than all costs."""
        low, high = self._settings.mispricing_net_cents
        self._shift_some_pair(self._rng.uniform(low, high) / 100, now_us)
        delay_s = self._rng.expovariate(1 / self._settings.mispricing_every_s)
        self._after(now_us, delay_s, self._misprice)

    def _tease(self, now_us: Instant) -> None:
        """The same by less than the costs: an edge that is none."""
        self._shift_some_pair(-self._rng.uniform(0.005, 0.02), now_us)
        delay_s = self._rng.expovariate(1 / self._settings.refused_every_s)
        self._after(now_us, delay_s, self._tease)

    def _shift_some_pair(self, net: float, now_us: Instant) -> None:
        pair = self._rng.choice(self.pairs)
        seats = [
            seat
            for seat in self._seats[pair.question]
            if seat.native_id in (pair.polymarket, pair.kalshi) and seat.is_open
        ]
        chance = self._chance(seats[0].question) if seats else 0.0
        if len(seats) < 2 or any(s.shift for s in seats):  # noqa: PLR2004 - both sides of a pair
            return
        if not MID_PRICED[0] <= chance <= MID_PRICED[1]:
            return
        seat = self._rng.choice(seats)
        size = net + _costs(seats, chance)
        seat.shift = size if self._rng.getrandbits(1) else -size
        self._requoting(seat)(now_us)
        self._after(now_us, self._rng.uniform(*HOLD_S), self._returning(seat))

    def _returning(self, seat: Seat) -> Act:
        def act(now_us: Instant) -> None:
            seat.shift = 0.0
            self._requoting(seat)(now_us)

        return act

    # ---- news ----------------------------------------------------------------------------

    def _announce(self, now_us: Instant) -> None:
        """Schedule a headline; some know it before."""
        family = self._rng.choice(sorted(self._members))
        jump = self._rng.choice((-1, 1)) * NEWS_JUMP * (0.6 + self._rng.random())
        news = News(Instant(now_us + int(INFORMED_S * SECOND)), family, jump)
        self.news.append(news)
        for _ in range(12):
            delay_s = INFORMED_S * (1 - self._rng.random() ** 2)
            self._after(now_us, delay_s, lambda at_us: self._inform(news, at_us))
        self._after(now_us, INFORMED_S, lambda at_us: self._publish(news, at_us))
        self._after(now_us, self._rng.expovariate(1 / NEWS_EVERY_S), self._announce)

    def _inform(self, news: News, now_us: Instant) -> None:
        question = self._rng.choice(self._members[news.family])
        seat = self._rng.choice(self._seats[question.key])
        side: BookSide = "bid" if (news.jump > 0) != seat.is_inverted else "ask"
        take(seat.exchange, seat.native_id, side, self._rng.uniform(40, 160), now_us)

    def _publish(self, news: News, now_us: Instant) -> None:
        self._drift(news.family, now_us)
        self._levels[news.family] += news.jump
        for question in self._members[news.family]:
            for seat in self._seats[question.key]:
                self._after(now_us, self._rng.uniform(0, LAG_S[1]), self._requoting(seat))

    # ---- the end of a market -------------------------------------------------------------

    def _closing(self, question: Question) -> Act:
        def close(now_us: Instant) -> None:
            payout = MICRO if self._rng.random() < self._chance(question) else 0
            for seat in self._seats[question.key]:
                seat.is_open = False
                seat.exchange.close(seat.native_id, now_us)
                yes = Price(MICRO - payout if seat.is_inverted else payout)
                self._after(now_us, CLOSE_TO_PROPOSED_S, self._proposing(seat, yes))

        return close

    def _proposing(self, seat: Seat, payout_yes: Price) -> Act:
        def propose(now_us: Instant) -> None:
            seat.exchange.propose(seat.native_id, payout_yes, now_us)
            self._after(
                now_us,
                PROPOSED_TO_SETTLED_S,
                lambda at_us: seat.exchange.settle(seat.native_id, at_us),
            )

        return propose

    def _after(self, now_us: Instant, delay_s: float, act: Act) -> None:
        self._acts_count += 1
        at_us = Instant(now_us + int(delay_s * SECOND))
        heapq.heappush(self._agenda, (at_us, self._acts_count, act))


def _costs(seats: list[Seat], chance: float) -> float:
    """About what a package on these seats costs beyond prices, in dollars a contract."""
    spread = sum(seat.maker.half_spread for seat in seats) / 100
    fees = (0.07 + seats[0].question.subject.fee_rate_ppm / MICRO) * chance * (1 - chance)
    lockup = 0.04 * (seats[0].question.closes_s / DAY_S + 2) / 365
    return spread + fees + lockup + 0.006
