"""What did somebody outside tell us? Bodies of other programs as messages of ours, checked.

Numbers become exact millionths here or are refused; text loses what cannot be seen and is cut.
"""

import re
import unicodedata
from decimal import Decimal
from http import HTTPStatus
from typing import Literal

import msgspec

from foreshock.core.domain.alerts import Alert, Figure
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.units import (
    MICRO,
    SECOND,
    Instant,
    Price,
    Quantity,
    format_micros,
)
from foreshock.dashboard.answers import Refused, refusal
from foreshock.dashboard.ingest import digest_of

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MARKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:|+-]{0,127}")
TITLE_CHARS_MAX, WORDS_CHARS_MAX = 300, 600
VOLUME_MAX = 10**12
"""Contracts or dollars; more is no volume but a mistake."""
DIGITS_MAX = 40
FUTURE_MAX = 60 * SECOND
PAST_MAX = 86_400 * SECOND
RELAY = "polyalerthub"
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY
Scalar = str | int | float | None


class EventBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """POST /api/events. volume: since the source's last event, or in all with kind `total`.

    event_us: when it was so, in microseconds since 1970 (UTC); now without it.
    """

    source: str
    platform: str
    market_id: str
    title: str = ""
    yes_price: Decimal
    volume: Decimal
    volume_kind: Literal["traded", "total"] = "traded"
    event_us: int | None = None


class RelayBody(msgspec.Struct, frozen=True, kw_only=True):
    """POST /api/alerts/polyalerthub: whatever of these is there; anything else is not looked at."""

    id: Scalar = None
    alert_id: Scalar = None
    platform: Scalar = None
    market_id: Scalar = None
    slug: Scalar = None
    condition_id: Scalar = None
    ticker: Scalar = None
    title: Scalar = None
    market_title: Scalar = None
    question: Scalar = None
    event_title: Scalar = None
    message: Scalar = None
    text: Scalar = None
    description: Scalar = None
    alert_type: Scalar = None
    price: Scalar = None
    yes_price: Scalar = None
    volume: Scalar = None
    amount: Scalar = None
    usd_value: Scalar = None


def observation(body: EventBody, now_us: Instant, *, is_simulated: bool) -> ObservationReceived:
    """The body as a message. Raises Refused saying which field is wrong."""
    source, platform = _name(body.source, "source"), _name(body.platform, "platform")
    market = _market(platform, body.market_id)
    price, volume = _millionths(body.yes_price, "yes_price"), _millionths(body.volume, "volume")
    if not 0 <= price <= MICRO:
        raise _wrong("yes_price", "a probability from 0 to 1")
    if not 0 <= volume <= VOLUME_MAX * MICRO:
        raise _wrong("volume", f"from 0 to {VOLUME_MAX}")
    event_us = now_us if body.event_us is None else body.event_us
    if not now_us - PAST_MAX <= event_us <= now_us + FUTURE_MAX:
        raise _wrong("event_us", "microseconds since 1970, of the last day")
    name = digest_of(source.encode(), market.encode(), str(event_us).encode(), str(volume).encode())
    return ObservationReceived(
        observation_id=name,
        source=source,
        market=market,
        title=shown(body.title, TITLE_CHARS_MAX),
        yes_price=Price(price),
        volume=Quantity(volume),
        is_total=body.volume_kind == "total",
        is_simulated=is_simulated,
        event_us=Instant(event_us),
        recv_us=now_us,
    )


def relayed(body: RelayBody, digest: str, now_us: Instant) -> Alert:
    """A relayed alert as one of ours: notable, never louder, whatever it says of itself.

    Raises Refused when it says nothing that a person could read.
    """
    title = _first(body.title, body.market_title, body.question, body.event_title)
    words = _first(body.message, body.text, body.description, body.alert_type)
    if not (title or words):
        raise _wrong("title", "at least a title or a message")
    platform = _first(body.platform) or RELAY
    named = _first(body.market_id, body.slug, body.condition_id, body.ticker)
    is_name = NAME.fullmatch(platform) and MARKET_NAME.fullmatch(named)
    market = MarketId(f"{platform.lower()}:{named}" if is_name else f"{RELAY}:{digest}")
    said = " - ".join(part for part in (title, words) if part)
    return Alert(
        alert_id=f"relay:{digest}",
        detector="relay",
        level="notable",
        market=market,
        words=shown(f"{RELAY} says: {said}", WORDS_CHARS_MAX),
        figures=_figures(body),
        related=(),
        event_us=now_us,
    )


def relay_key(body: RelayBody, digest: str) -> str:
    """By what a second telling of the same alert is known: its own id, else its bytes."""
    own = _first(body.id, body.alert_id)
    return f"id:{own}" if own else f"bytes:{digest}"


def shown(text: str, chars_max: int) -> str:
    """Foreign text on one line, without what cannot be seen or turns the direction of reading."""
    kept = "".join(
        " " if unicodedata.category(char)[0] in {"Z", "C"} and char.isspace() else char
        for char in text[: chars_max * 4]
        if unicodedata.category(char)[0] != "C" or char.isspace()
    )
    return " ".join(kept.split())[:chars_max]


def _figures(body: RelayBody) -> tuple[Figure, ...]:
    found: list[Figure] = []
    for name, values in (
        ("price", (body.yes_price, body.price)),
        ("volume", (body.volume, body.amount, body.usd_value)),
    ):
        text = _first(*values)
        if text:
            found.append(Figure(name, shown(text, 40)))
    return tuple(found)


def _first(*values: Scalar) -> str:
    """The first that is there, as text."""
    return next((shown(str(v), WORDS_CHARS_MAX) for v in values if v not in {None, ""}), "")


def _name(text: str, field: str) -> str:
    if not NAME.fullmatch(text):
        raise _wrong(field, "1 to 40 letters, digits, dots, dashes")
    return text.lower()


def _market(platform: str, market_id: str) -> MarketId:
    if not MARKET_NAME.fullmatch(market_id):
        raise _wrong("market_id", "1 to 128 letters, digits, dots, dashes, colons")
    return MarketId(f"{platform}:{market_id}")


def _millionths(number: Decimal, field: str) -> int:
    """Exactly, or refused: what is finer than a millionth is no price and no volume."""
    if not number.is_finite() or number.adjusted() > DIGITS_MAX:
        raise _wrong(field, "a plain number")
    scaled = number.scaleb(6) if number.adjusted() > -DIGITS_MAX else Decimal("0.5")
    if scaled != scaled.to_integral_value():
        raise _wrong(field, f"at most 6 decimals, not {format_micros(0)}.{'0' * 6}1")
    return int(scaled)


def _wrong(field: str, hint: str) -> Refused:
    return refusal(UNFIT, "BAD_FIELD", f"{field} is not usable", hint)
