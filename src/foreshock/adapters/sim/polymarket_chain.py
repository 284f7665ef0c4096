"""What happened to wallets on the chain beside trades? Splits, merges, and payouts redeemed.

Winning contracts of the simulated venue are redeemed for their holders when a market is paid,
unless a wallet was told to do that itself.
"""

from collections import deque
from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.adapters.sim.wire_text import hex_id
from foreshock.core.domain.units import Instant, Quantity

DeedKind: TypeAlias = Literal["SPLIT", "MERGE", "REDEEM"]
DEEDS_KEPT_MAX = 10_000


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. quantity: contracts, of each outcome for sets; dollars: paid or received."""

    kind: DeedKind
    account: str
    native_id: str
    quantity: int
    dollars: int
    at_us: Instant
    tx_hash: str


class ChainLog:
    """Deeds of known wallets, oldest first."""

    def __init__(self, exchange: Exchange, wallets: Wallets) -> None:
        self._exchange = exchange
        self._wallets = wallets
        self._deeds: deque[Deed] = deque(maxlen=DEEDS_KEPT_MAX)
        self._count = 0

    def of(self, account: str) -> Iterator[Deed]:
        """Deeds of one wallet, newest first."""
        return (deed for deed in reversed(self._deeds) if deed.account == account)

    def split(self, account: str, native_id: str, quantity: Quantity, now_us: Instant) -> None:
        """Dollars become sets. Raises ValueError when the wallet lacks them."""
        self._exchange.split(account, native_id, quantity, now_us)
        self._note("SPLIT", account, native_id, (quantity, quantity), now_us)

    def merge(self, account: str, native_id: str, quantity: Quantity, now_us: Instant) -> None:
        """Sets become dollars. Raises ValueError when the wallet lacks them."""
        self._exchange.merge(account, native_id, quantity, now_us)
        self._note("MERGE", account, native_id, (quantity, quantity), now_us)

    def redeem(self, account: str, native_id: str, now_us: Instant) -> None:
        """Contracts of a paid market become dollars. Raises ValueError before it is paid."""
        held = sum(
            position.yes + position.no
            for position in self._exchange.positions(account)
            if position.native_id == native_id
        )
        paid = self._exchange.redeem(account, native_id, now_us)
        self._note("REDEEM", account, native_id, (held, paid), now_us)

    def paid(self, native_id: str, now_us: Instant) -> None:
        """A market was paid: note what each wallet got for what it held."""
        for wallet in self._wallets.all():
            newest = self._exchange.settlements(wallet.address)[:1]
            for settlement in newest:
                if settlement.native_id == native_id:
                    amounts = (settlement.yes + settlement.no, settlement.revenue)
                    self._note("REDEEM", wallet.address, native_id, amounts, now_us)

    def _note(
        self,
        kind: DeedKind,
        account: str,
        native_id: str,
        amounts: tuple[int, int],
        now_us: Instant,
    ) -> None:
        self._count += 1
        deed = Deed(
            kind=kind,
            account=account,
            native_id=native_id,
            quantity=amounts[0],
            dollars=amounts[1],
            at_us=now_us,
            tx_hash="0x" + hex_id(f"{kind}/{account}/{self._count}", 64),
        )
        self._deeds.append(deed)
