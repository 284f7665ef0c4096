"""Which bytes does a busy day bring? A seeded stream of both venues for many pairs, with its end.

58 % Polymarket price changes, 34 % Kalshi deltas, 2 % whole books, 6 % trades; 18 % of the frames
change a best price or its size. Every frame has the venue's documented shape; the markets are
drawn evenly, the dearest case for whoever conflates.
"""

from collections.abc import Iterator
from random import Random
from typing import Literal, NamedTuple, TypeAlias

from benchmarks import wire
from benchmarks.ladder import CENTS, Change, Ladder
from foreshock.adapters.venues.kalshi.commands import (
    BOOKS,
    COMMAND_TICKERS_MAX,
    LIFECYCLE,
    PER_MARKET,
    TICKERS,
    TRADES,
)
from foreshock.adapters.venues.kalshi.markets import QUANTITY_STEP
from foreshock.adapters.venues.kalshi.markets import market_id as kalshi_id
from foreshock.adapters.venues.polymarket.listing import market_id as polymarket_id
from foreshock.adapters.venues.polymarket.watched import shards
from foreshock.core.domain.markets import (
    CurveFee,
    FeeTerms,
    Market,
    MarketId,
    Pair,
    SeriesFee,
    uniform_grid,
)
from foreshock.core.domain.units import (
    DAY,
    MICRO,
    Duration,
    Instant,
    Price,
    Quantity,
    parse_quantity,
)

Kind: TypeAlias = Literal["price_change", "delta", "book", "polymarket_trade", "kalshi_trade"]
WEIGHTS: dict[Kind, int] = {
    "price_change": 58,
    "delta": 34,
    "book": 2,
    "polymarket_trade": 4,
    "kalshi_trade": 2,
}
CHANGES_SHARE = 0.92
TOUCH_SHARE = 0.18
MOVES_SHARE = 1 / 3
"""Of the frames that change a touch, so many move its price; the others change its size."""
STRANGERS_SHARE = 0.01
"""Pairs whose venues disagree enough for an edge now and then."""
START_US = Instant(1_795_267_800 * MICRO)
"""2026-11-21 13:30 UTC."""
SPACING = Duration(20)
"""50,000 frames a second."""
TRAVEL_MS = 15
IDLE_FROM = 1_000_000
KALSHI = "kalshi"
POLYMARKET = "polymarket"
SIDS = {LIFECYCLE: 1, BOOKS: 2, TRADES: 3, TICKERS: 4}
"""Subscription ids by channel."""


class Arrival(NamedTuple):
    """One frame as it arrives. pair: place of the pair it concerns."""

    connection: int
    payload: bytes
    pair: int
    recv_us: Instant


class Wired(NamedTuple):
    """One connection and the markets it carries."""

    connection: int
    venue: str
    markets: tuple[Market, ...]


class Quoted(NamedTuple):
    """A market, its model book and the connection that carries it."""

    market: Market
    ladder: Ladder
    connection: int


class Stream(NamedTuple):
    """Everything that arrives. opening: subscriptions' answers and the first books.

    checks: REST bodies that agree with the first books, by connection. kinds: of `frames`.
    truth: model of every market's book at the end. touches: frames that changed a touch.
    """

    connections: tuple[Wired, ...]
    pairs: tuple[Pair, ...]
    opening: tuple[Arrival, ...]
    checks: tuple[Arrival, ...]
    frames: tuple[Arrival, ...]
    kinds: tuple[Kind, ...]
    truth: dict[MarketId, Ladder]
    touches: int


def make_stream(
    seed: int, pairs_count: int, frames_count: int, strangers_share: float = STRANGERS_SHARE
) -> Stream:
    """Draw markets, opening and frames; the same arguments give the same bytes."""
    return _Maker(Random(seed), pairs_count, strangers_share).make(frames_count)


def idle_markets(markets_count: int) -> list[Market]:
    """Markets of Polymarket that are in no stream."""
    return [_polymarket_market(IDLE_FROM + number) for number in range(markets_count)]


