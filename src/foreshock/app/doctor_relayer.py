"""Could this machine split, merge and redeem? Does the relayer know the wallet? Nothing moves."""

from collections.abc import Callable

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpTransport
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.relayer import read_turn, turn_request
from foreshock.app.account_feeds import holder_of
from foreshock.app.doctor import Finding
from foreshock.app.signer_wire import PublicAccount
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.units import Instant, format_micros

NAME = "polymarket relayer"
Sign = Callable[[Unsigned, Instant], HttpRequest]


async def relayer_of(
    account: PublicAccount, sign: Sign, relayer: HttpTransport
) -> tuple[Finding, ...]:
    """Whose turn it is, where the signer's policy lets anything be turned at all."""
    if not account.sets_max:
        return ()
    try:
        asked = sign(turn_request(holder_of(account)), wall_clock_us())
        turn = read_turn(await relayer.send(asked))
    except VenueUnavailableError as error:
        return (Finding(NAME, "problem", f"{error}: look at live.polymarket_relayer_url"),)
    except (ConfigError, DataError) as error:
        words = f"{error}: check live.polymarket_relayer_key and live.polymarket_wallet"
        return (Finding(NAME, "problem", words),)
    ceiling = format_micros(account.sets_max, 2)
    return (Finding(NAME, "ok", f"knows the wallet, turn {turn.nonce}; ${ceiling} at once"),)
