"""What does a conversion do to the books of an account? While it is under way, and when it is done.

A split or merge leaves YES less NO as it is; only the cash moves, at a moment that nobody tells
exactly. So cash is not compared while one is under way.
"""

from collections.abc import Iterable
from typing import TypeAlias

from foreshock.core.domain.messages.conversions import (
    ConversionClosed,
    ConversionRefused,
    ConversionWord,
    SendConversion,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import PAYOUT, Instant, Quantity, Rounding, notional
from foreshock.core.execution.account_book import AccountBook
from foreshock.core.execution.agreement import Agreement

Converting: TypeAlias = SendConversion | ConversionRefused | ConversionClosed


def convert(
    book: AccountBook, agreement: Agreement, message: Converting, now_us: Instant
) -> Iterable[Message]:
    """Take in what is said of a conversion; those of other venues change nothing."""
    match message:
        case SendConversion(conversion_id=name, market=market):
            if venue_of(market) == book.venue:
                agreement.begin_conversion(name, market)
        case ConversionRefused(conversion_id=name):
            agreement.end_conversion(name, now_us)
        case ConversionClosed(conversion_id=name, market=market):
            if venue_of(market) == book.venue:
                agreement.end_conversion(name, now_us)
                return _book(book, agreement, message)
    return ()


def resume_conversion(agreement: Agreement, venue: str, words: tuple[ConversionWord, ...]) -> None:
    """One that an earlier desk let leave may still change the account at any moment."""
    for word in words:
        if isinstance(word, SendConversion) and venue_of(word.market) == venue:
            agreement.begin_conversion(word.conversion_id, word.market)


def _book(book: AccountBook, agreement: Agreement, closed: ConversionClosed) -> Iterable[Message]:
    if closed.outcome == "taken_over":
        agreement.take_cash_over()
        return ()
    if closed.outcome == "failed":
        return ()
    if closed.kind == "redeem":
        most = notional(PAYOUT, closed.quantity, Rounding.UP)
        return [
            *agreement.note_redemption(closed.market, most),
            *book.external.redeem(closed.market),
        ]
    book.ledger.convert(closed)
    foreign = Quantity(closed.quantity - closed.ours)
    return book.external.merge(closed.market, foreign) if closed.kind == "merge" else ()
