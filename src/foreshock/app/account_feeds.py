"""Which protocols read the user channels? Built from what is public about the accounts.

Live and replay use the same ones: they hold no secret, and learn the markets from what is listed.
"""

from collections.abc import Mapping, Sequence

from foreshock.adapters.venues.kalshi.private_channels import KalshiUserFeed
from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.adapters.venues.polymarket.ours import Ours
from foreshock.adapters.venues.polymarket.user_channel import UserFeed
from foreshock.app.feeds import ProtocolFactory
from foreshock.app.signer_wire import PublicAccount
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.pricing.fees import FeePack


class AccountFeeds:
    """The user channels' protocols by the name that ConnectionOpened carries."""

    hears: frozenset[type[Message]] = frozenset({MarketListed})

    def __init__(self, accounts: Sequence[PublicAccount], fees: Mapping[str, FeePack]) -> None:
        self.factories: dict[str, ProtocolFactory] = {}
        self._ours: Ours | None = None
        for account in accounts:
            if account.venue == "polymarket":
                ours = self._ours = Ours(holder_of(account), fees.get("polymarket"))
                self.factories["polymarket-user"] = lambda n, ours=ours: UserFeed(n, ours, None)
            else:
                self.factories[f"{account.venue}-user"] = KalshiUserFeed

    def hear(self, message: Message) -> None:
        """Know every market before its fills are told."""
        if self._ours is not None and isinstance(message, MarketListed):
            self._ours.list_market(message.market)


def holder_of(account: PublicAccount) -> Holder:
    """In whose name orders stand. Raises ConfigError for an odd address."""
    wallet = account.wallet if account.signature_type else None
    return parse_holder(account.address, wallet, account.signature_type)
