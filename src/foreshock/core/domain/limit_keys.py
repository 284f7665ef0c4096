"""Which limits are there, in which units, and which way is looser?

A key names a field of the limits (`market_max`), of a part of them (`freshness.data_age_max`) or of
the gate (`gate.collar`). A limit that is None is not watched: nothing is looser.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.units import MICRO

LimitUnit: TypeAlias = Literal["dollars", "cents", "contracts", "percent", "milliseconds", "count"]
"""Dollars, cents and contracts count in millionths, percent in millionths of one, milliseconds in
microseconds."""
PER_VENUE = "gate.notional_per_minute_max."
VALUE_MAX = 10**15


class LimitKey(msgspec.Struct, frozen=True):
    """One limit. code: of the rule that enforces it. is_looser_above: the usual way round."""

    name: str
    unit: LimitUnit
    code: str
    words: str
    is_looser_above: bool = True
    may_be_unwatched: bool = False


KEYS: tuple[LimitKey, ...] = (
    LimitKey("market_max", "dollars", "MARKET_LIMIT", "committed in one market"),
    LimitKey("platform_max", "dollars", "PLATFORM_LIMIT", "committed at one venue"),
    LimitKey("portfolio_max", "dollars", "PORTFOLIO_LIMIT", "committed in all"),
    LimitKey("category_max", "dollars", "CATEGORY_LIMIT", "committed in one category"),
    LimitKey(
        "correlated_max", "dollars", "CORRELATED_LIMIT", "committed in markets that move together"
    ),
    LimitKey(
        "correlation_min_ppm", "percent", "CORRELATED_LIMIT", "from here on prices move together"
    ),
    LimitKey("packages_open_max", "count", "PACKAGES_OPEN_MAX", "packages open at once"),
    LimitKey("unknown_orders_max", "count", "UNKNOWN_ORDERS", "orders of unknown fate at a venue"),
    LimitKey("identical_rejects_max", "count", "HALTED", "identical rejects that halt a venue"),
    LimitKey("slippage_max", "cents", "SLIPPAGE", "limit of a leg above its best offer"),
    LimitKey("daily_loss_max", "dollars", "DAILY_LOSS", "lost in a day", may_be_unwatched=True),
    LimitKey("weekly_loss_max", "dollars", "WEEKLY_LOSS", "lost in a week", may_be_unwatched=True),
    LimitKey(
        "monthly_loss_max", "dollars", "MONTHLY_LOSS", "lost in a month", may_be_unwatched=True
    ),
    LimitKey("drawdown_max_ppm", "percent", "DRAWDOWN", "below the highest value ever"),
    LimitKey("freshness.message_age_max", "milliseconds", "STALE_PRICE", "age of messages, p95"),
    LimitKey("freshness.data_age_max", "milliseconds", "STALE_PRICE", "since a stream's last byte"),
    LimitKey("freshness.check_age_max", "milliseconds", "STALE_PRICE", "since a REST book agreed"),
    LimitKey("freshness.quiet_max", "milliseconds", "STALE_PRICE", "silence of one market"),
    LimitKey("freshness.lag_max", "milliseconds", "STALE_PRICE", "lateness of the loop"),
    LimitKey(
        "freshness.lag_pause",
        "milliseconds",
        "STALE_PRICE",
        "pause after a late loop",
        is_looser_above=False,
    ),
    LimitKey("health.silence_max", "milliseconds", "VENUE_HEALTH", "silence that halts a venue"),
    LimitKey("health.latency_max", "milliseconds", "VENUE_HEALTH", "lateness that reduces a venue"),
    LimitKey("health.gaps_per_minute_max", "count", "VENUE_HEALTH", "gaps in a minute"),
    LimitKey("health.errors_per_minute_max", "count", "VENUE_HEALTH", "errors in a minute"),
    LimitKey(
        "health.mends_after",
        "milliseconds",
        "VENUE_HEALTH",
        "all is well for so long",
        is_looser_above=False,
    ),
    LimitKey("unwind.adverse_max", "cents", "ADVERSE_MOVE", "a leg alone sells for less"),
    LimitKey("unwind.adverse_for", "milliseconds", "ADVERSE_MOVE", "for so long"),
    LimitKey(
        "unwind.depth_min_ppm",
        "percent",
        "LIQUIDITY_COLLAPSE",
        "of a leg alone must find orders",
        is_looser_above=False,
    ),
    LimitKey(
        "unwind.exit_net_min",
        "cents",
        "EDGE_DECAYED",
        "net a contract that completing leaves",
        is_looser_above=False,
    ),
    LimitKey("unwind.mismatch_max", "contracts", "LEG_MISMATCH", "legs that count as equal"),
    LimitKey("gate.decision_age_max", "milliseconds", "STALE_DECISION", "age of a decision"),
    LimitKey("gate.book_age_max", "milliseconds", "STALE_PRICE", "age of the book when sent"),
    LimitKey("gate.collar", "cents", "PRICE_COLLAR", "limit beyond the own mid"),
    LimitKey("gate.collar_ppm", "percent", "PRICE_COLLAR", "limit beyond the own mid, of it"),
    LimitKey("gate.collar_floor", "cents", "PRICE_COLLAR", "the least a collar allows"),
    LimitKey("gate.orders_per_minute_max", "count", "ORDER_RATE", "orders a minute at a venue"),
    LimitKey(PER_VENUE, "dollars", "NOTIONAL_RATE", "dollars a minute at a venue"),
)
"""In the order in which people read them. The last one stands for every venue: its name follows."""
_BY_NAME = {key.name: key for key in KEYS}
BELOW_NOTHING = frozenset({"unwind.exit_net_min"})


def key_of(name: str) -> LimitKey | None:
    """The key behind a name, None when there is no such limit."""
    return _BY_NAME.get(PER_VENUE if name.startswith(PER_VENUE) else name)


def is_looser(key: LimitKey, before: int | None, after: int | None) -> bool:
    """Whether a value allows more than the one before."""
    if before is None or after is None:
        return before is not None
    return after > before if key.is_looser_above else after < before


def nonsense(key: LimitKey, value: int | None) -> str | None:
    """Why a value can be no limit of this kind, None when it can."""
    if value is None:
        return None if key.may_be_unwatched else "this limit cannot be left unwatched"
    if value < 0 and key.name not in BELOW_NOTHING:
        return "a limit is not below nothing"
    if abs(value) > VALUE_MAX or (key.unit == "percent" and value > MICRO):
        return "a limit is not that large"
    return None


def flattened(limits: Mapping[str, object], gate: Mapping[str, object]) -> dict[str, int | None]:
    """Every limit by its name, from the plain values of both structures, in the order of `KEYS`."""
    found: dict[str, int | None] = {}
    for key in KEYS:
        if key.name == PER_VENUE:
            by_venue = gate.get("notional_per_minute_max")
            if isinstance(by_venue, Mapping):
                found |= {f"{PER_VENUE}{venue}": amount for venue, amount in by_venue.items()}  # pyright: ignore[reportUnknownVariableType]  # plain values: checked when used
            continue
        part, _, field = key.name.rpartition(".")
        holder = {"": limits, "gate": gate}.get(part, limits.get(part))
        if isinstance(holder, Mapping) and field in holder:
            value = holder[field]  # pyright: ignore[reportUnknownVariableType]  # plain values, checked right here
            found[key.name] = value if isinstance(value, int) else None
    return found
