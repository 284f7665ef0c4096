"""Why does the simulated Polymarket not take an order? In the venue's own statuses and words."""

import msgspec

from foreshock.adapters.sim.exchange_types import MarketView, OrderRefused, RefusalCode
from foreshock.adapters.sim.polymarket_condition import Refusal
from foreshock.adapters.sim.polymarket_eip712 import (
    DOMAINS,
    Domain,
    order_signer,
    wallet_order_signer,
)
from foreshock.adapters.sim.polymarket_keys import Credentials
from foreshock.adapters.sim.polymarket_order_wire import Limit, Placement
from foreshock.adapters.sim.polymarket_wallets import DEPOSIT_WALLET, EOA, Wallet
from foreshock.core.domain.units import MICRO, PAYOUT, SECOND, Duration, Instant, format_micros

MARKETABLE_MIN = 1_000_000
"""A purchase that trades at once costs a dollar at least."""
GTD_AHEAD = Duration(180 * SECOND)
GTD_EARLY = Duration(60 * SECOND)
"""An expiry lies three minutes ahead at least, and strikes one minute before its time."""
NOT_OWNER = "the order owner has to be the owner of the API KEY"
NOT_SIGNER = "the order signer address has to be the address of the API KEY"
NOT_MAKER = "maker address not allowed, please use the deposit wallet flow"
BALANCE = "not enough balance / allowance"
FOK_UNFILLED = "order couldn't be fully filled. FOK orders are fully filled or killed."
FAK_UNMATCHED = (
    "no orders found to match with FAK order. "
    "FAK orders are partially filled or killed if no match is found."
)
NOT_READY = "the market is not yet ready to process new orders"
EXCHANGE_WORDS: dict[RefusalCode, str] = {
    "post_only_cross": "invalid post-only order: order crosses book",
    "fok_shortfall": FOK_UNFILLED,
    "expiry_in_past": "invalid expiration",
    "market_not_open": NOT_READY,
}


class Funds(msgspec.Struct, frozen=True):
    """What the chain shows of an asset, what orders and matches promise, what is asked now."""

    balance: int
    promised: int
    amount: int


def refused_sender(caller: Credentials, placement: Placement, wallet: Wallet) -> Refusal | None:
    """Whether this caller may send orders of this wallet."""
    terms = placement.terms
    is_wallet_signer = terms.signature_type == DEPOSIT_WALLET
    words: str | None = None
    if placement.owner != caller.key:
        words = NOT_OWNER
    elif (terms.maker if is_wallet_signer else caller.address).lower() != terms.signer.lower():
        words = NOT_SIGNER
    elif not _may_use(caller, placement, wallet):
        words = NOT_MAKER
    elif wallet.is_banned:
        words = f"'{terms.maker}' address banned"
    elif wallet.is_closed_only and placement.side == "BUY":
        words = f"'{terms.maker}' address in closed only mode"
    return None if words is None else Refusal(400, words)


def _may_use(caller: Credentials, placement: Placement, wallet: Wallet) -> bool:
    terms = placement.terms
    is_own = terms.signature_type != EOA or terms.maker.lower() == caller.address
    return is_own and wallet.owner == caller.address and wallet.kind == terms.signature_type


def refused_signature(placement: Placement, domain: Domain, owner: str) -> Refusal | None:
    """Whether the owner signed it for this exchange; signed for another one is told apart."""
    is_wrapped = placement.terms.signature_type == DEPOSIT_WALLET
    signer_of = wallet_order_signer if is_wrapped else order_signer
    if signer_of(placement.terms, domain, placement.signature) == owner:
        return None
    others = [other for other in DOMAINS if other.version != domain.version]
    if any(signer_of(placement.terms, other, placement.signature) == owner for other in others):
        return Refusal(400, "order_version_mismatch")
    return Refusal(400, "invalid signature")


def refused_terms(
    order_id: str, placement: Placement, limit: Limit | str, view: MarketView
) -> Refusal | None:
    """Price step, accuracy of amounts, smallest size."""
    market = view.listing.market
    if limit == "tick":
        price = format_micros(placement.quote * PAYOUT // placement.size)
        step = format_micros(market.grid.finest())
        words = (
            f"order {order_id} is invalid. Price ({price}) breaks minimum tick size rule: {step}"
        )
        return Refusal(400, words)
    if isinstance(limit, str):
        return Refusal(400, limit)
    if not placement.is_market and placement.size < market.quantity_min:
        size, least = format_micros(placement.size), format_micros(market.quantity_min)
        words = f"order {order_id} is invalid. Size ({size}) lower than the minimum: {least}"
        return Refusal(400, words)
    return None


def refused_amount(placement: Placement, wallet: Wallet, *, is_marketable: bool) -> Refusal | None:
    """Allowance, and the smallest purchase that trades at once."""
    if placement.side == "SELL":
        return None
    if is_marketable and placement.quote < MARKETABLE_MIN:
        spent = format_micros(placement.quote)
        words = f"invalid amount for a marketable BUY order (${spent}), min size: $1"
        return Refusal(400, words)
    if wallet.allowance < placement.quote:
        return Refusal(
            400,
            f"{BALANCE}: the allowance is not enough -> allowance: {wallet.allowance}, "
            f"order amount: {placement.quote}",
        )
    return None


def expiry_us(placement: Placement, now_us: Instant) -> Instant | Refusal | None:
    """When the venue ends the order; only GTD may and must name a time."""
    if placement.order_type != "GTD":
        return Refusal(400, "invalid expiration") if placement.expiration else None
    at_us = placement.expiration * MICRO
    if at_us < now_us + GTD_AHEAD:
        return Refusal(400, "invalid expiration")
    return Instant(at_us - GTD_EARLY)


def refused_by_exchange(refused: OrderRefused, funds: Funds) -> Refusal:
    """The venue's words for what the exchange would not do."""
    if refused.code == "insufficient_balance":
        return Refusal(
            400,
            f"{BALANCE}: the balance is not enough -> balance: {funds.balance}, "
            f"sum of matched orders: {funds.promised}, order amount: {funds.amount}",
        )
    words = EXCHANGE_WORDS.get(refused.code)
    return Refusal(400, words) if words else Refusal(500, "could not insert order")
