"""What does real trading at a venue consist of? One account each, put together to a gateway."""

from collections.abc import Callable, Sequence

import msgspec

from foreshock.adapters.venues.beats import Beats, Pulse
from foreshock.adapters.venues.budget import Budget, BudgetTerms
from foreshock.adapters.venues.conversion_path import ConversionPath
from foreshock.adapters.venues.conversions import JudgeConversion
from foreshock.adapters.venues.jobs import Jobs
from foreshock.adapters.venues.live import Desks, Judges, LiveVenue, Paths
from foreshock.adapters.venues.order_path import AccountReader, OrderPath, Unsigned
from foreshock.adapters.venues.orders import JudgeAgain
from foreshock.adapters.venues.readings import Readings
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.conversions import ConversionRefused, ConvertSets
from foreshock.core.domain.units import Instant


class VenueAccount(msgspec.Struct, frozen=True):
    """One venue account without its keys.

    pulse, standing: what is asked regularly, None for nothing. resets: what makes its fuses whole
    again, once a person resumes. listing: hears the terms of its markets. conversions: turns
    dollars into contracts of both outcomes; None where that is not allowed or not possible.
    """

    path: OrderPath
    reader: AccountReader
    budget: BudgetTerms
    pulse: Pulse | None = None
    standing: Pulse | None = None
    resets: tuple[Unsigned, ...] = ()
    listing: Callable[[Market], None] | None = None
    conversions: ConversionPath | None = None


def nothing_converts(command: ConvertSets, now_us: Instant) -> ConversionRefused:
    """Where no gate judges splits, merges and redemptions, none leaves."""
    del now_us
    words = "this desk has no gate for it"
    return ConversionRefused(command.conversion_id, Refusal("NO_GATE", words))


def live_venue(
    accounts: Sequence[VenueAccount],
    judge_again: JudgeAgain,
    judge_conversion: JudgeConversion = nothing_converts,
) -> LiveVenue:
    """The gateway to these accounts."""
    paths = {account.path.venue: account.path for account in accounts}
    converting = {a.path.venue: a.conversions for a in accounts if a.conversions is not None}
    readers = {account.path.venue: account.reader for account in accounts}
    budgets = {account.path.venue: Budget(account.budget) for account in accounts}
    pulses = {a.path.venue: a.pulse for a in accounts if a.pulse is not None}
    standings = {a.path.venue: a.standing for a in accounts if a.standing is not None}
    pulses |= {f"{venue}/standing": standing for venue, standing in standings.items()}
    resets = {account.path.venue: account.resets for account in accounts}
    listings = {a.path.venue: a.listing for a in accounts if a.listing is not None}

    def listed(market: Market) -> None:
        if market.venue in listings:
            listings[market.venue](market)

    desks = Desks(Jobs(budgets), Readings(readers), Beats(pulses, resets), listed)
    judges = Judges(judge_again, judge_conversion)
    return LiveVenue(Paths(paths, converting), desks, judges)
