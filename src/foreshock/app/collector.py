"""When may Python stop the desk to look for garbage? Rarely, and never through what stays for good.

Nearly everything alive after start-up (markets, books, pairs) lives as long as the run. Freezing it
takes it out of every later collection; with ten thousand markets in memory that is the difference
between pauses of a tenth of a second and of a millisecond.
"""

import gc

THRESHOLDS = (50_000, 20, 100)
"""New objects before a young collection, young ones before a middle one, middle ones before a full
one: short pauses now and then in place of long ones."""


def settle() -> None:
    """Collect once, keep what is left out of later collections, and make those rare.

    Call it when the desk has warmed up; again after many markets were added.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
