"""Does another source tell the same of a book? Verdicts on REST books, touches and mirrors. Pure.

Two readings are comparable when they carry the same time stamp. At other times only a touch that
is far off means something, and only if it stays so.
"""

from typing import Literal, NamedTuple, TypeAlias

from foreshock.core.domain.books import Book, Levels
from foreshock.core.domain.units import PAYOUT, Instant, Price, parse_price

TOUCH_TOLERANCE = Price(20_000)
GHOST_BID, GHOST_ASK = Price(10_000), Price(990_000)

Verdict: TypeAlias = Literal["agrees", "differs", "inconclusive"]


class Reading(NamedTuple):
    """A book of REST, seen from YES, best first."""

    bids: Levels
    asks: Levels
    event_us: Instant


class Comparison(NamedTuple):
    """detail: one line for a person."""

    verdict: Verdict
    detail: str


def compare(book: Book, event_us: Instant, reading: Reading) -> Comparison:
    """A folded book whose last change is of `event_us` against one read by REST."""
    if book.bids.levels() == reading.bids and book.asks.levels() == reading.asks:
        return Comparison("agrees", f"{len(reading.bids)} + {len(reading.asks)} levels")
    ours, theirs = touch(book), _touch_of(reading)
    if _is_ghost(theirs) and not _is_ghost(ours):
        return Comparison("inconclusive", "REST shows the empty 0.01 / 0.99 book")
    detail = f"ours {ours[0]} / {ours[1]}, REST {theirs[0]} / {theirs[1]}, millionths"
    if event_us == reading.event_us:
        return Comparison("differs", f"{detail}, at the same time stamp")
    if max(abs(ours[0] - theirs[0]), abs(ours[1] - theirs[1])) > TOUCH_TOLERANCE:
        return Comparison("differs", f"{detail}, {reading.event_us - event_us} us apart")
    return Comparison("inconclusive", f"{detail}, {reading.event_us - event_us} us apart")


def touch(book: Book) -> tuple[int, int]:
    """Best bid and ask, 0 and 1 dollar for empty sides."""
    bid, ask = book.bids.best_price(), book.asks.best_price()
    return 0 if bid is None else bid, PAYOUT if ask is None else ask


def told_touch(best_bid: str, best_ask: str) -> tuple[int, int]:
    """The touch as a frame tells it; empty texts stand for empty sides. Raises ValueError."""
    return (
        parse_price(best_bid) if best_bid else 0,
        parse_price(best_ask) if best_ask else PAYOUT,
    )


def _touch_of(reading: Reading) -> tuple[int, int]:
    return (
        reading.bids[0][0] if reading.bids else 0,
        reading.asks[0][0] if reading.asks else PAYOUT,
    )


def _is_ghost(prices: tuple[int, int]) -> bool:
    return prices[0] <= GHOST_BID and prices[1] >= GHOST_ASK
