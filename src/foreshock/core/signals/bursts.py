"""Are there more prints than chance explains, and do a few large ones come together?

Poisson surprise = -log10 P(at least n prints | n_expected), where the expected number is allowed to
be as unsteady as markets are: the surprise of a cluster counts only beyond the day's own unrest.
"""

import math

import numpy as np

from foreshock.core.signals.volume_buckets import Doubles

UNREST = 0.35
"""Standard deviation of the true rate around the expected one, as a share of it."""
WHALE_MULTIPLE = 20.0
"""A print so many times the typical one is a whale's."""
WHALES_MIN = 3
CLUSTER_SURPRISE = 4.0
"""A whale cluster is named when chance alone makes one in ten thousand times."""
TERMS_MAX = 10_000


def burst_sigma(prints: Doubles, expected: Doubles) -> Doubles:
    """By how many standard deviations prints exceed the expected number; all arrays alike."""
    safe = np.maximum(expected, 0.25)
    return (prints - safe) / np.sqrt(safe + (UNREST * safe) ** 2)


def poisson_surprise(count: int, expected: float) -> float:
    """-log10 of the chance of at least `count` events where `expected` are usual; 0 for count 0."""
    if count <= expected or count == 0:
        return 0.0
    safe = max(expected, 1e-9)
    log_term = count * math.log(safe) - safe - math.lgamma(count + 1)
    share, total = 1.0, 1.0
    for further in range(1, TERMS_MAX):
        share *= safe / (count + further)
        total += share
        if share < 1e-12 * total:
            break
    return max(0.0, -(log_term + math.log(total)) / math.log(10.0))


def whale_cluster(sizes: list[float], typical: float, usual_per_window: float) -> float | None:
    """Surprise of the large prints of a window, None when they are no cluster.

    sizes: dollars of every print. usual_per_window: how many whale prints such a window has.
    """
    whales = sum(size >= WHALE_MULTIPLE * typical for size in sizes)
    if whales < WHALES_MIN:
        return None
    surprise = poisson_surprise(whales, usual_per_window)
    return surprise if surprise >= CLUSTER_SURPRISE else None
