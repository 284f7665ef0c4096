"""How likely is each question now, and how does it turn out?

Questions of a family share one level, in log-odds, that wanders. Each family's luck is drawn once:
a threshold is exceeded when luck is below its chance, so a ladder never contradicts itself, and of
an exclusive set exactly one happens.

What is decided in the open (a game, a window) becomes clear before it closes. News that arrives at
a rate of v, in squared log-odds, moves the log-odds by v/2 toward the truth and by sqrt(v) at
random: the chance stays an honest forecast all the while. What a coin's price decides is forecast
from where the coin is, by the volatility that the world gave it.
"""

import math
import random
from collections.abc import Iterable

import msgspec

from foreshock.adapters.sim.coin_paths import COINS, CoinPaths
from foreshock.adapters.sim.questions import CoinTerms, Question
from foreshock.core.domain.units import MICRO, SECOND, Instant
from foreshock.core.signals.fair_value import above_probability, normal

DRIFT_PER_ROOT_HOUR = 0.10
"""Standard deviation of a family's log-odds over an hour."""
CLIMAX_S = 240.0
"""What is decided in the open becomes clear in this time before it closes."""
CLIMAX_INFORMATION = 18.0
"""Squared log-odds learnt in the climax."""
HOUR = 3_600 * SECOND


class _Family(msgspec.Struct):
    """luck: uniform in 0..1. is_true: how a family decided in the open turns out.

    decided_us: when that will be clear to everybody; None for what is decided behind doors.
    """

    members: list[Question]
    luck: float
    is_true: bool
    level: float
    moved_us: Instant
    decided_us: Instant | None


class Beliefs:
    """What a well-informed crowd thinks of every question."""

    def __init__(self, rng: random.Random, coins: CoinPaths) -> None:
        self._rng = rng
        self._coins = coins
        self._start_us = Instant(0)
        self._families: dict[str, _Family] = {}

    def add(self, questions: Iterable[Question], start_us: Instant) -> None:
        """Make the families of these questions and draw how they will turn out."""
        self._start_us = start_us
        for question in questions:
            family = self._families.get(question.family)
            closes_us = Instant(start_us + question.closes_s * SECOND)
            if family is not None:
                family.members.append(question)
                family.decided_us = closes_us if family.decided_us == closes_us else None
                continue
            luck = self._rng.random()
            self._families[question.family] = _Family(
                members=[question],
                luck=luck,
                is_true=luck < _logistic(question.offset),
                level=0.0,
                moved_us=start_us,
                decided_us=closes_us if question.shape == "single" else None,
            )

    def families(self) -> list[str]:
        """Those that news can move, in the order in which their first questions were added."""
        found = self._families.items()
        return [name for name, family in found if family.members[0].coin is None]

    def members(self, family: str) -> list[Question]:
        """The questions of a family."""
        return self._families[family].members

    def drift(self, name: str, now_us: Instant) -> None:
        """Move a family by the time since it last moved."""
        family = self._families[name]
        if now_us <= family.moved_us:
            return
        hours = (now_us - family.moved_us) / HOUR
        family.level += self._rng.gauss(0, DRIFT_PER_ROOT_HOUR) * math.sqrt(hours)
        if family.decided_us is not None:
            learnt = _information(family.moved_us, now_us, family.decided_us)
            toward = learnt / 2 if family.is_true else -learnt / 2
            family.level += toward + self._rng.gauss(0, 1) * math.sqrt(learnt)
        family.moved_us = now_us

    def jump(self, name: str, size: float) -> None:
        """Move a family at once, by news."""
        self._families[name].level += size

    def chance(self, question: Question) -> float:
        """Probability of YES, strictly within 0..1 save for rounding."""
        family = self._families[question.family]
        if question.coin is not None:
            return self._coin_chance(question, question.coin, family.moved_us)
        if question.shape != "exclusive":
            return _logistic(question.offset + family.level)
        weights = self._weights(family)
        return weights[family.members.index(question)] / math.fsum(weights)

    def is_deciding(self, question: Question, now_us: Instant) -> bool:
        """Whether it is becoming clear how the question turns out."""
        decided_us = self._families[question.family].decided_us
        return decided_us is not None and now_us >= decided_us - CLIMAX_S * SECOND

    def lean(self, question: Question) -> int:
        """1 when a rising level makes YES likelier, -1 when it does the reverse."""
        if question.shape != "exclusive":
            return 1
        return 1 if self._families[question.family].members.index(question) % 2 else -1

    def outcome(self, question: Question) -> bool:
        """How the question turns out, judged at its close."""
        family = self._families[question.family]
        if question.coin is not None:
            return self.chance(question) == 1.0
        if family.decided_us is not None:
            return family.is_true
        if question.shape != "exclusive":
            return family.luck < self.chance(question)
        weights = self._weights(family)
        mark, total = family.luck * math.fsum(weights), 0.0
        for member, weight in zip(family.members, weights, strict=True):
            total += weight
            if mark < total:
                return member is question
        return question is family.members[-1]

    def _coin_chance(self, question: Question, terms: CoinTerms, now_us: Instant) -> float:
        """Of ending at or above the strike; certain once the time is over."""
        ends_us = self._start_us + question.closes_s * SECOND
        starts_us = Instant(self._start_us + terms.starts_s * SECOND)
        at_us = Instant(min(now_us, ends_us))
        if terms.strike is None and at_us < starts_us:
            return 0.5
        spot = self._coins.price(terms.coin, at_us)
        strike = (
            self._coins.price(terms.coin, starts_us)
            if terms.strike is None
            else terms.strike * MICRO
        )
        volatility = COINS[terms.coin].per_root_second
        left_s = (ends_us - at_us) / SECOND
        return above_probability(spot, strike, volatility, left_s, normal)

    def _weights(self, family: _Family) -> list[float]:
        return [
            math.exp(member.offset + (family.level if number % 2 else -family.level))
            for number, member in enumerate(family.members)
        ]


def _information(from_us: Instant, to_us: Instant, decided_us: Instant) -> float:
    """What is learnt in a time, in squared log-odds, of what is decided at `decided_us`."""
    begins_us = decided_us - int(CLIMAX_S * SECOND)
    seen_us = min(to_us, decided_us) - max(from_us, begins_us)
    return max(0, seen_us) / (CLIMAX_S * SECOND) * CLIMAX_INFORMATION


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
