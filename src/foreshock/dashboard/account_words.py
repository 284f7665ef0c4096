"""What do the messages about venue accounts and clocks say, in plain English? Rows of `words`."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from foreshock.core.domain.accounts import VenueFill
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import operations as o
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, dollar_text, format_micros
from foreshock.dashboard.quoting import quoted

ALLOWED = {
    "reconciling": "no entries until our books agree with the venue's",
    "active": "our books agree with the venue's",
    "reducing": "only hedges, unwinds and cancels pass until a person resumes",
}


def until_words(until_us: Instant) -> str:
    """An instant to the minute: `2026-11-21 18:05 UTC`."""
    return f"{datetime.fromtimestamp(until_us // SECOND, UTC):%Y-%m-%d %H:%M} UTC"


def _order_prepared(x: a.OrderPrepared) -> tuple[str, str]:
    known_as = x.venue_order_id or x.client_id
    return x.order_id, f"signed and on record as {quoted(known_as)}, body {x.digest[:12]}"


def _send_order(x: t.SendOrder) -> tuple[str, str]:
    return x.order_id, "the order may leave"


def _order_answered(x: a.OrderAnswered) -> tuple[str, str]:
    words = [type(fact).__name__ for fact in x.facts] + [_fill(fill) for fill in x.fills]
    return x.order_id, f"the venue answered: {quoted(', '.join(words) or 'nothing new')}"


def _order_seen(x: a.AccountOrderSeen) -> tuple[str, str]:
    order = x.order
    stands = "can still trade" if order.is_open else "is over"
    filled = f"{format_micros(order.filled)} of {format_micros(order.quantity)} traded"
    return order.market, f"order {quoted(order.venue_order_id)} {stands}: {filled}"


def _fill_seen(x: a.AccountFillSeen) -> tuple[str, str]:
    return x.fill.market, f"the user channel told a fill: {_fill(x.fill)}"


def _fill(fill: VenueFill) -> str:
    size = f"{format_micros(fill.quantity)} {fill.outcome.upper()}"
    return f"{fill.action} {size} at ${format_micros(fill.price, 2)} ({fill.status})"


def _position_seen(x: a.AccountPositionSeen) -> tuple[str, str]:
    outcome = "YES" if x.held >= 0 else "NO"
    size = f"{format_micros(abs(x.held))} {outcome}"
    return x.market, f"the user channel told a position: {size}"


def _orders_read(x: a.OpenOrdersRead) -> tuple[str, str]:
    return x.venue, f"{len(x.orders)} orders of the account can still trade"


def _fills_read(x: a.FillsRead) -> tuple[str, str]:
    return x.venue, f"{len(x.fills)} fills of the account since {until_words(x.since_us)}"


def _positions_read(x: a.PositionsRead) -> tuple[str, str]:
    return x.venue, f"the account holds {len(x.positions)} positions"


def _balance_read(x: a.BalanceRead) -> tuple[str, str]:
    return x.venue, f"the account holds {dollar_text(x.cash)}"


def _read_account(x: t.ReadAccount) -> tuple[str, str]:
    return x.venue, f"read the {x.part} of the account"


def _read_failed(x: a.AccountReadFailed) -> tuple[str, str]:
    return x.venue, f"the {x.part} of the account could not be read: {quoted(x.reason)}"


def _external_held(x: a.ExternalHeld) -> tuple[str, str]:
    size = f"{format_micros(x.quantity)} {x.outcome.upper()}"
    return x.market, f"{size} not traded by us; limits count {dollar_text(x.worth)}"


def _dust_booked(x: a.DustBooked) -> tuple[str, str]:
    return x.market, f"{format_micros(x.quantity)} {x.outcome.upper()} moved to the dust account"


def _fees_varied(x: a.FeesVaried) -> tuple[str, str]:
    quoted, charged = format_micros(x.quoted, 2), format_micros(x.charged, 2)
    return x.package_id, f"{x.market} charged ${charged} in fees, quoted were ${quoted}"


def _condition_told(x: a.VenueConditionTold) -> tuple[str, str]:
    return x.venue, f"the venue is {x.condition.replace('_', ' ')}: {quoted(x.words)}"


def _state_changed(x: a.VenueStateChanged) -> tuple[str, str]:
    return x.venue, f"{x.state}: {ALLOWED[x.state]} ({quoted(x.reason)})"


def _venue_armed(x: a.VenueArmed) -> tuple[str, str]:
    until = until_words(x.until_us)
    return x.venue, f"armed for real money until {until} by {quoted(x.by)}: {quoted(x.words)}"


def _venue_disarmed(x: a.VenueDisarmed) -> tuple[str, str]:
    return x.venue, f"disarmed by {quoted(x.by)}: no more risk here"


def _incident_resolved(x: d.IncidentResolved) -> tuple[str, str]:
    return x.id, f"nobody needs to look any more: {quoted(x.words)}"


def _clock_read(x: o.ClockRead) -> tuple[str, str]:
    apart = abs(x.stamp_us - x.recv_us) // 1_000
    to = x.precision // 1_000
    return x.venue, f"its stamp, to {to} ms, and our clock were {apart} ms apart"


def _clock_judged(x: o.ClockJudged) -> tuple[str, str]:
    return x.venue, f"clock {x.state}: {quoted(x.words)}"


ACCOUNT_SAYINGS: Mapping[type[Message], Callable[[Any], tuple[str, str]]] = {
    a.OrderPrepared: _order_prepared,
    t.SendOrder: _send_order,
    a.OrderAnswered: _order_answered,
    a.AccountOrderSeen: _order_seen,
    a.AccountFillSeen: _fill_seen,
    a.AccountPositionSeen: _position_seen,
    a.OpenOrdersRead: _orders_read,
    a.FillsRead: _fills_read,
    a.PositionsRead: _positions_read,
    a.BalanceRead: _balance_read,
    t.ReadAccount: _read_account,
    a.AccountReadFailed: _read_failed,
    a.ExternalHeld: _external_held,
    a.DustBooked: _dust_booked,
    a.FeesVaried: _fees_varied,
    a.VenueConditionTold: _condition_told,
    a.VenueStateChanged: _state_changed,
    a.VenueArmed: _venue_armed,
    a.VenueDisarmed: _venue_disarmed,
    d.IncidentResolved: _incident_resolved,
    o.ClockRead: _clock_read,
    o.ClockJudged: _clock_judged,
}
