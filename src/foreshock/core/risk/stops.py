"""How much of the account is gone, and what stops because of it? By day, week, month and peak.

    daily     no new package until the next day begins
    weekly    everything halts until a person resumes
    monthly   everything halts until a person's review is on record
    drawdown  the same: value <= highest value ever less its share; the floor only rises

What is compared is the value of the account. A stop that was reached stands though the value comes
back. A window does not begin anew while an order's fate is open: what that order did belongs to the
day in which it was sent.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.memory import RiskMemory, WindowMemory
from foreshock.core.domain.units import Instant, Money, Rounding, dollar_text, share
from foreshock.core.risk.calendar import WINDOWS, Window, window_index
from foreshock.core.risk.limits import Limits

StopCode: TypeAlias = Literal["DAILY_LOSS", "WEEKLY_LOSS", "MONTHLY_LOSS", "DRAWDOWN"]
CODES: dict[Window, StopCode] = {
    "day": "DAILY_LOSS",
    "week": "WEEKLY_LOSS",
    "month": "MONTHLY_LOSS",
}
NAMES: dict[Window, str] = {"day": "today", "week": "this week", "month": "this month"}


class Counted(msgspec.Struct):
    """One window under way. stopped: why, empty while it is not."""

    index: int
    opening: Money
    stopped: str = ""


class Stops:
    """Folds the value of the account; `turn` before a change of it, `watch` after."""

    def __init__(self, limits: Limits, value: Money) -> None:
        self.limits = limits
        self.high_water = value
        self._value = value
        self._windows: dict[Window, Counted] = {}
        self._drawdown = ""

    def turn(self, now_us: Instant, *, is_settled: bool) -> None:
        """Let windows that have passed begin anew. is_settled: the fate of every order is known."""
        for window in WINDOWS:
            index = window_index(window, now_us, self._zone(window))
            counted = self._windows.get(window)
            if counted is None:
                self._windows[window] = Counted(index, self._value)
            elif index > counted.index and is_settled:
                stopped = counted.stopped if window == "month" else ""
                self._windows[window] = Counted(index, self._value, stopped)

    def watch(self, value: Money) -> list[tuple[StopCode, str]]:
        """Take in the account's value; the stops that were reached by it, each told once."""
        self._value = value
        self.high_water = max(self.high_water, value)
        return list(self._reached())

    def lost(self, window: Window) -> Money:
        """Net loss since the window began, 0 when it stands in profit."""
        counted = self._windows.get(window)
        return Money(0 if counted is None else max(0, counted.opening - self._value))

    def loss_max(self, window: Window) -> Money | None:
        """The ceiling of a window, None where there is none."""
        ceilings: dict[Window, Money | None] = {
            "day": self.limits.daily_loss_max,
            "week": self.limits.weekly_loss_max,
            "month": self.limits.monthly_loss_max,
        }
        return ceilings[window]

    def floor(self) -> Money:
        """The value at which everything halts."""
        return Money(self.high_water - self.drawdown_max())

    def drawdown(self) -> Money:
        """How far the value lies below its highest."""
        return Money(self.high_water - self._value)

    def drawdown_max(self) -> Money:
        """How far it may."""
        return share(self.high_water, self.limits.drawdown_max_ppm, Rounding.DOWN)

    def words(self, code: StopCode) -> str | None:
        """Why a stop stands, None when it does not."""
        if code == "DRAWDOWN":
            return self._drawdown or None
        counted = next((c for window, c in self._windows.items() if CODES[window] == code), None)
        return (counted.stopped or None) if counted is not None else None

    def review_words(self) -> str | None:
        """Why a person's review is needed before anything may resume, None when it is not."""
        return self.words("DRAWDOWN") or self.words("MONTHLY_LOSS")

    def resume(self) -> None:
        """A person lets the desk go on: the week counts from here."""
        self._restart("week")

    def review(self) -> None:
        """A person has looked: week, month and the highest value begin anew with the value now."""
        self._restart("week")
        self._restart("month")
        if self._drawdown:
            self.high_water, self._drawdown = self._value, ""

    def deposit(self, amount: Money) -> None:
        """Capital came (or went, negative): no profit and no loss."""
        self._value = Money(self._value + amount)
        self.high_water = Money(self.high_water + amount)
        for counted in self._windows.values():
            counted.opening = Money(counted.opening + amount)

    def memory(self) -> RiskMemory:
        """What a restart must know."""
        windows = {
            name: WindowMemory(counted.index, counted.opening, counted.stopped)
            for name, counted in self._windows.items()
        }
        return RiskMemory(high_water=self.high_water, windows=windows, drawdown=self._drawdown)

    def recall(self, memory: RiskMemory, value: Money) -> None:
        """Carry on where another run ended, with this value of the account."""
        self.high_water, self._drawdown = memory.high_water, memory.drawdown
        self._value = value
        self._windows = {
            window: Counted(kept.index, kept.opening, kept.stopped)
            for window in WINDOWS
            if (kept := memory.windows.get(window)) is not None
        }

    def _reached(self) -> Iterator[tuple[StopCode, str]]:
        for window, counted in self._windows.items():
            lost, lost_max = self.lost(window), self.loss_max(window)
            if counted.stopped or lost_max is None or lost < lost_max:
                continue
            counted.stopped = f"{usd(lost)} lost {NAMES[window]}, the limit is {usd(lost_max)}"
            yield CODES[window], counted.stopped
        if not self._drawdown and self._value <= self.floor() and self.drawdown() > 0:
            self._drawdown = (
                f"the account is worth {usd(self._value)}, its floor is {usd(self.floor())}:"
                f" the most was {usd(self.high_water)}"
            )
            yield "DRAWDOWN", self._drawdown

    def _restart(self, window: Window) -> None:
        counted = self._windows.get(window)
        if counted is not None and counted.stopped:
            self._windows[window] = Counted(counted.index, self._value)

    def _zone(self, window: Window) -> str:
        zones: dict[Window, str] = {
            "day": self.limits.daily_zone,
            "week": self.limits.weekly_zone,
            "month": self.limits.monthly_zone,
        }
        return zones[window]


def usd(amount: int) -> str:
    """An amount as people read it."""
    return dollar_text(amount)
