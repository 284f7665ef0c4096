"""What did a client of Kalshi's stream ask for, and what does it hold?"""

from collections.abc import Iterable, Mapping

import msgspec

BOOK = "orderbook_delta"
TICKER = "ticker"
TRADE = "trade"
LIFECYCLE = "market_lifecycle_v2"
FILLS = "fill"
POSITIONS = "market_positions"
ORDERS = "user_orders"
GROUPS = "order_group_updates"
PUBLIC = (BOOK, TICKER, TRADE, LIFECYCLE)
PRIVATE = (FILLS, POSITIONS, ORDERS, GROUPS)
"""What tells a member of itself alone."""
CHANNELS = (*PUBLIC, *PRIVATE)
SEQUENCED = (BOOK, TRADE, LIFECYCLE, GROUPS)
UNFILTERED = (LIFECYCLE, GROUPS)
"""Channels that tell of every market, whatever was asked for."""
ERROR_WORDS = {
    1: "Unable to process message",
    2: "Params required",
    3: "Channels required",
    4: "Subscription IDs required",
    5: "Unknown command",
    7: "Unknown subscription ID",
    8: "Unknown channel name",
    11: "Invalid parameter",
    12: "Exactly one subscription ID is required",
    13: "Unsupported action",
    14: "Market Ticker required",
    15: "Action required",
}


class Params(msgspec.Struct):
    """Every parameter of every command; what is absent keeps its default."""

    channels: list[str] = []
    market_ticker: str = ""
    market_tickers: list[str] = []
    market_id: str = ""
    market_ids: list[str] = []
    send_initial_snapshot: bool = False
    skip_ticker_ack: bool = False
    use_yes_price: bool = False
    sid: int | None = None
    sids: list[int] = []
    action: str = ""


class Command(msgspec.Struct):
    """One command; an id of 0 is no id."""

    id: int = 0
    cmd: str = ""
    params: Params | None = None


class Subscription:
    """One sid. tickers: the markets asked for, None for all of them."""

    def __init__(self, sid: int, channel: str, params: Params) -> None:
        self.sid = sid
        self.channel = channel
        self.use_yes_price = params.use_yes_price
        self.skip_ticker_ack = params.skip_ticker_ack
        self.is_sequenced = channel in SEQUENCED
        self.tickers: dict[str, None] | None = {}
        self._seq = 0

    def next_seq(self) -> int:
        """1, 2, 3 ... over everything this sid sends, across its markets."""
        self._seq += 1
        return self._seq

    def covers(self, ticker: str) -> bool:
        """Whether the sid tells of this market."""
        return self.tickers is None or ticker in self.tickers

    def include(self, tickers: Iterable[str]) -> list[str]:
        """Add markets; none at all means every market. Returns the new ones."""
        wanted = list(dict.fromkeys(tickers))
        if not wanted or self.channel in UNFILTERED:
            self.tickers = None
            return []
        if self.tickers is None:
            return []
        added = [ticker for ticker in wanted if ticker not in self.tickers]
        self.tickers |= dict.fromkeys(added)
        return added

    def exclude(self, tickers: Iterable[str]) -> None:
        """Drop markets; one that is not held is passed over."""
        for ticker in tickers:
            if self.tickers is not None:
                self.tickers.pop(ticker, None)


class CommandError(Exception):
    """A command that is answered by an error frame, scoped to a subscription or not."""

    def __init__(self, code: int, subscription: Subscription | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.words = ERROR_WORDS[code]
        self.subscription = subscription


class Connection:
    """One open stream of a member and its subscriptions."""

    def __init__(self, number: int, member: str) -> None:
        self.number = number
        self.member = member
        self.by_sid: dict[int, Subscription] = {}
        self._sids_count = 0

    def find(self, channel: str) -> Subscription | None:
        """The channel's subscription, None when there is none."""
        return next((s for s in self.by_sid.values() if s.channel == channel), None)

    def add(self, channel: str, params: Params) -> Subscription:
        """A new subscription under the next sid."""
        self._sids_count += 1
        subscription = Subscription(self._sids_count, channel, params)
        self.by_sid[subscription.sid] = subscription
        return subscription


def read_command(text: str) -> Command:
    """Raises CommandError: 1 for what is no JSON object, 11 for a value of a wrong kind."""
    try:
        return msgspec.json.decode(text, type=Command)
    except msgspec.ValidationError as error:
        raise CommandError(11) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise CommandError(1) from error


def refused_channel(channel: str, params: Params, tickers: list[str]) -> int:
    """The error code of subscribing to a channel, 0 when it may be."""
    if channel not in CHANNELS:
        return 8
    if channel == BOOK and not tickers:
        return 14
    if channel != TICKER and (params.market_id or params.market_ids):
        return 11
    return 0


def named_markets(params: Params, ids: Mapping[str, str]) -> list[str]:
    """The tickers a command names, in one of four ways. Raises CommandError 11 for two at once.

    ids: tickers by market id. An unknown id raises CommandError 11 too.
    """
    ways = (
        [params.market_ticker] if params.market_ticker else [],
        params.market_tickers,
        [params.market_id] if params.market_id else [],
        params.market_ids,
    )
    if sum(map(bool, ways)) > 1:
        raise CommandError(11)
    by_id = [*ways[2], *ways[3]]
    if any(market_id not in ids for market_id in by_id):
        raise CommandError(11)
    return [*ways[0], *ways[1], *(ids[market_id] for market_id in by_id)]


def sole_sid(params: Params) -> int:
    """The one sid an update is about. Raises CommandError 12 for none or several."""
    named = [*([] if params.sid is None else [params.sid]), *params.sids]
    if len(named) != 1:
        raise CommandError(12)
    return named[0]
