"""Which wallets trade at the simulated Polymarket, who signs for them, and what may be spent?

A wallet is an account of the exchange under its address in lower case. Externally owned accounts
sign for themselves; proxies, Safes and deposit wallets are signed for by their owner.
"""

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_eip712 import DOMAINS, checksummed
from foreshock.core.domain.units import Money

ALLOWANCE_FULL = (1 << 256) - 1
EOA, DEPOSIT_WALLET = 0, 3
"""Signature types; 1 is a proxy, 2 a Safe."""


class Wallet:
    """One wallet. owner: who signs, in lower case. allowance: of collateral to the exchanges.

    key: API key of its last order, under which hand-made orders are filed.
    """

    __slots__ = ("address", "allowance", "is_banned", "is_closed_only", "key", "kind", "owner")

    def __init__(self, address: str, owner: str, kind: int) -> None:
        self.address = address
        self.owner = owner
        self.kind = kind
        self.allowance = ALLOWANCE_FULL
        self.is_banned = False
        self.is_closed_only = False
        self.key = ""

    def text(self) -> str:
        """Its address as the venue prints it."""
        return checksummed(self.address)

    def allowances(self) -> dict[str, str]:
        """What each exchange contract may take."""
        return {domain.contract: str(self.allowance) for domain in DOMAINS}


class Wallets:
    """Every wallet seen, by address in lower case."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._wallets: dict[str, Wallet] = {}

    def fund(self, address: str, owner: str, kind: int, cash: Money) -> Wallet:
        """Add cash to a wallet, which is made when it does not exist."""
        wallet = self.known(address, owner, kind)
        self._exchange.deposit(wallet.address, cash)
        return wallet

    def known(self, address: str, owner: str, kind: int) -> Wallet:
        """The wallet at an address; an unknown one starts empty, owned by whoever signs first."""
        name = address.lower()
        found = self._wallets.get(name)
        if found is None:
            found = self._wallets[name] = Wallet(name, owner.lower(), kind)
            if not self._exchange.has_account(name):
                self._exchange.open_account(name, Money(0))
        return found

    def get(self, address: str) -> Wallet | None:
        """The wallet at an address, whoever owns it."""
        return self._wallets.get(address.lower())

    def all(self) -> list[Wallet]:
        """Every wallet, oldest first."""
        return list(self._wallets.values())

    def count(self) -> int:
        """How many are known."""
        return len(self._wallets)

    def of_owner(self, owner: str, kind: int | None = None) -> list[Wallet]:
        """Wallets an address signs for, of one kind or of all."""
        return [
            wallet
            for wallet in self._wallets.values()
            if wallet.owner == owner and kind in {None, wallet.kind}
        ]
