"""What does a message say, in plain English? One row for every message there is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from foreshock.core.domain.edges import Edge
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import operations as o
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import format_micros
from foreshock.dashboard.account_words import ACCOUNT_SAYINGS
from foreshock.dashboard.advice_words import ADVICE_SAYINGS
from foreshock.dashboard.alert_words import ALERTING_SAYINGS
from foreshock.dashboard.badges import duration
from foreshock.dashboard.conversion_words import CONVERSION_SAYINGS
from foreshock.dashboard.matching_words import MATCHING_SAYINGS
from foreshock.dashboard.quoting import quoted
from foreshock.dashboard.risk_words import RISK_SAYINGS
from foreshock.dashboard.signal_words import SIGNAL_SAYINGS

Saying: TypeAlias = tuple[str, str]
"""(about, words): the id of what the message is about, and what it says."""

CENTS_PER_DOLLAR = 100


def say(message: Message) -> Saying:
    """Put a message into words. Raises KeyError for a type that has no row."""
    return SAYINGS[type(message)](message)


def dollars(micros: int) -> str:
    """Money with its sign in front: `-$1.25`, `$0.034`."""
    return f"{'-' if micros < 0 else ''}${format_micros(abs(micros), 2)}"


def cents(micros: int) -> str:
    """A price or a difference of prices: `56¢`, `-0.4¢`."""
    return f"{format_micros(micros * CENTS_PER_DOLLAR)}¢"


def contracts(micros: int) -> str:
    """A quantity: `120 contracts`, `0.5 contracts`."""
    text = format_micros(micros)
    return f"{text} contract" if text == "1" else f"{text} contracts"


def package_words(edge: Edge) -> str:
    """What is bought together: `YES polymarket + NO kalshi`."""
    return " + ".join(f"{leg.outcome.upper()} {leg.venue}" for leg in edge.legs)


def scope_words(scope: str) -> str:
    """A halt's scope as a noun."""
    return "all trading" if scope == "all" else f"trading on {scope}"


# ---- market data ---------------------------------------------------------------------------


def _market_listed(x: m.MarketListed) -> Saying:
    market = x.market
    fee = "" if market.fee is not None else "; its fee is not understood, so it is never traded"
    return market.id, f"{quoted(market.title)} is listed, {market.status}{fee}"


def _status_changed(x: m.MarketStatusChanged) -> Saying:
    return x.market, f"the market is now {x.status}"


def _grid_changed(x: m.GridChanged) -> Saying:
    return x.market, f"the price grid changed; its finest step is {cents(x.grid.finest())}"


def _fee_changed(x: m.FeeChanged) -> Saying:
    if x.fee is None:
        return x.market, "the fee terms changed and are not understood: not traded any more"
    return x.market, "the fee terms changed"


def _market_resolved(x: m.MarketResolved) -> Saying:
    return x.market, f"the market resolved; YES pays {cents(x.payout_yes)}"


def _book_changed(x: m.BookChanged) -> Saying:
    bid = f"best bid {cents(x.bids[0][0])}" if x.bids else "no bid"
    ask = f"best ask {cents(x.asks[0][0])}" if x.asks else "no ask"
    odd = "" if x.quality == "live" else f" ({x.quality}, not traded on)"
    return x.market, f"the book changed: {bid}, {ask}{odd}"


def _book_lost(x: m.BookLost) -> Saying:
    return x.market, f"the book cannot be trusted until it is read again: {quoted(x.reason)}"


def _traded(x: m.Traded) -> Saying:
    traded = f"{contracts(x.quantity)} traded at {cents(x.price)}"
    return x.market, f"{traded}, the taker gained {x.taker.upper()}"


def _connection_opened(x: m.ConnectionOpened) -> Saying:
    return x.venue, f"connection {x.connection} ({x.feed}) is up for {len(x.markets)} markets"


def _connection_closed(x: m.ConnectionClosed) -> Saying:
    return x.venue, f"connection {x.connection} ended: {quoted(x.reason)}"


def _connection_failed(x: m.ConnectionFailed) -> Saying:
    return x.venue, f"no connection, attempt {x.attempt}: {quoted(x.reason)}"


def _markets_watched(x: m.MarketsWatched) -> Saying:
    change = f"{len(x.added)} markets more, {len(x.removed)} fewer"
    return f"connection {x.connection}", f"connection {x.connection} now watches {change}"


def _feed_gapped(x: m.FeedGapped) -> Saying:
    return x.venue, f"messages of connection {x.connection} are missing: {quoted(x.reason)}"


def _shape_unknown(x: m.ShapeUnknown) -> Saying:
    return x.venue, f"{x.where} has a value we do not know: {quoted(x.value)}"


def _quarantined(x: m.PayloadQuarantined) -> Saying:
    frame = f"frame {x.frame_seq} of the tape" if x.frame_seq else "never reached the tape"
    return x.venue, f"a payload could not be trusted ({frame}): {quoted(x.reason)}"


