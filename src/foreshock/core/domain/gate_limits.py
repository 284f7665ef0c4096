"""How much, how fast and how far from the own price may orders leave?"""

import msgspec

from foreshock.core.domain.units import Duration, Money, Price, Rounding, share

BY_VENUE = "notional_per_minute_max."


class GateLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What may pass the gate.

    collar, collar_ppm: distance of a limit from the mid, in dollars and in millionths of the mid;
    the tighter counts, but not below collar_floor. notional_per_minute_max: by venue.
    """

    decision_age_max: Duration
    book_age_max: Duration
    collar: Price
    collar_ppm: int
    collar_floor: Price
    orders_per_minute_max: int
    notional_per_minute_max: dict[str, Money]


def collar_at(limits: GateLimits, mid: int) -> int:
    """How far from this mid a limit may lie, in millionths of a dollar."""
    relative = share(Money(mid), limits.collar_ppm, Rounding.DOWN)
    return max(limits.collar_floor, min(limits.collar, relative))


def with_gate_limit(limits: GateLimits, key: str, value: int | None) -> GateLimits:
    """The limits with one value replaced; a key that is none of theirs changes nothing.

    A venue's dollars a minute have the key `notional_per_minute_max.VENUE`.
    """
    if value is None:
        return limits
    if key.startswith(BY_VENUE):
        venue = key.removeprefix(BY_VENUE)
        by_venue = {**limits.notional_per_minute_max, venue: Money(value)}
        return msgspec.structs.replace(limits, notional_per_minute_max=by_venue)
    if key in limits.__struct_fields__:
        return msgspec.structs.replace(limits, **{key: value})
    return limits