class _Maker:
    def __init__(self, rng: Random, pairs_count: int, strangers_share: float) -> None:
        self._rng = rng
        self._strangers_share = strangers_share
        self._polymarket: list[Quoted] = []
        self._kalshi: list[Quoted] = []
        self._connections: list[Wired] = []
        self._seqs = {BOOKS: 0, TRADES: 0}
        self._clock = 0
        self._draw_markets(pairs_count)

    def make(self, frames_count: int) -> Stream:
        opening = tuple(self._opening())
        checks = tuple(self._checks())
        frames: list[Arrival] = []
        touches = 0
        kinds = self._rng.choices(list(WEIGHTS), list(WEIGHTS.values()), k=frames_count)
        for number, kind in enumerate(kinds):
            recv_us = Instant(START_US + MICRO + number * SPACING)
            frame, is_touch = self._frame(kind, recv_us)
            frames.append(frame)
            touches += is_touch
        quoted = [*self._polymarket, *self._kalshi]
        return Stream(
            connections=tuple(self._connections),
            pairs=tuple(self._pair(n) for n in range(len(self._kalshi))),
            opening=opening,
            checks=checks,
            frames=tuple(frames),
            kinds=tuple(kinds),
            truth={each.market.id: each.ladder for each in quoted},
            touches=touches,
        )

    # ---- markets -------------------------------------------------------------------------

    def _draw_markets(self, pairs_count: int) -> None:
        rng = self._rng
        polymarket = [_polymarket_market(n) for n in range(pairs_count)]
        kalshi = [_kalshi_market(n) for n in range(pairs_count)]
        for shard in shards(polymarket):
            self._connections.append(Wired(len(self._connections) + 1, POLYMARKET, shard))
        carried = {m.id: wired.connection for wired in self._connections for m in wired.markets}
        last = len(self._connections) + 1
        self._connections.append(Wired(last, KALSHI, tuple(kalshi)))
        for ours, theirs in zip(polymarket, kalshi, strict=True):
            fair = rng.randrange(20, CENTS - 20)
            is_strange = rng.random() < self._strangers_share
            apart = rng.randrange(6, 10) if is_strange else rng.randrange(-2, 3)
            self._polymarket.append(Quoted(ours, Ladder(fair, rng), carried[ours.id]))
            self._kalshi.append(Quoted(theirs, Ladder(fair + apart, rng), last))

    def _pair(self, number: int) -> Pair:
        return Pair(
            id=f"pair-{number}",
            a=self._polymarket[number].market.id,
            b=self._kalshi[number].market.id,
            relation="identity",
            label=f"Bet {number}",
            confirmed_by="benchmark",
            note="",
        )

    # ---- frames --------------------------------------------------------------------------

    def _opening(self) -> list[Arrival]:
        """One array of books a Polymarket connection, one snapshot a Kalshi market."""
        arrivals: list[Arrival] = []
        stamp_ms = _stamp_ms(START_US)
        for wired in self._connections:
            if wired.venue == POLYMARKET:
                books = [
                    wire.polymarket_book(each.market, each.ladder, stamp_ms, is_yes=is_yes)
                    for each in self._polymarket
                    if each.connection == wired.connection
                    for is_yes in (True, False)
                ]
                arrivals.append(Arrival(wired.connection, wire.encoded(books), -1, START_US))
        connection = self._connections[-1].connection
        answers = self._answers(stamp_ms)
        arrivals += [Arrival(connection, payload, -1, START_US) for payload in answers]
        for number, each in enumerate(self._kalshi):
            body = wire.snapshot(each.market, each.ladder)
            payload = self._sequenced("orderbook_snapshot", BOOKS, body, START_US)
            arrivals.append(Arrival(connection, payload, number, START_US))
        return arrivals

    def _answers(self, stamp_ms: int) -> Iterator[bytes]:
        """What Kalshi says to the subscriptions: later ones of a channel merge into the first."""
        tickers_count = len(self._kalshi)
        rests = -(-tickers_count // COMMAND_TICKERS_MAX) - 1
        yield _subscribed(1, LIFECYCLE, SIDS[LIFECYCLE])
        command_id = 1
        for channel in PER_MARKET:
            command_id += 1
            yield _subscribed(command_id, channel, SIDS[channel])
            for _ in range(rests):
                command_id += 1
                frame: wire.Body = {"type": "ok", "id": command_id, "sid": SIDS[channel]}
                if channel in self._seqs:
                    self._seqs[channel] += 1
                    frame["seq"] = self._seqs[channel]
                yield wire.encoded(frame | {"sending_ts_ms": stamp_ms, "msg": {}})

    def _checks(self) -> list[Arrival]:
        """A REST body of one book for each connection."""
        stamp_ms = _stamp_ms(START_US)
        firsts: dict[int, Quoted] = {}
        for each in (*self._polymarket, *self._kalshi):
            firsts.setdefault(each.connection, each)
        checks: list[Arrival] = []
        for connection, (market, ladder, _) in firsts.items():
            if market.venue == POLYMARKET:
                body = wire.polymarket_rest_book(market, ladder, stamp_ms, is_yes=True)
            else:
                body = wire.kalshi_rest_books(market, ladder)
            checks.append(Arrival(connection, wire.encoded(body), -1, START_US))
        return checks

    def _frame(self, kind: Kind, recv_us: Instant) -> tuple[Arrival, bool]:
        rng = self._rng
        number = rng.randrange(len(self._kalshi))
        is_kalshi = kind in {"delta", "kalshi_trade"}
        each = (self._kalshi if is_kalshi else self._polymarket)[number]
        market, ladder, connection = each
        stamp_ms = _stamp_ms(recv_us)
        is_touch = False
        match kind:
            case "price_change":
                change, is_touch = self._change(ladder)
                body = wire.price_change(market, ladder, change, stamp_ms, rng)
                payload = wire.encoded(body)
            case "delta":
                change, is_touch = self._change(ladder)
                self._clock += 1
                body = wire.delta(market, change, self._clock, stamp_ms)
                payload = self._sequenced("orderbook_delta", BOOKS, body, recv_us)
            case "book":
                is_yes = rng.random() < 0.5
                body = wire.polymarket_book(market, ladder, stamp_ms, is_yes=is_yes)
                payload = wire.encoded(body)
            case "polymarket_trade":
                payload = wire.encoded(wire.polymarket_trade(market, ladder, stamp_ms, rng))
            case "kalshi_trade":
                body = wire.kalshi_trade(market, ladder, stamp_ms, rng)
                payload = self._sequenced("trade", TRADES, body, recv_us)
        return Arrival(connection, payload, number, recv_us), is_touch

    def _change(self, ladder: Ladder) -> tuple[Change, bool]:
        rng = self._rng
        if rng.random() >= TOUCH_SHARE / CHANGES_SHARE:
            return ladder.change_behind(), False
        return (ladder.move_best() if rng.random() < MOVES_SHARE else ladder.resize_best()), True

    def _sequenced(self, kind: str, channel: str, body: wire.Body, at_us: Instant) -> bytes:
        self._seqs[channel] += 1
        return wire.kalshi_frame(kind, SIDS[channel], self._seqs[channel], body, _stamp_ms(at_us))


def _subscribed(command_id: int, channel: str, sid: int) -> bytes:
    msg = {"channel": channel, "sid": sid}
    return wire.encoded({"type": "subscribed", "id": command_id, "msg": msg})


def _stamp_ms(recv_us: Instant) -> int:
    return recv_us // 1_000 - TRAVEL_MS


def _polymarket_market(number: int) -> Market:
    rng = Random(number)
    tokens = (str(10**76 + rng.getrandbits(240)), str(10**76 + rng.getrandbits(240)))
    native_id = f"0x{rng.getrandbits(256):064x}"
    return _market(polymarket_id(native_id), native_id, tokens, CurveFee(40_000, 1))


def _kalshi_market(number: int) -> Market:
    native_id = f"KXBENCH-26DEC31-T{number}"
    uuid = f"{Random(number).getrandbits(128):032x}"
    return _market(kalshi_id(native_id), native_id, (uuid, uuid), SeriesFee("quadratic", MICRO))


def _market(
    market: MarketId, native_id: str, outcome_ids: tuple[str, str], fee: FeeTerms
) -> Market:
    venue = market.partition(":")[0]
    is_kalshi = venue == KALSHI
    smallest = QUANTITY_STEP if is_kalshi else parse_quantity(wire.ORDER_SIZE_MIN)
    return Market(
        id=market,
        venue=venue,
        native_id=native_id,
        event_id=f"event of {native_id}",
        title=f"Market {native_id}",
        rules="",
        resolution_source="",
        outcome_labels=("Yes", "No"),
        outcome_ids=outcome_ids,
        grid=uniform_grid(Price(MICRO // CENTS)),
        quantity_step=Quantity(10_000),
        quantity_min=smallest,
        fee=fee,
        status="open",
        category="",
        opens_us=None,
        closes_us=None,
        settles_us=Instant(START_US + 30 * DAY),
        exclusive_group=None,
        is_augmented=False,
        volume_24h=None,
    )