def _feed_measured(x: m.FeedMeasured) -> Saying:
    age = x.message_age_p95
    late = "no message in the window" if age is None else f"95% of messages within {duration(age)}"
    return x.venue, f"connection {x.connection}: {late}, {x.frames_count} frames"


def _book_checked(x: m.BookChecked) -> Saying:
    verdict = "agrees" if x.agrees else "does NOT agree"
    detail = f": {quoted(x.detail)}" if x.detail else ""
    return x.market, f"the book read by REST {verdict} with ours{detail}"


# ---- decisions -----------------------------------------------------------------------------


def _pair_listed(x: d.PairListed) -> Saying:
    by = quoted(x.pair.confirmed_by)
    return x.pair.id, f"{quoted(x.pair.label)}: a pair takes part, confirmed by {by}"


def _edge_quoted(x: d.EdgeQuoted) -> Saying:
    edge = x.edge
    words = f"{quoted(edge.label)}, {package_words(edge)}: {_net_words(edge)}"
    refused = "; ".join(f"{r.code}: {r.words}" for r in x.refusals)
    return edge.id, f"{words}; refused: {refused}" if refused else words


def _edge_withdrawn(x: d.EdgeWithdrawn) -> Saying:
    reason = f"{x.refusal.code}: {x.refusal.words}"
    return x.edge_id, f"{quoted(x.label)}: cannot be priced any more, {reason}"


def _opportunity(x: d.Opportunity) -> Saying:
    return x.id, f"{quoted(x.edge.label)}: an opportunity, {_net_words(x.edge)}"


def _trade_request(x: d.TradeRequest) -> Saying:
    size = contracts(x.edge.quantity)
    words = f"{x.strategy} asks to buy {size} of {package_words(x.edge)}"
    return x.id, f"{words}; {x.edge.order_words}" if x.edge.order_words else words


def _trade_approved(x: d.TradeApproved) -> Saying:
    label = quoted(x.request.edge.label)
    return x.request.id, f"{label}: approved, at most {dollars(x.reserved)} reserved"


def _trade_refused(x: d.TradeRefused) -> Saying:
    label = quoted(x.request.edge.label)
    return x.request.id, f"{label}: refused, {x.refusal.code}: {x.refusal.words}"


def _halted(x: d.Halted) -> Saying:
    return x.scope, f"{scope_words(x.scope)} is halted by {x.by}: {quoted(x.reason)}"


def _resumed(x: d.Resumed) -> Saying:
    return x.scope, f"{scope_words(x.scope)} is resumed by {x.by}"


def _package_opened(x: d.PackageOpened) -> Saying:
    edge = x.request.edge
    words = f"a package of {contracts(edge.quantity)} of {package_words(edge)} begins"
    return x.package_id, f"{quoted(edge.label)}: {words}"


def _package_moved(x: d.PackageMoved) -> Saying:
    return x.package_id, f"the package is now {x.state.replace('_', ' ')}: {quoted(x.reason)}"


def _package_closed(x: d.PackageClosed) -> Saying:
    sums = f"paid {dollars(x.paid)}, fees {dollars(x.fees)}, locked in {dollars(x.locked)}"
    end = f"the package ended {x.outcome} with {contracts(x.quantity)}"
    return x.package_id, f"{end}: {sums}, realised {dollars(x.realised)}"


def _position_settled(x: d.PositionSettled) -> Saying:
    held = f"{contracts(x.quantity)} of {x.outcome.upper()}"
    return x.market, f"{held} paid out {dollars(x.received)}"


def _limits_measured(x: d.LimitsMeasured) -> Saying:
    return "limits", f"the use of the {x.profile} limits changed ({len(x.uses)} of them)"


def _incident_opened(x: d.IncidentOpened) -> Saying:
    return x.about, f"a person must look: {quoted(x.words)}"


# ---- trading -------------------------------------------------------------------------------


def _place_order(x: t.PlaceOrder) -> Saying:
    size = f"{x.action} {contracts(x.quantity)} of {x.outcome.upper()} of {x.market}"
    return x.order_id, f"{size} at {cents(x.limit)} or better ({x.time_in_force}, to {x.purpose})"


def _cancel_order(x: t.CancelOrder) -> Saying:
    return x.order_id, "cancel whatever is left of the order"


def _set_timer(x: t.SetTimer) -> Saying:
    return x.timer_id, f"wake up in {duration(x.after)}"


def _timer_fired(x: t.TimerFired) -> Saying:
    return x.timer_id, "the timer elapsed"


def _send_refused(x: t.SendRefused) -> Saying:
    return x.order_id, f"the gate let nothing out, {x.refusal.code}: {x.refusal.words}"


def _order_accepted(x: t.OrderAccepted) -> Saying:
    return x.order_id, f"the venue took the order as {quoted(x.venue_order_id)}"


