"""Which rows does a message change? Pure; a row is a table and the columns that are now known."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import msgspec
from sqlalchemy import Table

from foreshock.adapters.storage import schema
from foreshock.adapters.storage.signal_rows import signal_rows
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.decisions import (
    EdgeQuoted,
    Halted,
    IncidentOpened,
    PackageClosed,
    PackageMoved,
    PackageOpened,
    PairListed,
    PairUnlisted,
    Resumed,
    TradeRefused,
)
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.matching import PairDecided, PairRelated, PairReopened
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.matching.graph_facts import membership_of

Value: TypeAlias = str | int | None


class Row(NamedTuple):
    """Columns of one row, its key among them; what is not named keeps its value.

    is_new: the row holds every column, so it may be inserted; otherwise it only updates.
    """

    table: Table
    values: dict[str, Value]
    is_new: bool = True


def rows_of(run: str, step: int, entry: Entry, now_us: Instant) -> Iterator[Row]:
    """What a message changes. Books are not here: they come at the pace of `book_row`."""
    message = entry.message
    for table, values, is_new in _rows(message, now_us):
        yield Row(table, {"run": run, **values}, is_new)
    risk = _risk_event(message)
    if risk is not None:
        kind, about, code, words = risk
        values: dict[str, Value] = {"run": run, "step": step, "entry": entry.index}
        yield Row(
            schema.RISK_EVENTS,
            {**values, "kind": kind, "about": about, "code": code, "words": words, "at_us": now_us},
        )


def book_row(run: str, book: BookChanged, now_us: Instant) -> Row:
    """The touch of a book now."""
    bid = book.bids[0] if book.bids else (None, None)
    ask = book.asks[0] if book.asks else (None, None)
    values: dict[str, Value] = {"run": run, "market": book.market, "at_us": now_us}
    values |= {"epoch": book.epoch, "bid": bid[0], "bid_quantity": bid[1]}
    values |= {"ask": ask[0], "ask_quantity": ask[1]}
    return Row(schema.ORDERBOOKS, values)


def _rows(message: Message, now_us: Instant) -> Iterator[Row]:
    yield from _market_rows(message, now_us)
    yield from _pair_rows(message, now_us)
    yield from _order_rows(message, now_us)
    yield from _fill_rows(message, now_us)
    yield from _package_rows(message, now_us)
    yield from (Row(*change) for change in signal_rows(message, now_us))
    match message:
        case DeskStarted():
            values = msgspec.structs.asdict(message)
            yield Row(schema.CONFIGS, {"at_us": now_us, **values})
        case IncidentOpened():
            values = {"alert": message.id, "about": message.about, "words": message.words}
            yield Row(schema.ALERTS, {**values, "at_us": now_us})
        case _:
            pass


def _market_rows(message: Message, now_us: Instant) -> Iterator[Row]:
    match message:
        case MarketListed(market=m):
            values: dict[str, Value] = {"market": m.id, "venue": m.venue, "event": m.event_id}
            values |= {"title": m.title, "rules": m.rules, "status": m.status}
            values |= {"category": m.category, "closes_us": m.closes_us}
            values |= {"settles_us": m.settles_us, "payout_yes": None, "at_us": now_us}
            yield Row(schema.MARKETS, values | _group(m))
        case MarketStatusChanged(market=market, status=status):
            values = {"market": market, "status": status, "at_us": now_us}
            yield Row(schema.MARKETS, values, is_new=False)
        case MarketResolved(market=market, payout_yes=payout):
            values = {"market": market, "payout_yes": payout, "at_us": now_us}
            yield Row(schema.MARKETS, values, is_new=False)
        case ConnectionOpened(venue=venue):
            yield _venue(venue, "open", "", now_us)
        case ConnectionClosed(venue=venue, reason=reason):
            yield _venue(venue, "closed", reason, now_us)
        case ConnectionFailed(venue=venue, reason=reason):
            yield _venue(venue, "failed", reason, now_us)
        case _:
            pass


def _group(market: Market) -> dict[str, Value]:
    member = membership_of(market)
    values: dict[str, Value] = {"exclusive_group": "" if member is None else member.group}
    values |= {"is_augmented": int(market.is_augmented)}
    return values | {"exclusive_count": market.exclusive_count}


def _pair_rows(message: Message, now_us: Instant) -> Iterator[Row]:
    match message:
        case PairListed(pair=p):
            values: dict[str, Value] = {"pair": p.id, "a": p.a, "b": p.b, "relation": p.relation}
            values |= {"label": p.label, "confirmed_by": p.confirmed_by, "at_us": now_us}
            yield Row(schema.PAIRS, {**values, "state": "trading", "reason": p.note})
        case PairUnlisted(pair_id=pair, reason=reason):
            values = {"pair": pair, "state": "stopped", "reason": reason, "at_us": now_us}
            yield Row(schema.PAIRS, values, is_new=False)
        case PairRelated():
            yield _relation(message, now_us)
        case PairDecided() as v:
            values = {"pair": v.pair_id, "a": v.a, "b": v.b, "relation": v.relation}
            values |= {"label": v.label, "confirmed_by": v.by, "state": v.verdict}
            values |= {"reason": v.note, "version": v.version, "at_us": now_us}
            yield Row(schema.PAIRS, values)
            yield _verdict(v, v.verdict, (v.relation, v.origin, v.by, v.note, v.decided_us))
        case PairReopened() as r:
            yield _verdict(r, "reopened", ("", "", r.market, r.reason, r.reopened_us))
        case _:
            pass


def _relation(message: PairRelated, now_us: Instant) -> Row:
    found = message.comparison
    values: dict[str, Value] = {"pair": message.pair_id, "a": found.a, "b": found.b}
    values |= {"label": message.label, "relation": found.relation, "decision": found.decision}
    values |= {"confidence_ppm": found.confidence_ppm, "is_tradable": int(found.is_tradable)}
    values |= {"reason": found.reason, "refusals": "; ".join(found.refusals)}
    values["clauses"] = "; ".join(f"{c.clause}={c.agreement}" for c in found.clauses)
    values |= {"matcher": found.matcher, "at_us": now_us}
    values |= {"terms_a": message.terms.a, "terms_b": message.terms.b}
    return Row(schema.PAIR_RELATIONS, values)


def _verdict(
    fact: PairDecided | PairReopened, verdict: str, said: tuple[str, str, str, str, Instant]
) -> Row:
    """One entry of a pair's history. said: relation, origin, by, note, when."""
    values: dict[str, Value] = {"pair": fact.pair_id, "version": fact.version}
    values |= dict(zip(("relation", "origin", "by", "note", "at_us"), said, strict=True))
    values |= {"terms_a": fact.terms.a, "terms_b": fact.terms.b, "verdict": verdict}
    return Row(schema.PAIR_VERDICTS, values)


