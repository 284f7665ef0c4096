"""What is the middle of a dozen numbers, and how far do they usually lie from it, in every column?

Medians by a sorting network (Batcher's odd-even merge sort): the same few minima and maxima of
whole rows for all columns, where sorting column by column would cost many times more.
"""

from collections.abc import Iterator

import numpy as np

from foreshock.core.signals.volume_buckets import Counts, Singles

MAD_TO_SIGMA = 1.4826
"""Of a normal distribution: its standard deviation over its median absolute deviation."""


def median_and_mad(rows: Singles, valid_count: Counts) -> tuple[Singles, Singles]:
    """Median and median absolute deviation down the rows, NaN in a column without any.

    rows: days x columns, +inf where a day does not count; it is overwritten.
    """
    keep = rows.copy()
    _sort_rows(rows)
    middle = _middle(rows, valid_count)
    with np.errstate(invalid="ignore"):
        np.abs(np.subtract(keep, middle, out=keep), out=keep)
    keep[~np.isfinite(keep)] = np.inf
    _sort_rows(keep)
    return middle, _middle(keep, valid_count)


def comparators(count: int) -> Iterator[tuple[int, int]]:
    """Pairs of places to put in order, one after another, so that any `count` values get sorted."""
    width = 1
    while width < count:
        step = width
        while step >= 1:
            yield from _merge_layer(count, width, step)
            step //= 2
        width *= 2


def _merge_layer(count: int, width: int, step: int) -> Iterator[tuple[int, int]]:
    for start in range(step % width, count - step, 2 * step):
        for place in range(start, min(start + step, count - step)):
            if place // (2 * width) == (place + step) // (2 * width):
                yield place, place + step


def _sort_rows(rows: Singles) -> None:
    lower = np.empty_like(rows[0])
    for upper_row, lower_row in comparators(len(rows)):
        a, b = rows[upper_row], rows[lower_row]
        np.minimum(a, b, out=lower)
        np.maximum(a, b, out=b)
        a[...] = lower


def _middle(rows: Singles, valid_count: Counts) -> Singles:
    below = np.maximum(valid_count - 1, 0) // 2
    above = np.minimum(valid_count // 2, len(rows) - 1)
    columns = np.arange(len(valid_count))
    with np.errstate(invalid="ignore"):
        found = (rows[below, columns] + rows[above, columns]) * np.float32(0.5)
    found[valid_count == 0] = np.nan
    return found
