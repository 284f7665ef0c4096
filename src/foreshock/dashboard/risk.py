"""How much of each limit is used, what was vetoed, and what must a person look at?"""

from collections import deque

import msgspec

from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    IncidentResolved,
    LimitsMeasured,
    LimitUse,
    TradeRefused,
)
from foreshock.core.domain.units import Instant
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.orders import Orders
from foreshock.dashboard.packages import Packages
from foreshock.dashboard.views import IncidentView, LimitView, RefusalView, RefusedRequestView

REFUSALS_MAX = 200
INCIDENTS_MAX = 500
LIMIT_WORDS = {
    "PORTFOLIO_LIMIT": "committed in all",
    "PACKAGES_OPEN_MAX": "packages open at once",
    "DAILY_LOSS": "lost today",
    "WEEKLY_LOSS": "lost this week",
    "MONTHLY_LOSS": "lost this month",
    "PLATFORM_LIMIT": "committed at this venue",
    "CASH_SHORT": "cash set aside at this venue",
    "MARKET_LIMIT": "committed in this market",
    "CATEGORY_LIMIT": "committed in this category",
    "DRAWDOWN": "below the highest value ever",
    "UNKNOWN_ORDERS": "orders of unknown fate at this venue",
}


class Told(msgspec.Struct, frozen=True):
    """An incident and when it was opened."""

    incident: IncidentOpened
    at_us: Instant


class Risk:
    """The newest measurement of the limits, the last vetoes and the incidents."""

    def __init__(self, orders: Orders, packages: Packages) -> None:
        self._orders = orders
        self._packages = packages
        self._measured: LimitsMeasured | None = None
        self._refused: deque[tuple[TradeRefused, Instant]] = deque(maxlen=REFUSALS_MAX)
        self._incidents: dict[str, Told] = {}

    def measure(self, message: LimitsMeasured) -> None:
        """The use of every limit, replacing the one before."""
        self._measured = message

    def refuse(self, message: TradeRefused, now_us: Instant) -> None:
        """A request was vetoed."""
        self._refused.appendleft((message, now_us))

    def open_incident(self, message: IncidentOpened, now_us: Instant) -> None:
        """Something a person must look at; one id is told once."""
        self._incidents.setdefault(message.id, Told(message, now_us))
        evict(self._incidents, INCIDENTS_MAX)

    def resolve(self, message: IncidentResolved) -> None:
        """Nobody needs to look any more; the audit keeps both words."""
        self._incidents.pop(message.id, None)

    def incidents_open_count(self) -> int:
        """Incidents that did not dissolve: the order's fate is open, or the package is."""
        return sum(self._is_open(told.incident.about) for told in self._incidents.values())

    def profile(self) -> str:
        """Name of the limits in force; empty before the first measurement."""
        return "" if self._measured is None else self._measured.profile

    def limits(self) -> list[LimitView]:
        """Every limit as last measured."""
        return [] if self._measured is None else [_limit(use) for use in self._measured.uses]

    def refusals(self) -> list[RefusedRequestView]:
        """The last vetoes, newest first."""
        return [_refused(message, at_us) for message, at_us in self._refused]

    def incidents(self) -> list[IncidentView]:
        """All of them, newest first."""
        return [
            IncidentView(told.incident.id, told.at_us, told.incident.about, told.incident.words)
            for told in reversed(self._incidents.values())
        ]

    def _is_open(self, about: str) -> bool:
        order = self._orders.order(about)
        if order is not None:
            return not order.is_over
        return not self._packages.ended_well(about)


def _limit(use: LimitUse) -> LimitView:
    words = LIMIT_WORDS.get(use.code, use.code.replace("_", " ").lower())
    unit = "micro-dollars" if use.unit == "money" else "count"
    return LimitView(use.code, use.scope, words, unit, use.used, use.limit)


def _refused(message: TradeRefused, at_us: Instant) -> RefusedRequestView:
    request, refusal = message.request, message.refusal
    return RefusedRequestView(
        at_us=at_us,
        request_id=request.id,
        pair_id=request.edge.pair_id,
        label=request.edge.label,
        refusal=RefusalView(refusal.code, refusal.words),
    )