def _order_rows(message: Message, now_us: Instant) -> Iterator[Row]:
    match message:
        case PlaceOrder() as o:
            values: dict[str, Value] = {"order": o.order_id, "package": o.package_id}
            values |= {"market": o.market, "outcome": o.outcome, "action": o.action}
            values |= {"purpose": o.purpose, "limit_price": o.limit, "quantity": o.quantity}
            values |= {"state": "submitted", "reason": "", "decided_us": o.decided_us}
            yield Row(schema.ORDERS, {**values, "at_us": now_us})
        case SendRefused(order_id=order, refusal=refusal):
            yield _order(order, "refused", refusal.words, now_us)
        case OrderAccepted(order_id=order):
            yield _order(order, "live", "", now_us)
        case OrderUnknown(order_id=order, reason=reason):
            yield _order(order, "unknown", reason, now_us)
        case OrderRejected(order_id=order, reason=reason):
            yield _order(order, "rejected", reason, now_us)
        case OrderClosed(order_id=order, reason=reason):
            yield _order(order, "closed", reason, now_us)
        case _:
            pass


def _fill_rows(message: Message, now_us: Instant) -> Iterator[Row]:
    match message:
        case OrderFilled() as f:
            values: dict[str, Value] = {
                "order": f.order_id,
                "fill": f.fill_id,
                "quantity": f.quantity,
            }
            values |= {"price": f.price, "fee": f.fee, "at_us": now_us}
            values["state"] = "provisional" if f.is_provisional else "settled"
            yield Row(schema.FILLS, values)
        case FillSettled(order_id=order, fill_id=fill):
            yield _fill(order, fill, "settled", now_us)
        case FillReverted(order_id=order, fill_id=fill):
            yield _fill(order, fill, "reverted", now_us)
        case _:
            pass


def _package_rows(message: Message, now_us: Instant) -> Iterator[Row]:
    match message:
        case EdgeQuoted(edge=e, refusals=refusals):
            values: dict[str, Value] = {"edge": e.id, "pair": e.pair_id, "label": e.label}
            values |= {"quantity": e.quantity, "payout": e.payout, "cost": e.cost}
            values |= {"fees": e.fees, "frictions": e.frictions, "lockup": e.lockup}
            values |= {"hedge_risk": e.hedge_risk, "net": e.net, "at_us": now_us}
            values["net_per_contract"] = e.net_per_contract
            values["refusals"] = "; ".join(f"{r.code}: {r.words}" for r in refusals)
            yield Row(schema.EDGES, values)
        case PackageOpened(package_id=package, request=request):
            values = {"package": package, "pair": request.edge.pair_id, "outcome": ""}
            values |= {"strategy": request.strategy, "state": "first_leg", "quantity": 0}
            values |= {"net_expected": request.edge.net, "paid": 0, "fees": 0, "realised": 0}
            yield Row(schema.PACKAGES, {**values, "opened_us": now_us, "closed_us": None})
        case PackageMoved(package_id=package, state=state):
            yield Row(schema.PACKAGES, {"package": package, "state": state}, is_new=False)
        case PackageClosed() as c:
            values = {"package": c.package_id, "state": "closed", "outcome": c.outcome}
            values |= {"quantity": c.quantity, "paid": c.paid, "fees": c.fees}
            values |= {"realised": c.realised, "closed_us": now_us}
            yield Row(schema.PACKAGES, values, is_new=False)
        case _:
            pass


def _risk_event(message: Message) -> tuple[str, str, str, str] | None:
    match message:
        case TradeRefused(request=request, refusal=refusal):
            return "refused", request.id, refusal.code, refusal.words
        case Halted(scope=scope, by=by, reason=reason):
            return "halted", scope, by, reason
        case Resumed(scope=scope, by=by):
            return "resumed", scope, by, ""
        case _:
            return None


def _venue(venue: str, state: str, reason: str, now_us: Instant) -> Row:
    values: dict[str, Value] = {"venue": venue, "at_us": now_us, "state": state, "reason": reason}
    return Row(schema.VENUES, values)


def _order(order: str, state: str, reason: str, now_us: Instant) -> Row:
    values: dict[str, Value] = {"order": order, "state": state, "reason": reason, "at_us": now_us}
    return Row(schema.ORDERS, values, is_new=False)


def _fill(order: str, fill: str, state: str, now_us: Instant) -> Row:
    values: dict[str, Value] = {"order": order, "fill": fill, "state": state, "at_us": now_us}
    return Row(schema.FILLS, values, is_new=False)
