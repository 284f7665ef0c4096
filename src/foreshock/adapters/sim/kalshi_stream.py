"""What does Kalshi's stream say, to whom, and under which sequence number?

A connection holds at most one subscription (sid) a channel; subscribing again merges into it. Every
frame of a sequenced sid counts, `ok`, `unsubscribed` and scoped errors included; `subscribed` does
not, and neither does anything of the ticker channel or of what a member is told of its orders,
fills and positions.
"""

from collections.abc import Iterable

import msgspec

from foreshock.adapters.sim import kalshi_frames as frames
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    ExchangeEvent,
    FeeChanged,
    Filled,
    GridChanged,
    LevelChanged,
    MarketCreated,
    OrderState,
    OrderUpdated,
    StatusChanged,
    Trade,
)
from foreshock.adapters.sim.kalshi_account_objects import (
    fill_message,
    group_message,
    market_position,
    user_order,
)
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER
from foreshock.adapters.sim.kalshi_commands import (
    BOOK,
    FILLS,
    GROUPS,
    LIFECYCLE,
    ORDERS,
    POSITIONS,
    TICKER,
    TRADE,
    Command,
    CommandError,
    Connection,
    Subscription,
    named_markets,
    read_command,
    refused_channel,
    sole_sid,
)
from foreshock.adapters.sim.kalshi_fees import FeeBook
from foreshock.adapters.sim.kalshi_members import Members, user_id
from foreshock.adapters.sim.kalshi_objects import Body, market_uuid, touch
from foreshock.adapters.sim.kalshi_records import Records
from foreshock.adapters.sim.order_groups import GroupChanged
from foreshock.adapters.sim.wire_text import frame, milliseconds
from foreshock.core.domain.units import Duration, Instant

Told = tuple[object, ...]


