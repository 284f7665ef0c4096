"""Whose money is where at Kalshi? A member has one account on every exchange shard.

A market lives on one shard, and so do the orders, the positions and the cash behind them: money on
another shard does not count, which is why an order may fail on a member who has enough.
"""

from collections.abc import Mapping

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.kalshi_objects import shard
from foreshock.adapters.sim.wire_text import uuid_of
from foreshock.core.domain.units import Instant, Money


class Members:
    """The members and their accounts. Raises KeyError for a member that was never opened."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._accounts: dict[str, dict[int, str]] = {}
        self._owners: dict[str, tuple[str, int]] = {}
        self._client_ids: dict[str, set[str]] = {}
        self._places: dict[str, tuple[int, str]] = {}
        self._orders_count = 0

    def open(self, member: str, cash: Mapping[int, Money]) -> None:
        """Add a member, with cash by shard; opening it again only adds the cash."""
        self._accounts.setdefault(member, {})
        self._client_ids.setdefault(member, set())
        for index, amount in cash.items():
            self._exchange.deposit(self.account(member, index), amount)

    def names(self) -> list[str]:
        """Every member, oldest first."""
        return list(self._accounts)

    def account(self, member: str, index: int) -> str:
        """The exchange's account of a member on a shard, opened empty when there is none yet."""
        accounts = self._accounts[member]
        if index not in accounts:
            accounts[index] = name = f"{member}/{index}"
            self._owners[name] = (member, index)
            self._exchange.open_account(name, Money(0))
        return accounts[index]

    def accounts(self, member: str) -> dict[int, str]:
        """Accounts by shard; the default shard always has one."""
        self.account(member, 0)
        return dict(sorted(self._accounts[member].items()))

    def owner(self, account: str) -> tuple[str, int] | None:
        """Member and shard of an account, None for an account of nobody we know."""
        return self._owners.get(account)

    def shard_of(self, ticker: str) -> int:
        """The shard of a market. Raises KeyError for an unknown one."""
        return self._place_of(ticker)[0]

    def event_of(self, ticker: str) -> str:
        """The event of a market. Raises KeyError for an unknown one."""
        return self._place_of(ticker)[1]

    def _place_of(self, ticker: str) -> tuple[int, str]:
        """Looked up once: a market never moves."""
        if ticker not in self._places:
            event = self._exchange.market(ticker).listing.event
            self._places[ticker] = (shard(event), event.id)
        return self._places[ticker]

    def available(self, account: str) -> Money:
        """Cash less what resting orders would cost: what the venue calls the balance."""
        cash = self._exchange.balances(account).cash
        return Money(cash - self._exchange.desk.collateral(account))

    def has_enough_elsewhere(self, member: str, index: int) -> bool:
        """Whether another shard holds money of the member."""
        others = [name for other, name in self._accounts[member].items() if other != index]
        return any(self.available(name) > 0 for name in others)

    def move(self, member: str, source: int, target: int, amount: Money) -> bool:
        """Move cash between shards. False when there is not enough."""
        giver, taker = self.account(member, source), self.account(member, target)
        if not 0 < amount <= self._exchange.balances(giver).available:
            return False
        self._exchange.desk.move_cash(giver, taker, amount)
        return True

    # ---- names of orders

    def is_used(self, member: str, client_order_id: str) -> bool:
        """Whether the member ever gave this name to an order, on whatever shard."""
        return client_order_id in self._client_ids[member]

    def use(self, member: str, client_order_id: str) -> None:
        """Use up a name, for ever."""
        self._client_ids[member].add(client_order_id)

    def next_order_id(self, member: str, now_us: Instant) -> str:
        """A fresh order id."""
        self._orders_count += 1
        return uuid_of(f"order/{member}/{self._orders_count}/{now_us}")


def user_id(member: str) -> str:
    """The venue's id of a member."""
    return uuid_of(f"user/{member}")
