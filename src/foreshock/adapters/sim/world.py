"""What happens at the simulated venues, and when? A seeded world that obeys the time it is told.

    families drift -> the leading venue's maker requotes, the other's later -> the crowd trades
    scheduled news: those who know trade first, then a jump
    mispricings: on a true pair, one venue quotes away from the other for a while
    now and then a pause, a fee override, a finer price step; markets close, are proposed, settle

Everything is an act with its own moment, so one seed gives one history whatever the steps in which
time is told.
"""

import math
import random
from collections import deque
from collections.abc import Sequence

import msgspec

from foreshock.adapters.sim.agenda import Act, Agenda
from foreshock.adapters.sim.beliefs import Beliefs
from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.coin_paths import CoinPaths
from foreshock.adapters.sim.exchange_types import BookSide, FeeFunction
from foreshock.adapters.sim.makers import take
from foreshock.adapters.sim.questions import DAY_S, Question, TruePair, VenueName
from foreshock.adapters.sim.seats import Floor, Seat
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.units import MICRO, SECOND, Instant

FAIR_MIN, FAIR_MAX = 0.004, 0.996
PAIRED_PULSE_S, OTHER_PULSE_S = 4.5, 34.0
"""Mean time between two looks of the makers at a question."""
STALE_PULSE_FACTOR = 15.0
CALM_PULSE_FACTOR = 4.0
"""How much rarer everything becomes once the world is told to calm down."""
DECIDING_PULSE_S = 1.5
PEAK_HOUR_UTC = 19
DIURNAL_SWING = 0.4
"""Share by which the busiest hour exceeds the mean, and the quietest falls short of it."""
TRADE_SHARE = 0.25
"""Chance that the crowd trades at a pulse."""
TRADE_MIN, TRADE_TAIL = 5.0, 1.3
"""Smallest trade in contracts, and how heavy the tail of larger ones is (Pareto)."""
POLYMARKET_LEADS_SHARE = 0.7
"""Of questions whose Polymarket price moves first."""
LAG_S = (0.3, 2.0)
"""The other venue follows so much later."""

CENTS = 100
SAFETY = 0.006
"""Added to what a package is thought to cost, in dollars: price steps and the risk of one leg."""
TEASE_CENTS = (-2.0, -0.5)
"""After costs: gaps that look like profit and are none."""
FIRST_MISPRICING_S, FIRST_TEASE_S = 3.0, 1.5
HOLD_S = (6.0, 20.0)
"""A gap between the venues lasts so long when nobody trades it away."""
MID_PRICED = (0.15, 0.85)
SOON_S, SOON_SHARE = 3_600, 0.08
"""Share of gaps kept for pairs that close within the hour, so that held pairs are seen to pay."""

NEWS_EVERY_S = 240.0
FIRST_NEWS_S = 60.0
NEWS_JUMP = (0.3, 0.8)
"""Size of a jump in log-odds."""
INFORMED_S = 45.0
"""How long before the headline those who know it trade."""
INFORMED_COUNT = 12
INFORMED_CONTRACTS = (40.0, 160.0)
NEWS_KEPT_MAX = 1_000

PAUSE_EVERY_S, PAUSE_S = 300.0, 15.0
FIRST_PAUSE_S = 90.0
FEE_OVERRIDE_AFTER_S, FEE_OVERRIDE_S = 45.0, 600.0
FEE_OVERRIDE_MARKET = "KXBTCD-26DEC0417-T98000"
FEE_OVERRIDE = SeriesFee("quadratic_with_maker_fees", MICRO)
DISPUTED_SHARE = 0.1


class WorldSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the world is. Mispricings in cents a contract after all costs; times in seconds.

    refused_every_s: mean time between gaps between the venues that costs eat up. pair_ids: the
    pairs that there are, None for all.
    """

    markets_max: int = 300
    mispricing_every_s: float = 4.0
    mispricing_net_cents: tuple[float, float] = (3.0, 6.0)
    refused_every_s: float = 5.0
    pair_ids: tuple[str, ...] | None = None


REALISTIC = WorldSettings(
    mispricing_every_s=1_200.0, mispricing_net_cents=(-0.5, 2.0), refused_every_s=90.0
)


class News(msgspec.Struct, frozen=True):
    """A headline that moves a family by `jump` log-odds at a scheduled moment."""

    at_us: Instant
    family: str
    jump: float
    title: str


class World:
    """Two venues with everything that happens there. `advance` is the only thing that moves it.

    news: headlines scheduled so far, oldest first, known here before the venues show them.
    coins: where its coins are; oracles show them, makers follow.
    """

    def __init__(
        self, seed: int, start_us: Instant, fee_of: FeeFunction, settings: WorldSettings
    ) -> None:
        self._agenda = Agenda()
        self._floor = Floor(fee_of, self._agenda)
        self.polymarket = self._floor.exchanges["polymarket"]
        self.kalshi = self._floor.exchanges["kalshi"]
        self.news: deque[News] = deque(maxlen=NEWS_KEPT_MAX)
        asked = catalogue(settings.markets_max, settings.pair_ids)
        self.pairs: tuple[TruePair, ...] = asked.pairs
        self._settings = settings
        self._start_us = start_us
        self._is_calm = False
        self._rng = random.Random(seed)
        self.coins = CoinPaths(seed, start_us)
        self._beliefs = Beliefs(random.Random(self._rng.getrandbits(64)), self.coins)
        self._beliefs.add(asked.questions, start_us)
        self._seats: dict[str, list[Seat]] = {}
        self._leaders: dict[str, VenueName] = {}
        self._paired = {pair.question for pair in asked.pairs}
        for question in asked.questions:
            self._agenda.after(start_us, question.opens_s, self._opening(question))
            self._agenda.after(start_us, question.closes_s, self._closing(question))
        self._schedule_crises()
        self.advance(start_us)

    def advance(self, now_us: Instant) -> None:
        """Let everything happen that is due by now."""
        self._agenda.run(now_us)
        for exchange in (self.polymarket, self.kalshi):
            exchange.advance(now_us)

    def next_us(self) -> Instant | None:
        """When the next thing happens by itself; None when nothing will."""
        return self._agenda.next_us()

    def calm(self) -> None:
        """From now on no gap between the venues opens, no market pauses, and makers look rarely."""
        self._is_calm = True

    def _schedule_crises(self) -> None:
        for first_s, act in (
            (FIRST_MISPRICING_S, self._misprice),
            (FIRST_TEASE_S, self._tease),
            (FIRST_NEWS_S, self._announce),
            (FIRST_PAUSE_S, self._pause),
            (FEE_OVERRIDE_AFTER_S, self._override_fee),
        ):
            self._agenda.after(self._start_us, first_s, act)

    # ---- the life of a market ------------------------------------------------------------

    def _opening(self, question: Question) -> Act:
        def act(now_us: Instant) -> None:
            is_polymarket = self._rng.random() < POLYMARKET_LEADS_SHARE
            self._leaders[question.key] = "polymarket" if is_polymarket else "kalshi"
            chance = self._beliefs.chance(question)
            seats = self._seats[question.key] = []
            for place in question.places:
                fair = _seen_from(chance, is_inverted=place.is_inverted)
                rng = random.Random(self._rng.getrandbits(64))
                seats.append(self._floor.open(question, place, fair, rng, self._start_us))
                seats[-1].quote(self._fair(seats[-1]), now_us)
            self._pulse_later(question, now_us)

        return act

    def _closing(self, question: Question) -> Act:
        def act(now_us: Instant) -> None:
            self._beliefs.drift(question.family, now_us)
            is_true = self._beliefs.outcome(question)
            for seat in self._seats[question.key]:
                is_disputed = self._rng.random() < DISPUTED_SHARE
                self._floor.end(seat, is_true=is_true, is_disputed=is_disputed, now_us=now_us)

        return act

    def _pause(self, now_us: Instant) -> None:
        """One side of a pair stops for a moment."""
        if self._is_calm:
            return
        pair = self._rng.choice(self.pairs)
        self._floor.pause(self._floor.seat(pair.kalshi), PAUSE_S, now_us)
        self._agenda.after(now_us, self._rng.expovariate(1 / PAUSE_EVERY_S), self._pause)

    def _override_fee(self, now_us: Instant) -> None:
        if any(pair.kalshi == FEE_OVERRIDE_MARKET for pair in self.pairs):
            seat = self._floor.seat(FEE_OVERRIDE_MARKET)
            self._floor.override_fee(seat, FEE_OVERRIDE, FEE_OVERRIDE_S, now_us)

    # ---- every day -----------------------------------------------------------------------

    def _pulse_later(self, question: Question, now_us: Instant) -> None:
        mean_s = PAIRED_PULSE_S if question.key in self._paired else OTHER_PULSE_S
        if question.liquidity == "stale":
            mean_s *= STALE_PULSE_FACTOR
        elif self._beliefs.is_deciding(question, now_us):
            mean_s = DECIDING_PULSE_S
        if self._is_calm:
            mean_s *= CALM_PULSE_FACTOR
        delay_s = self._rng.expovariate(activity(now_us) / mean_s)
        self._agenda.after(now_us, delay_s, lambda at_us: self._pulse(question, at_us))

    def _pulse(self, question: Question, now_us: Instant) -> None:
        """The makers look again, the following venue's a little later; somebody may trade."""
        seats = [seat for seat in self._seats[question.key] if seat.is_open]
        self._beliefs.drift(question.family, now_us)
        self._requote(question, now_us)
        if seats and self._rng.random() < TRADE_SHARE:
            seat = self._rng.choice(seats)
            side: BookSide = "bid" if self._rng.getrandbits(1) else "ask"
            contracts = self._rng.paretovariate(TRADE_TAIL) * TRADE_MIN
            sells = bool(self._rng.getrandbits(1))
            take(seat.exchange, seat.place.native_id, side, contracts, now_us, sells=sells)
        if now_us < self._closes_us(question):
            self._pulse_later(question, now_us)

    def _requote(self, question: Question, now_us: Instant) -> None:
        """Let every maker of a question look, each venue in its turn."""
        leader = self._leaders[question.key]
        for seat in self._seats[question.key]:
            is_leader = seat.place.venue == leader
            lag_s = 0.0 if is_leader else self._rng.uniform(*LAG_S)
            self._agenda.after(now_us, lag_s, self._requoting(seat))

    def _requoting(self, seat: Seat) -> Act:
        return lambda now_us: seat.quote(self._fair(seat), now_us)

    def _fair(self, seat: Seat) -> float:
        """What a seat's YES is worth to its maker."""
        chance = self._beliefs.chance(seat.question)
        fair = _seen_from(chance, is_inverted=seat.place.is_inverted) + seat.shift
        return min(FAIR_MAX, max(FAIR_MIN, fair))

    # ---- mispricings ---------------------------------------------------------------------

    def _misprice(self, now_us: Instant) -> None:
        """On one true pair a venue quotes away from the other, by more than all costs."""
        self._part_some_pair(self._settings.mispricing_net_cents, now_us)
        delay_s = self._rng.expovariate(1 / self._settings.mispricing_every_s)
        self._agenda.after(now_us, delay_s, self._misprice)

    def _tease(self, now_us: Instant) -> None:
        """The same by less than all costs."""
        self._part_some_pair(TEASE_CENTS, now_us)
        delay_s = self._rng.expovariate(1 / self._settings.refused_every_s)
        self._agenda.after(now_us, delay_s, self._tease)

    def _part_some_pair(self, net_cents: tuple[float, float], now_us: Instant) -> None:
        """Shift one side of a pair, of one that closes soon a little more often."""
        if self._is_calm:
            return
        ready = [seats for seats in map(self._seats_of, self.pairs) if self._may_part(seats)]
        soon_us = now_us + SOON_S * SECOND
        soon = [seats for seats in ready if self._closes_us(seats[0].question) < soon_us]
        if not ready:
            return
        seats = self._rng.choice(soon if soon and self._rng.random() < SOON_SHARE else ready)
        chance = self._beliefs.chance(seats[0].question)
        seat = self._rng.choice(seats)
        size = self._rng.uniform(*net_cents) / CENTS + _costs(seats, chance)
        seat.shift = size if self._rng.getrandbits(1) else -size
        self._requoting(seat)(now_us)
        self._agenda.after(now_us, self._rng.uniform(*HOLD_S), self._returning(seat))

    def _may_part(self, seats: Sequence[Seat]) -> bool:
        """Whether a pair trades at both venues, is no foregone conclusion and not parted yet."""
        is_ready = all(seat.is_open and not seat.shift for seat in seats)
        return (
            is_ready and MID_PRICED[0] <= self._beliefs.chance(seats[0].question) <= MID_PRICED[1]
        )

    def _seats_of(self, pair: TruePair) -> tuple[Seat, Seat]:
        return self._floor.seat(pair.polymarket), self._floor.seat(pair.kalshi)

    def _closes_us(self, question: Question) -> int:
        return self._start_us + question.closes_s * SECOND

    def _returning(self, seat: Seat) -> Act:
        def act(now_us: Instant) -> None:
            seat.shift = 0.0
            self._requoting(seat)(now_us)

        return act

    # ---- news ----------------------------------------------------------------------------

    def _announce(self, now_us: Instant) -> None:
        """Schedule a headline; some know it before, and the more so the nearer it is."""
        family = self._rng.choice(self._beliefs.families())
        jump = self._rng.choice((-1, 1)) * self._rng.uniform(*NEWS_JUMP)
        about = self._beliefs.members(family)[0]
        title = _headline(about.places[0].title, is_likelier=jump * self._beliefs.lean(about) > 0)
        news = News(Instant(now_us + int(INFORMED_S * SECOND)), family, jump, title)
        self.news.append(news)
        for _ in range(INFORMED_COUNT):
            delay_s = INFORMED_S * (1 - self._rng.random() ** 2)
            self._agenda.after(now_us, delay_s, lambda at_us: self._inform(news, at_us))
        self._agenda.after(now_us, INFORMED_S, lambda at_us: self._publish(news, at_us))
        self._agenda.after(now_us, self._rng.expovariate(1 / NEWS_EVERY_S), self._announce)

    def _inform(self, news: News, now_us: Instant) -> None:
        question = self._rng.choice(self._beliefs.members(news.family))
        seats = self._seats.get(question.key)
        if not seats:
            return
        seat = self._rng.choice(seats)
        is_rising = (news.jump * self._beliefs.lean(question) > 0) != seat.place.is_inverted
        side: BookSide = "bid" if is_rising else "ask"
        contracts = self._rng.uniform(*INFORMED_CONTRACTS)
        take(seat.exchange, seat.place.native_id, side, contracts, now_us)

    def _publish(self, news: News, now_us: Instant) -> None:
        self._beliefs.drift(news.family, now_us)
        self._beliefs.jump(news.family, news.jump)
        for question in self._beliefs.members(news.family):
            if question.key in self._seats:
                self._requote(question, now_us)


def activity(now_us: Instant) -> float:
    """More happens in the American afternoon than at night; 1 on average."""
    hour = now_us / SECOND / 3_600 % 24
    return 1 + DIURNAL_SWING * math.cos((hour - PEAK_HOUR_UTC) / 24 * 2 * math.pi)


def _headline(title: str, *, is_likelier: bool) -> str:
    """What the press writes: the question itself, and which way it went."""
    told = title.removeprefix("Will ").rstrip("?")
    return f"{'Likelier' if is_likelier else 'Less likely'} now: {told}"


def _seen_from(chance: float, *, is_inverted: bool) -> float:
    """Chance of a place's YES, given the question's."""
    return 1 - chance if is_inverted else chance


def _costs(seats: Sequence[Seat], chance: float) -> float:
    """About what a package on these seats costs beyond prices, in dollars a contract."""
    question = seats[0].question
    spread = math.fsum(seat.maker.half_spread for seat in seats) / CENTS
    fees = (0.07 + question.subject.fee_rate_ppm / MICRO) * chance * (1 - chance)
    lockup = 0.04 * (question.closes_s / DAY_S + 2) / 365
    return spread + fees + lockup + SAFETY
