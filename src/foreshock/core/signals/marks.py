"""What is a market's mid, from its book alone?"""

from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import Price

SPREAD_MAX = 200_000
"""A wider book has no middle worth the name: millionths of a dollar."""


def mid_of(book: BookChanged) -> Price | None:
    """The middle of the best bid and ask, None where there is none to rely on."""
    if not book.bids or not book.asks or book.quality == "crossed":
        return None
    bid, ask = book.bids[0][0], book.asks[0][0]
    return Price((bid + ask) // 2) if ask - bid <= SPREAD_MAX else None
