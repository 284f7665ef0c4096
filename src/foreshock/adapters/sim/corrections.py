"""How are accounts changed other than by trading? Holds, reversals, and what a person does by hand.

Functions over the exchange's state. Every dollar and contract still comes from somewhere: the
clearing account stands on the other side of whatever is taken back or handed out.
"""

from foreshock.adapters.sim.accounts import Account
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import MICRO, Instant, Money, Quantity

CLEARING = "clearing"
CLEARING_CASH = Money(1_000_000_000 * MICRO)


def hold_cash(exchange: Exchange, account: str, amount: int) -> None:
    """Keep cash from being used; a negative amount lets go of it."""
    _account(exchange.ledger(), account).reserved += amount


def pay_by_hand(exchange: Exchange, account: str, *, is_on: bool) -> None:
    """Whether an account is paid for settled markets only when it asks."""
    _account(exchange.ledger(), account).is_paid_by_hand = is_on


def hold_contracts(
    exchange: Exchange, account: str, native_id: str, index: int, quantity: int
) -> None:
    """Keep contracts from being sold; a negative quantity lets go. Nothing once they were paid."""
    held = _account(exchange.ledger(), account).holdings.get(native_id)
    if held is not None:
        held.promised[index] += quantity


def free_contracts(exchange: Exchange, account: str, native_id: str, index: int) -> int:
    """Contracts an account could sell now."""
    return _account(exchange.ledger(), account).free(native_id, index)


def give(
    exchange: Exchange, account: str, native_id: str, index: int, amounts: tuple[int, int]
) -> None:
    """Hand contracts to an account against cash. amounts: (quantity, cash it pays)."""
    state = exchange.ledger()
    clearing = _clearing(exchange)
    short = amounts[0] - clearing.free(native_id, index)
    if short > 0:
        exchange.split(CLEARING, native_id, Quantity(short), state.now_us)
    _move(native_id, index, amounts, giver=clearing, taker=_account(state, account))
    _account(state, account).holding(native_id).updated_us = state.now_us


def take(
    exchange: Exchange, account: str, native_id: str, index: int, amounts: tuple[int, int]
) -> None:
    """Take contracts from an account for cash. amounts: (quantity, cash it gets).

    Raises ValueError when it does not hold so many free.
    """
    owner = _account(exchange.ledger(), account)
    if owner.free(native_id, index) < amounts[0]:
        raise ValueError(f"{account} does not hold {amounts[0]} free")
    _move(native_id, index, amounts, giver=owner, taker=_clearing(exchange))
    owner.holding(native_id).updated_us = exchange.ledger().now_us


def refund_fee(exchange: Exchange, account: str, fee: int) -> None:
    """Give a collected fee back."""
    state = exchange.ledger()
    state.fees -= fee
    _account(state, account).cash += fee


def clearing_trade_account(exchange: Exchange, native_id: str, quantity: int) -> str:
    """The clearing account, holding at least so many free contracts of both outcomes."""
    clearing = _clearing(exchange)
    free = min(clearing.free(native_id, 0), clearing.free(native_id, 1))
    if free < quantity:
        exchange.split(CLEARING, native_id, Quantity(quantity - free), _now(exchange))
    return CLEARING


def _now(exchange: Exchange) -> Instant:
    return exchange.ledger().now_us


def _move(
    native_id: str, index: int, amounts: tuple[int, int], *, giver: Account, taker: Account
) -> None:
    quantity, cash = amounts
    giver.holding(native_id).release(index, quantity, cash)
    giver.cash += cash
    taker.holding(native_id).acquire(index, quantity, cash)
    taker.cash -= cash


def _clearing(exchange: Exchange) -> Account:
    if not exchange.has_account(CLEARING):
        exchange.open_account(CLEARING, CLEARING_CASH, is_reported=False, history_max=0)
    return _account(exchange.ledger(), CLEARING)


def _account(state: ExchangeState, name: str) -> Account:
    found = state.accounts.get(name)
    if found is None:
        raise InvariantError(f"no account {name}")
    return found
