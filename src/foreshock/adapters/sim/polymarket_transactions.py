"""What becomes of the transactions that wallets ask the simulated relayer to send?

    NEW -> EXECUTED -> MINED -> CONFIRMED        dollars and contracts move when it is mined
                    -> FAILED                    nothing moved: no cover, not resolved, or by fate

One at a time for each wallet, in the order of its nonce; each step takes what the settlement of a
match takes. The adapters' approvals are taken as given.
"""

import random
from collections import deque
from typing import Literal, TypeAlias

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_chain import ChainLog
from foreshock.adapters.sim.polymarket_relay_wire import Asked
from foreshock.adapters.sim.polymarket_trades import Settlements
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.adapters.sim.wire_text import hex_id, uuid_of
from foreshock.core.domain.units import Instant, Quantity

State: TypeAlias = Literal[
    "STATE_NEW", "STATE_EXECUTED", "STATE_MINED", "STATE_CONFIRMED", "STATE_FAILED"
]
TransactionFate: TypeAlias = Literal["confirm", "fail"]
AFTER: dict[State, State] = {
    "STATE_NEW": "STATE_EXECUTED",
    "STATE_EXECUTED": "STATE_MINED",
    "STATE_MINED": "STATE_CONFIRMED",
}
ADAPTERS = {
    False: "0xada100db00ca00073811820692005400218fce1f",
    True: "0xada2005600dec949baf300f4c6120000bdb6eaab",
}
"""The collateral adapter by whether the market is a neg-risk one."""
KEPT_MAX = 10_000


class Transaction:
    """One of them. tx_hash, error: "" until there is one. due_us: of the next state."""

    __slots__ = ("asked", "due_us", "error", "fate", "id", "state", "tx_hash")

    def __init__(self, name: str, asked: Asked, fate: TransactionFate, due_us: Instant) -> None:
        self.id = name
        self.asked = asked
        self.fate = fate
        self.due_us = due_us
        self.state: State = "STATE_NEW"
        self.tx_hash = self.error = ""


class Transactions:
    """Every transaction of every wallet. fates: of the next submissions, in order."""

    def __init__(
        self, exchange: Exchange, wallets: Wallets, chain: ChainLog, settlements: Settlements
    ) -> None:
        self.fates: list[TransactionFate] = []
        self._exchange = exchange
        self._wallets = wallets
        self._chain = chain
        self._settlements = settlements
        self._rng = random.Random(0)
        self._all: dict[str, Transaction] = {}
        self._order: deque[str] = deque()
        self._open: dict[str, Transaction] = {}
        self._nonces: dict[str, int] = {}

    def nonce(self, owner: str, signature_type: int) -> int:
        """Of the next transaction of an owner's wallet."""
        found = self._wallets.of_owner(owner.lower(), signature_type)
        return self._nonces.get(found[0].address, 0) if found else 0

    def submit(self, asked: Asked, now_us: Instant) -> Transaction | str:
        """Take a transaction, or say in words why not."""
        wallet = self._wallets.get(asked.wallet)
        if wallet is None or (wallet.owner, wallet.kind) != (asked.owner, asked.signature_type):
            return "not the owner of this wallet"
        if wallet.address in self._open:
            return "wallet has in-flight action"
        nonce = self._nonces.get(wallet.address, 0)
        if asked.nonce != nonce:
            return f"batch nonce {asked.nonce} does not match on-chain nonce {nonce}"
        fate = self.fates.pop(0) if self.fates else "confirm"
        name = uuid_of(f"relayed/{wallet.address}/{len(self._all)}/{now_us}")
        made = Transaction(name, asked, fate, self._later(now_us))
        self._all[name] = self._open[wallet.address] = made
        self._order.append(name)
        if len(self._order) > KEPT_MAX:
            self._all.pop(self._order.popleft())
        return made

    def get(self, name: str) -> Transaction | None:
        """A transaction still remembered."""
        return self._all.get(name)

    def advance(self, now_us: Instant) -> None:
        """Let every step happen that is due."""
        for address, found in list(self._open.items()):
            while found.state in AFTER and found.due_us <= now_us:
                self._step(found, found.due_us)
            if found.state not in AFTER:
                del self._open[address]

    def _step(self, found: Transaction, at_us: Instant) -> None:
        found.state = AFTER[found.state]
        found.due_us = self._later(at_us)
        if found.state != "STATE_MINED":
            return
        account = found.asked.wallet
        self._nonces[account] = self._nonces.get(account, 0) + 1
        try:
            self._act(found, at_us)
        except ValueError as error:
            found.state, found.error = "STATE_FAILED", f"execution reverted: {error}"
            found.tx_hash = "0x" + hex_id(f"reverted/{found.id}", 64)

    def _act(self, found: Transaction, at_us: Instant) -> None:
        """Move dollars and contracts. Raises ValueError when the contract would revert."""
        call, account = found.asked.call, found.asked.wallet
        if found.fate == "fail":
            raise ValueError("ordered to")
        if not self._exchange.has_market(call.condition):
            raise ValueError("no such condition")
        event = self._exchange.market(call.condition).listing.event
        if call.contract != ADAPTERS[event.exclusive]:
            raise ValueError("not the adapter of this market")
        quantity = Quantity(call.quantity)
        if call.kind == "split":
            self._chain.split(account, call.condition, quantity, at_us)
        elif call.kind == "merge":
            self._chain.merge(account, call.condition, quantity, at_us)
        else:
            self._chain.redeem(account, call.condition, at_us)
        found.tx_hash = next(self._chain.of(account)).tx_hash

    def _later(self, now_us: Instant) -> Instant:
        pace = self._settlements.pace
        return Instant(now_us + self._rng.randint(pace.step_us_min, pace.step_us_max))