def _order_filled(x: t.OrderFilled) -> Saying:
    words = f"{contracts(x.quantity)} traded at {cents(x.price)}, fee {dollars(x.fee)}"
    return x.order_id, f"{words}{'; may still be reverted' if x.is_provisional else ''}"


def _fill_settled(x: t.FillSettled) -> Saying:
    return x.order_id, f"fill {quoted(x.fill_id)} is final"


def _fill_reverted(x: t.FillReverted) -> Saying:
    return x.order_id, f"fill {quoted(x.fill_id)} never happened: {quoted(x.reason)}"


def _order_closed(x: t.OrderClosed) -> Saying:
    return x.order_id, f"the order is over with {contracts(x.filled)} filled: {quoted(x.reason)}"


def _order_rejected(x: t.OrderRejected) -> Saying:
    return x.order_id, f"the venue refused the order for good: {quoted(x.reason)}"


def _order_unknown(x: t.OrderUnknown) -> Saying:
    return x.order_id, f"the fate of the order is not known: {quoted(x.reason)}"


# ---- operations ----------------------------------------------------------------------------


def _desk_started(x: o.DeskStarted) -> Saying:
    return "desk", f"the desk started, version {x.version}, build {x.build}, mode {x.mode}"


def _desk_stopped(x: o.DeskStopped) -> Saying:
    left = "".join(f"; left open: {quoted(words)}" for words in x.left)
    return "desk", f"the desk stopped: {quoted(x.reason)}{left}"


def _desk_stopping(x: o.DeskStopping) -> Saying:
    return "desk", f"the desk ends: {quoted(x.reason)}; nothing new begins, what is open finishes"


def _halt_requested(x: o.HaltRequested) -> Saying:
    return x.scope, f"{x.by} asks to halt {scope_words(x.scope)}: {quoted(x.reason)}"


def _resume_requested(x: o.ResumeRequested) -> Saying:
    return x.scope, f"{x.by} asks to resume {scope_words(x.scope)}"


def _loop_lagged(x: o.LoopLagged) -> Saying:
    return "desk", f"the loop was {duration(x.lag)} late: what we saw was older than it looked"


def _net_words(edge: Edge) -> str:
    net = f"{dollars(edge.net)} net for {contracts(edge.quantity)}"
    return f"{net} ({cents(edge.net_per_contract)} each)"


SAYINGS: Mapping[type[Message], Callable[[Any], Saying]] = {
    m.MarketListed: _market_listed,
    m.MarketStatusChanged: _status_changed,
    m.GridChanged: _grid_changed,
    m.FeeChanged: _fee_changed,
    m.MarketResolved: _market_resolved,
    m.BookChanged: _book_changed,
    m.BookLost: _book_lost,
    m.Traded: _traded,
    m.ConnectionOpened: _connection_opened,
    m.ConnectionClosed: _connection_closed,
    m.ConnectionFailed: _connection_failed,
    m.MarketsWatched: _markets_watched,
    m.FeedGapped: _feed_gapped,
    m.ShapeUnknown: _shape_unknown,
    m.PayloadQuarantined: _quarantined,
    m.FeedMeasured: _feed_measured,
    m.BookChecked: _book_checked,
    d.PairListed: _pair_listed,
    d.EdgeQuoted: _edge_quoted,
    d.EdgeWithdrawn: _edge_withdrawn,
    d.Opportunity: _opportunity,
    d.TradeRequest: _trade_request,
    d.TradeApproved: _trade_approved,
    d.TradeRefused: _trade_refused,
    d.Halted: _halted,
    d.Resumed: _resumed,
    d.PackageOpened: _package_opened,
    d.PackageMoved: _package_moved,
    d.PackageClosed: _package_closed,
    d.PositionSettled: _position_settled,
    d.LimitsMeasured: _limits_measured,
    d.IncidentOpened: _incident_opened,
    t.PlaceOrder: _place_order,
    t.CancelOrder: _cancel_order,
    t.SetTimer: _set_timer,
    t.TimerFired: _timer_fired,
    t.SendRefused: _send_refused,
    t.OrderAccepted: _order_accepted,
    t.OrderFilled: _order_filled,
    t.FillSettled: _fill_settled,
    t.FillReverted: _fill_reverted,
    t.OrderClosed: _order_closed,
    t.OrderRejected: _order_rejected,
    t.OrderUnknown: _order_unknown,
    o.DeskStarted: _desk_started,
    o.DeskStopped: _desk_stopped,
    o.DeskStopping: _desk_stopping,
    o.HaltRequested: _halt_requested,
    o.ResumeRequested: _resume_requested,
    o.LoopLagged: _loop_lagged,
    **MATCHING_SAYINGS,
    **ACCOUNT_SAYINGS,
    **ADVICE_SAYINGS,
    **CONVERSION_SAYINGS,
    **SIGNAL_SAYINGS,
    **ALERTING_SAYINGS,
    **RISK_SAYINGS,
}
"""A test holds this table against the closed union of messages."""