class KalshiStreams:
    """Every open stream, fed by the exchange's events.

    records: of what members read, which live on the same events; None where nobody reads.
    """

    def __init__(self, exchange: Exchange, fees: FeeBook, records: Records | None = None) -> None:
        self._exchange = exchange
        self._fees = fees
        self._records = records or Records(exchange, Members(exchange), Duration(0), 0)
        self._members = self._records.members
        self._connections: dict[int, Connection] = {}
        self._queue: list[tuple[int, str]] = []
        self._now_us = Instant(0)
        self._own: dict[str, OrderState] = {}
        self._last_sizes: dict[str, int] = {}
        self._tickers_told: dict[str, Told] = {}
        self._ids = {market_uuid(native_id): native_id for native_id in exchange.native_ids()}
        self._event_ids = {event.id for event in exchange.events()}
        exchange.take_events()

    def open(self, connection: int, member: str = DEFAULT_MEMBER) -> None:
        """A stream without subscriptions; its sids start at 1."""
        self._connections[connection] = Connection(connection, member)

    def close(self, connection: int) -> None:
        """Forget a stream."""
        self._connections.pop(connection, None)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Everything said since the last call."""
        self.publish_news(now_us)
        queue, self._queue = self._queue, []
        return queue

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """One command. What happened before it is told first, so snapshots fit the deltas."""
        self.publish_news(now_us)
        client = self._connections[connection]
        command_id = 0
        try:
            command = read_command(text)
            command_id = command.id
            self._obey(client, command)
        except CommandError as error:
            self._answer_error(client, command_id, error)

    # ---- commands

    def _obey(self, client: Connection, command: Command) -> None:
        match command.cmd:
            case "subscribe":
                self._subscribe(client, command)
            case "unsubscribe":
                self._unsubscribe(client, command)
            case "update_subscription":
                self._update(client, command)
            case "list_subscriptions":
                listed = [{"channel": s.channel, "sid": s.sid} for s in client.by_sid.values()]
                self._send(client, {"type": "ok", "id": command.id, "msg": listed})
            case _:
                raise CommandError(5)

    def _subscribe(self, client: Connection, command: Command) -> None:
        params = command.params
        if params is None:
            raise CommandError(2)
        if not params.channels:
            raise CommandError(3)
        tickers = named_markets(params, self._ids)
        code = next(filter(None, (refused_channel(c, params, tickers) for c in params.channels)), 0)
        if code:
            raise CommandError(code)
        for channel in params.channels:
            subscription = client.find(channel)
            if subscription is None:
                subscription = client.add(channel, params)
                told = {"channel": channel, "sid": subscription.sid}
                self._send(client, {"type": "subscribed", "id": command.id, "msg": told})
                added = subscription.include(tickers)
            else:
                added = subscription.include(tickers)
                self._send_ok(client, subscription, command.id)
            self._send_initial(client, subscription, added, is_wanted=params.send_initial_snapshot)

    def _unsubscribe(self, client: Connection, command: Command) -> None:
        if command.params is None:
            raise CommandError(2)
        if not command.params.sids:
            raise CommandError(4)
        sids = list(dict.fromkeys(command.params.sids))
        if not client.by_sid.keys() >= set(sids):
            raise CommandError(7)
        for sid in sids:
            subscription = client.by_sid.pop(sid)
            told = {"sid": sid, "seq": subscription.next_seq()}
            self._send(client, {"type": "unsubscribed", "id": command.id, **told})

    def _update(self, client: Connection, command: Command) -> None:
        params = command.params
        if params is None:
            raise CommandError(2)
        subscription = client.by_sid.get(sole_sid(params))
        if subscription is None:
            raise CommandError(7)
        tickers = named_markets(params, self._ids)
        if not params.action:
            raise CommandError(15, subscription)
        if not tickers:
            raise CommandError(14, subscription)
        if params.action == "add_markets":
            added = subscription.include(tickers)
            self._send_ok(client, subscription, command.id)
            self._send_initial(client, subscription, added, is_wanted=params.send_initial_snapshot)
        elif params.action == "delete_markets":
            subscription.exclude(tickers)
            self._send_ok(client, subscription, command.id)
        elif params.action == "get_snapshot" and subscription.channel == BOOK:
            self._send_snapshots(client, subscription, tickers, command.id)
        else:
            raise CommandError(13, subscription)

    def _send_initial(
        self,
        client: Connection,
        subscription: Subscription,
        added: Iterable[str],
        *,
        is_wanted: bool,
    ) -> None:
        if subscription.channel == BOOK:
            self._send_snapshots(client, subscription, added, 0)
        elif subscription.channel == TICKER and is_wanted:
            for native_id in filter(self._exchange.has_market, added):
                body = self._ticker_body(native_id)
                self._send_data(client, subscription, "ticker", msgspec.json.encode(body))

    def _send_snapshots(
        self,
        client: Connection,
        subscription: Subscription,
        tickers: Iterable[str],
        command_id: int,
    ) -> None:
        for native_id in tickers:
            body = frames.orderbook_snapshot(
                self._exchange, native_id, use_yes_price=subscription.use_yes_price
            )
            raw = msgspec.json.encode(body)
            self._send_data(client, subscription, "orderbook_snapshot", raw, command_id)

    # ---- news

    def publish_news(self, now_us: Instant) -> None:
        """Queue frames for what happened since the last time, and note it in the records."""
        self._now_us = now_us
        if not (events := self._exchange.take_events()):
            self._records.settle()
            return
        touched = dict.fromkeys(
            event.native_id for event in events if isinstance(event, LevelChanged | Trade)
        )
        held = dict.fromkeys(
            (event.account, event.native_id) for event in events if isinstance(event, Filled)
        )
        self._own = {e.order.order_id: e.order for e in events if isinstance(e, OrderUpdated)}
        for event in events:
            self._publish(event)
            self._publish_own(event)
        for account, native_id in held:
            self._tell_position(account, native_id)
        for native_id in touched:
            self._tell_ticker(native_id)
        self._records.settle()

    def _publish(self, event: ExchangeEvent) -> None:
        match event:
            case LevelChanged():
                self._level_changed(event)
            case Trade():
                self._last_sizes[event.native_id] = event.quantity
                self._tell(TRADE, event.native_id, "trade", frames.trade(event))
            case StatusChanged():
                body = frames.status_changed(event, self._exchange.market(event.native_id))
                self._tell(LIFECYCLE, event.native_id, LIFECYCLE, body)
            case GridChanged():
                self._tell(LIFECYCLE, event.native_id, LIFECYCLE, frames.grid_changed(event))
            case FeeChanged():
                body = self._fees.change(event)
                self._tell(LIFECYCLE, event.native_id, "event_fee_update", body)
            case MarketCreated():
                self._market_created(event)
            case _:
                pass

    def _publish_own(self, event: ExchangeEvent) -> None:
        before = self._records.note(event)
        match event:
            case OrderUpdated():
                self._order_updated(event.order, before)
            case Filled():
                self._filled(event)
            case GroupChanged():
                self._group_changed(event)
            case _:
                pass

    def _market_created(self, event: MarketCreated) -> None:
        listing = event.listing
        self._ids[market_uuid(event.native_id)] = event.native_id
        self._fees.learn(listing)
        if listing.event.id not in self._event_ids:
            self._event_ids.add(listing.event.id)
            body = frames.event_created(listing.event)
            self._tell(LIFECYCLE, event.native_id, "event_lifecycle", body)
        self._tell(LIFECYCLE, event.native_id, LIFECYCLE, frames.market_created(listing))

    def _order_updated(self, order: OrderState, before: OrderState | None) -> None:
        owner = self._members.owner(order.account)
        if owner is not None:
            body = user_order(order, before, user_id(owner[0]), owner[1])
            self._tell(ORDERS, order.native_id, "user_order", body, owner[0])

    def _filled(self, fill: Filled) -> None:
        owner = self._members.owner(fill.account)
        if owner is not None:
            self._tell(FILLS, fill.native_id, "fill", fill_message(fill, owner[1]), owner[0])

    def _group_changed(self, event: GroupChanged) -> None:
        owner = self._members.owner(event.account)
        if owner is not None:
            self._tell(GROUPS, "", GROUPS, group_message(event), owner[0])

    def _tell_position(self, account: str, native_id: str) -> None:
        """At most one message a market and round: the position after all of it."""
        owner = self._members.owner(account)
        if owner is None or not self._listening(POSITIONS, native_id, owner[0]):
            return
        volume = self._records.volume(account, native_id)
        for position in self._exchange.positions(account):
            if position.native_id == native_id:
                body = market_position(position, user_id(owner[0]), volume)
                self._tell(POSITIONS, native_id, "market_position", body, owner[0])

    def _level_changed(self, event: LevelChanged) -> None:
        """Both price scales are encoded once, however many watch; own orders are named."""
        encoded: dict[tuple[bool, bool], bytes] = {}
        own = self._own.get(event.order_id)
        owner = self._members.owner(own.account) if own else None
        for client, subscription in self._listening(BOOK, event.native_id):
            is_own = owner is not None and client.member == owner[0]
            key = (subscription.use_yes_price, is_own)
            if key not in encoded:
                body = frames.orderbook_delta(event, use_yes_price=key[0])
                if is_own and own is not None:
                    body |= {"client_order_id": own.client_order_id or "", "subaccount": 0}
                encoded[key] = msgspec.json.encode(body)
            self._send_data(client, subscription, "orderbook_delta", encoded[key])

    def _tell_ticker(self, native_id: str) -> None:
        """At most one message a market and round, and only when the numbers differ."""
        listening = self._listening(TICKER, native_id)
        if not listening:
            return
        view = self._exchange.market(native_id)
        told: Told = (*touch(view), view.last_price, view.volume, view.open_interest)
        if self._tickers_told.get(native_id) == told:
            return
        self._tickers_told[native_id] = told
        self._tell(TICKER, native_id, "ticker", self._ticker_body(native_id))

    def _ticker_body(self, native_id: str) -> Body:
        view = self._exchange.market(native_id)
        at_us = max(view.changed_us, view.updated_us)
        return frames.ticker(view, self._last_sizes.get(native_id, 0), at_us)

    def _tell(
        self, channel: str, native_id: str, kind: str, body: Body | None, member: str | None = None
    ) -> None:
        """Say it to all who listen, or to those of one member."""
        listening = self._listening(channel, native_id, member)
        if body is None or not listening:
            return
        raw = msgspec.json.encode(body)
        for client, subscription in listening:
            self._send_data(client, subscription, kind, raw)

    def _listening(
        self, channel: str, native_id: str, member: str | None = None
    ) -> list[tuple[Connection, Subscription]]:
        found: list[tuple[Connection, Subscription]] = []
        for client in self._connections.values():
            subscription = client.find(channel)
            is_meant = member in {None, client.member}
            if is_meant and subscription is not None and subscription.covers(native_id):
                found.append((client, subscription))
        return found

    # ---- envelopes

    def _send_data(
        self,
        client: Connection,
        subscription: Subscription,
        kind: str,
        raw: bytes,
        command_id: int = 0,
    ) -> None:
        envelope: Body = {"type": kind, "id": command_id, "sid": subscription.sid}
        if subscription.is_sequenced:
            envelope["seq"] = subscription.next_seq()
        self._send(client, envelope | {"msg": msgspec.Raw(raw)})

    def _send_ok(self, client: Connection, subscription: Subscription, command_id: int) -> None:
        envelope: Body = {"type": "ok", "id": command_id, "sid": subscription.sid}
        if subscription.is_sequenced:
            envelope["seq"] = subscription.next_seq()
        if subscription.tickers is not None and not subscription.skip_ticker_ack:
            envelope["msg"] = {"market_tickers": sorted(subscription.tickers)}
        self._send(client, envelope)

    def _answer_error(self, client: Connection, command_id: int, error: CommandError) -> None:
        envelope: Body = {"type": "error", "id": command_id}
        if error.subscription is not None:
            envelope["sid"] = error.subscription.sid
            if error.subscription.is_sequenced:
                envelope["seq"] = error.subscription.next_seq()
        self._send(client, envelope | {"msg": {"code": error.code, "msg": error.words}})

    def _send(self, client: Connection, envelope: Body) -> None:
        """Queue a frame: an id of 0 is no id, and the moment of queueing goes before the body."""
        if not envelope.get("id"):
            envelope.pop("id", None)
        body = envelope.pop("msg", None)
        envelope["sending_ts_ms"] = milliseconds(self._now_us)
        if body is not None:
            envelope["msg"] = body
        self._queue.append((client.number, frame(envelope)))
