"""What does real trading at a venue consist of? One account each, put together to a gateway."""

from collections.abc import Callable, Sequence

import msgspec

from foreshock.adapters.venues.beats import Beats, Pulse
from foreshock.adapters.venues.budget import Budget, BudgetTerms
from foreshock.adapters.venues.jobs import Jobs
from foreshock.adapters.venues.live import Desks, JudgeAgain, LiveVenue
from foreshock.adapters.venues.order_path import AccountReader, OrderPath, Unsigned
from foreshock.adapters.venues.readings import Readings
from foreshock.core.domain.markets import Market


class VenueAccount(msgspec.Struct, frozen=True):
    """One venue account without its keys.

    pulse: what is asked regularly, None for nothing. resets: what makes its fuses whole
    again, once a person resumes. listing: hears the terms of its markets.
    """

    path: OrderPath
    reader: AccountReader
    budget: BudgetTerms
    pulse: Pulse | None = None
    resets: tuple[Unsigned, ...] = ()
    listing: Callable[[Market], None] | None = None


def live_venue(accounts: Sequence[VenueAccount], judge_again: JudgeAgain) -> LiveVenue:
    """The gateway to these accounts."""
    paths = {account.path.venue: account.path for account in accounts}
    readers = {account.path.venue: account.reader for account in accounts}
    budgets = {account.path.venue: Budget(account.budget) for account in accounts}
    pulses = {a.path.venue: a.pulse for a in accounts if a.pulse is not None}
    resets = {account.path.venue: account.resets for account in accounts}
    listings = {a.path.venue: a.listing for a in accounts if a.listing is not None}

    def listed(market: Market) -> None:
        if market.venue in listings:
            listings[market.venue](market)

    desks = Desks(Jobs(budgets), Readings(readers), Beats(pulses, resets), listed)
    return LiveVenue(paths, desks, judge_again)
