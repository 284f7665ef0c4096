"""How does a match look to one of its wallets? The same match reads differently to each side.

The top of a trade is always the taker's; a maker finds its part among the maker orders, maybe in
the other token at the mirrored price.
"""

import msgspec

from foreshock.adapters.sim.accounts import outcome_index
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_books import outcome_price
from foreshock.adapters.sim.polymarket_eip712 import checksummed
from foreshock.adapters.sim.polymarket_trades import Settlement, TradeStatus
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.adapters.sim.wire_text import hex_id, milliseconds, seconds, uuid_of
from foreshock.core.domain.markets import Outcome
from foreshock.core.domain.units import Instant, format_micros

NO_FEE_BPS = "0"
STATUS_PREFIX = "TRADE_STATUS_"


class TradeState(msgspec.Struct, frozen=True):
    """A match at one moment."""

    settlement: Settlement
    status: TradeStatus
    updated_us: Instant
    tx_hash: str | None


class Sides:
    """Who stands behind a match; strangers' wallets and keys are made up from their orders."""

    def __init__(self, exchange: Exchange, wallets: Wallets) -> None:
        self._exchange = exchange
        self._wallets = wallets

    def row(self, state: TradeState, account: str) -> dict[str, object]:
        """As the reads tell it to one account."""
        found, trade = state.settlement, state.settlement.trade
        is_taker = trade.taker_account == account
        return {
            "id": found.id,
            "taker_order_id": order_id_text(trade.taker_order),
            "market": trade.native_id,
            **self._leg(found, trade.taker_outcome),
            "side": trade.taker_action.upper(),
            "size": format_micros(trade.quantity),
            "fee_rate_bps": NO_FEE_BPS,
            "status": STATUS_PREFIX + state.status,
            "match_time": str(seconds(found.matched_us)),
            "match_time_nano": str(found.matched_us * 1_000),
            "last_update": str(seconds(state.updated_us)),
            "bucket_index": found.bucket,
            "owner": self._key(trade.taker_account if is_taker else account),
            "maker_address": self._address(trade.taker_account if is_taker else account),
            "transaction_hash": state.tx_hash or "",
            "trader_side": "TAKER" if is_taker else "MAKER",
            "maker_orders": [self._maker(found)],
        }

    def event(self, state: TradeState, account: str) -> dict[str, object]:
        """As the user stream tells it to one account."""
        row = self.row(state, account)
        owner = row["owner"]
        return {
            **row,
            "event_type": "trade",
            "type": "TRADE",
            "status": state.status,
            "timestamp": str(milliseconds(state.updated_us)),
            "matchtime": row["match_time"],
            "trade_owner": owner,
            "transaction_hash": state.tx_hash,
        }

    def _maker(self, found: Settlement) -> dict[str, object]:
        trade = found.trade
        return {
            "order_id": order_id_text(trade.maker_order),
            "owner": self._key(trade.maker_account),
            "maker_address": self._address(trade.maker_account),
            "matched_amount": format_micros(trade.quantity),
            "fee_rate_bps": "",
            **self._leg(found, trade.maker_outcome),
            "outcome_index": outcome_index(trade.maker_outcome),
            "side": trade.maker_action.upper(),
        }

    def _leg(self, found: Settlement, outcome: Outcome) -> dict[str, str]:
        market = self._exchange.market(found.trade.native_id).listing.market
        index = outcome_index(outcome)
        return {
            "asset_id": market.outcome_ids[index],
            "outcome": market.outcome_labels[index],
            "price": format_micros(outcome_price(found.trade.price, index)),
        }

    def _key(self, account: str) -> str:
        wallet = self._wallets.get(account)
        return wallet.key if wallet else stranger_key(account)

    def _address(self, account: str) -> str:
        wallet = self._wallets.get(account)
        return wallet.text() if wallet else stranger_address(account)


def order_id_text(order_id: str) -> str:
    """An order's hash; the simulated crowd signs nothing, so its orders get one made up."""
    return order_id if order_id.startswith("0x") else "0x" + hex_id(order_id, 64)


def stranger_key(account: str) -> str:
    """The API key under which an account of the simulated crowd appears."""
    return uuid_of(f"{account}/key")


def stranger_address(account: str) -> str:
    """The wallet under which an account of the simulated crowd appears."""
    return checksummed("0x" + hex_id(f"{account}/wallet", 40))
