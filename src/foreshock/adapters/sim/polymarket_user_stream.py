"""What does Polymarket's user stream tell, and to whom? A client's own orders and trades.

The first frame names API keys; a wrong one ends the stream. Nothing is acknowledged, nothing is
repeated after a reconnect. Orders: PLACEMENT, UPDATE, CANCELLATION. Trades: once per status.
"""

import msgspec

from foreshock.adapters.sim.polymarket_keys import Credentials, KeyVault
from foreshock.adapters.sim.polymarket_order_log import OrderIntent, OrderRecord, order_row
from foreshock.adapters.sim.polymarket_trade_rows import Sides, TradeState
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.adapters.sim.wire_text import frame, milliseconds
from foreshock.core.domain.units import Instant


class StreamKeys(msgspec.Struct, frozen=True, rename="camel"):
    """What the first frame proves."""

    api_key: str = ""
    secret: str = ""
    passphrase: str = ""


class Command(msgspec.Struct, frozen=True):
    """Any frame a client may send. markets: None or empty means all of them."""

    type: str = ""
    auth: StreamKeys | None = None
    markets: list[str] | None = None
    operation: str = ""


class Listener:
    """One stream. caller: None before its first good frame."""

    __slots__ = ("caller", "is_all", "markets")

    def __init__(self) -> None:
        self.caller: Credentials | None = None
        self.is_all = True
        self.markets: set[str] = set()

    def hears(self, owner: str, native_id: str) -> bool:
        """Whether it is told of this owner's orders in this market."""
        is_own = self.caller is not None and self.caller.address == owner
        return is_own and (self.is_all or native_id in self.markets)


class UserStreams:
    """Every open user stream."""

    def __init__(self, keys: KeyVault, wallets: Wallets, sides: Sides) -> None:
        self._keys = keys
        self._wallets = wallets
        self._sides = sides
        self._listeners: dict[int, Listener] = {}
        self._queue: list[tuple[int, str]] = []
        self._cuts: list[int] = []

    def open(self, connection: int) -> None:
        """A stream that hears nothing before it says who it is."""
        self._listeners[connection] = Listener()

    def close(self, connection: int) -> None:
        """Forget a stream."""
        self._listeners.pop(connection, None)

    def has(self, connection: int) -> bool:
        """Whether the stream is one of these."""
        return connection in self._listeners

    def receive(self, connection: int, text: str) -> None:
        """One client frame: a keep-alive, the keys, or a change of markets."""
        if text == "PING":
            self._queue.append((connection, "PONG"))
            return
        try:
            command = msgspec.json.decode(text, type=Command)
        except msgspec.DecodeError:
            return
        listener = self._listeners[connection]
        if command.auth is not None:
            self._authenticate(connection, listener, command)
        elif command.operation == "subscribe":
            listener.markets |= set(command.markets or ())
        elif command.operation == "unsubscribe":
            listener.markets -= set(command.markets or ())

    def take_frames(self) -> list[tuple[int, str]]:
        """Everything said since the last call."""
        queue, self._queue = self._queue, []
        return queue

    def take_cuts(self) -> list[int]:
        """Streams whose keys were not good."""
        cuts, self._cuts = self._cuts, []
        return cuts

    def order_changed(self, record: OrderRecord, before: OrderRecord | None) -> None:
        """An order was placed, filled or ended: one frame for each of these that is new."""
        intent = record.intent
        kinds: list[OrderRecord] = []
        if before is None and not record.status.startswith("UNMATCHED"):
            placed = OrderRecord(intent, "LIVE", 0, (), record.updated_us)
            kinds.append(record if record.status == "DELAYED" else placed)
        self._tell(intent.account, intent.native_id, [_order(r, "PLACEMENT") for r in kinds])
        if record.matched > (before.matched if before else 0):
            self._tell(intent.account, intent.native_id, [_order(record, "UPDATE")])
        if record.status.startswith(("CANCELED", "UNMATCHED")):
            self._tell(intent.account, intent.native_id, [_order(record, "CANCELLATION")])

    def order_killed(self, intent: OrderIntent, words: str, now_us: Instant) -> None:
        """A market order that found nobody: told with empty texts and the reason as its status."""
        body = _order(OrderRecord(intent, "CANCELED", 0, (), now_us), "CANCELLATION")
        empty: dict[str, object] = {
            "size_matched": "",
            "outcome": "",
            "created_at": "",
            "associate_trades": [],
        }
        self._tell(
            intent.account, intent.native_id, [body | empty | {"status": f"CANCELED_{words}"}]
        )

    def trade_changed(self, state: TradeState) -> None:
        """A match reached a status."""
        for fill in state.settlement.fills:
            event = self._sides.event(state, fill.account)
            self._tell(fill.account, fill.native_id, [event])

    def _authenticate(self, connection: int, listener: Listener, command: Command) -> None:
        said = command.auth or StreamKeys()
        listener.caller = self._keys.known(said.api_key, said.secret, said.passphrase)
        if listener.caller is None:
            self._cuts.append(connection)
            return
        listener.is_all = not command.markets
        listener.markets = set(command.markets or ())

    def _tell(self, account: str, native_id: str, bodies: list[dict[str, object]]) -> None:
        wallet = self._wallets.get(account)
        if wallet is None:
            return
        for connection, listener in self._listeners.items():
            if listener.hears(wallet.owner, native_id):
                self._queue += [(connection, frame(body)) for body in bodies]


def _order(record: OrderRecord, kind: str) -> dict[str, object]:
    row = order_row(record)
    return {
        **row,
        "event_type": "order",
        "type": kind,
        "order_owner": row["owner"],
        "created_at": str(row["created_at"]),
        "timestamp": str(milliseconds(record.updated_us)),
        "associate_trades": list(record.trades) or None,
    }
