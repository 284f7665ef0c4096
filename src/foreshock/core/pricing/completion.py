"""How likely is it that every leg of a package completes once the first one has?

An estimate by table, not a measurement: what rests beyond the clip within the leg's limit says how
much may vanish before our order arrives; how late the book's last message came, and how long it has
been silent since, say how far to trust that. Legs after the first count, each on its own; a first
leg that does not fill costs nothing. Measured completion rates are to replace the figures.
"""

from foreshock.core.domain.units import MICRO, SECOND, Duration, Quantity, Rounding, divide

SURPLUS_STEPS = (
    (3_000_000, 999_000),
    (2_000_000, 997_000),
    (1_500_000, 994_000),
    (1_250_000, 991_000),
    (MICRO, 975_000),
)
"""Depth within the limit over the clip (ppm, at least) -> chance of completing (ppm)."""
LAG_STEPS = ((2 * SECOND, 20_000), (SECOND, 5_000), (SECOND // 4, 1_000))
"""Delay of the book's last message (more than) -> chance taken off (ppm)."""
SILENCE_MAX = Duration(600 * SECOND)
"""A book may be quiet: ten minutes without a change take nothing off."""
SILENCE_LOSS_PPM = 5_000


def leg_completion_ppm(clip: Quantity, depth: Quantity, lag: Duration, silence: Duration) -> int:
    """Chance in millionths that a later leg fills whole.

    depth: contracts within the leg's limit, the clip included. lag: receipt less event time of the
    last message; a clock that runs ahead counts as no delay. silence: time since that receipt.
    """
    surplus_ppm = divide(depth * MICRO, clip, Rounding.DOWN) if clip > 0 else 0
    chance = next((chance for least, chance in SURPLUS_STEPS if surplus_ppm >= least), 0)
    chance -= next((loss for more_than, loss in LAG_STEPS if lag > more_than), 0)
    if silence > SILENCE_MAX:
        chance -= SILENCE_LOSS_PPM
    return max(0, chance)
