"""What do venues say that is not so? Books that never were, and stamps of another hour."""

import random
import re

from foreshock.adapters.seams import HttpRequest, HttpResponse

BOOK_PATHS = ("/book", "/books", "/trade-api/v2/markets/orderbooks")
POLYMARKET_PRICE = re.compile(rb'"price":"0?\.\d+"')
KALSHI_PRICE = re.compile(rb'\["0\.\d+",')
STAMP = re.compile(r'"(timestamp|ts|ts_ms)":("?)(\d{10,19})("?)')
SHIFTS_S = (-86_400, -3_600, -30, 30, 3_600, 86_400)
SECONDS_DIGITS = 10
"""A stamp of so many digits is in seconds; three more are milliseconds, six more microseconds."""


def lie_about_books(request: HttpRequest, answer: HttpResponse) -> HttpResponse | None:
    """A book of one cent everywhere; None when the answer holds no book."""
    if not request.path.partition("?")[0].startswith(BOOK_PATHS):
        return None
    body = POLYMARKET_PRICE.sub(b'"price":"0.01"', answer.body)
    body = KALSHI_PRICE.sub(b'["0.0100",', body)
    return HttpResponse(answer.status, body, answer.headers)


def stamp_wrongly(text: str, rng: random.Random) -> str | None:
    """A frame from the past or the future; None when it bears no stamp."""
    found = STAMP.search(text)
    if found is None:
        return None
    digits = found.group(3)
    unit = 10 ** (len(digits) - SECONDS_DIGITS)
    moved = int(digits) + rng.choice(SHIFTS_S) * unit
    stamp = f'"{found.group(1)}":{found.group(2)}{moved}{found.group(4)}'
    return text[: found.start()] + stamp + text[found.end() :]
