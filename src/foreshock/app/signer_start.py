"""How does the signer start? Keys from their sources, credentials derived, then it listens."""

import asyncio
import signal
import sys
from pathlib import Path

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.seams import HttpTransport
from foreshock.adapters.venues.kalshi.signing import ApiKey, parse_key
from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner, Relaying
from foreshock.adapters.venues.polymarket.signing import (
    ApiCredentials,
    RelayerKey,
    create_request,
    derive_request,
    read_credentials,
)
from foreshock.adapters.venues.polymarket.wallet import WalletKey, parse_wallet_key
from foreshock.app.cli.output import write
from foreshock.app.config import LiveSection, Settings, home_folder, load_settings
from foreshock.app.keys import read_key
from foreshock.app.run_to_end import run_to_end
from foreshock.app.signer import Policy, Vault, serve_signer, signers_of, until_input_ends
from foreshock.app.signer_wire import PublicAccount, Ready
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.units import Money, parse_micros

NONCE = 0


class Keys(msgspec.Struct, frozen=True):
    """What was read; nothing of it leaves this process."""

    kalshi: ApiKey | None
    wallet: WalletKey | None
    relayer: RelayerKey | None = None

    def __repr__(self) -> str:
        return "Keys(hidden)"


def run_signer() -> None:
    """Serve until the input or a signal ends it."""
    run_to_end(_signer(load_settings({}), home_folder()))


async def _signer(settings: Settings, home: Path) -> None:
    keys = read_keys(settings)
    holder, credentials = None, None
    if keys.wallet is not None:
        holder = holder_of(settings.live, keys.wallet.address)
        transport = NetworkTransport(settings.polymarket.clob_url)
        try:
            credentials = await derive(keys.wallet, transport)
        finally:
            await transport.close()
    vault = vault_of(settings, keys, holder, credentials)
    accounts = accounts_of(keys, holder, sets_max_of(settings.live))

    def announce(path: Path) -> None:
        write(msgspec.json.encode(Ready(str(path), accounts)).decode() + "\n")

    _outlive_signals()
    serving = asyncio.ensure_future(serve_signer(vault, home, announce))
    ended = asyncio.ensure_future(until_input_ends())
    await asyncio.wait([serving, ended], return_when=asyncio.FIRST_COMPLETED)
    for task in (serving, ended):
        task.cancel()
    outcome = (await asyncio.gather(serving, ended, return_exceptions=True))[0]
    if isinstance(outcome, ConfigError):
        raise outcome


def _outlive_signals() -> None:
    """Where a desk started it, it ends with its input and not before.

    A signal to the whole group reaches the desk, too: it then finishes what is open, and every
    hedge, cancel and question wants a signature.
    """
    if sys.stdin.isatty():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: None)


def read_keys(settings: Settings) -> Keys:
    """The keys that are configured. Raises ConfigError when one cannot be read."""
    live, kalshi = settings.live, None
    if live.kalshi_key:
        if not settings.kalshi.key_id:
            raise ConfigError("live.kalshi_key needs kalshi.key_id beside it")
        kalshi = parse_key(settings.kalshi.key_id, read_key(live.kalshi_key, "Kalshi key"))
    wallet = None
    if live.polymarket_key:
        text = read_key(live.polymarket_key, "Polymarket wallet key")
        wallet = parse_wallet_key(text.decode("ascii", errors="replace"))
    return Keys(kalshi, wallet, _relayer_key(live, wallet))


def _relayer_key(live: LiveSection, wallet: WalletKey | None) -> RelayerKey | None:
    """The key of the wallet's owner; without one nothing is split, merged or redeemed."""
    if not parse_micros(live.sets_max_dollars):
        return None
    if wallet is None or not live.polymarket_relayer_key:
        raise ConfigError(
            "live.sets_max_dollars needs live.polymarket_key and live.polymarket_relayer_key"
        )
    if not live.polymarket_signature_type:
        raise ConfigError(
            "live.sets_max_dollars needs a wallet (live.polymarket_wallet): the key's own account "
            "would have to pay gas"
        )
    text = read_key(live.polymarket_relayer_key, "key of Polymarket's relayer")
    return RelayerKey(text.decode("ascii", errors="replace"), wallet.address)


def holder_of(live: LiveSection, address: str) -> Holder:
    """In whose name orders stand. Raises ConfigError."""
    return parse_holder(address, live.polymarket_wallet or None, live.polymarket_signature_type)


def vault_of(
    settings: Settings, keys: Keys, holder: Holder | None, credentials: ApiCredentials | None
) -> Vault:
    """The keys behind the configured policy."""
    sets_max = sets_max_of(settings.live)
    relaying = None if keys.relayer is None else Relaying(keys.relayer, sets_max)
    polymarket = None
    if holder is not None:
        polymarket = PolymarketSigner(holder, keys.wallet, credentials, relaying)
    signers = signers_of(keys.kalshi, polymarket)
    clip = Money(parse_micros(settings.live.clip_max_dollars))
    policy = Policy(venues=tuple(signers), clip_max=clip, sets_max=sets_max)
    return Vault(policy, signers, keys.kalshi, credentials)


def sets_max_of(live: LiveSection) -> Money:
    """The most one split or merge may turn."""
    return Money(parse_micros(live.sets_max_dollars))


async def derive(key: WalletKey, transport: HttpTransport) -> ApiCredentials:
    """The API credentials of a wallet, made when it has none yet.

    Raises ConfigError when the venue gives none.
    """
    try:
        asked = create_request(key, NONCE, wall_clock_us())
        made = read_credentials(await transport.send(asked))
        if made is None:
            asked = derive_request(key, NONCE, wall_clock_us())
            made = read_credentials(await transport.send(asked))
    except (DataError, VenueUnavailableError) as error:
        raise ConfigError(f"Polymarket gives no API credentials: {error}") from error
    if made is None:
        raise ConfigError("Polymarket neither makes nor tells API credentials for this wallet")
    return made


def accounts_of(keys: Keys, holder: Holder | None, sets_max: Money) -> tuple[PublicAccount, ...]:
    """What the desk may know of them."""
    found: list[PublicAccount] = []
    if keys.kalshi is not None:
        found.append(PublicAccount(venue="kalshi"))
    if holder is not None:
        found.append(
            PublicAccount(
                venue="polymarket",
                address=holder.address,
                wallet=holder.wallet,
                signature_type=holder.signature_type,
                sets_max=Money(0) if keys.relayer is None else sets_max,
            )
        )
    return tuple(found)
