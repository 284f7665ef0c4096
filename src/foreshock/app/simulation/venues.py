"""How do the simulated venues live beside a desk? One world, its hosts, and what moves it."""

import base64
import random
from collections.abc import Callable, Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from foreshock.adapters.sim.hosts import TEST_ACCOUNT, TEST_CASH, Hosts, open_hosts
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.polymarket_keys import KeyVault
from foreshock.adapters.sim.polymarket_relayer import relayer_key
from foreshock.adapters.sim.world import World, WorldSettings
from foreshock.adapters.venues.kalshi.signing import ApiKey
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner, Relaying
from foreshock.adapters.venues.polymarket.signing import (
    ApiCredentials,
    RelayerKey,
    parse_credentials,
)
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.app.signer import Policy, Vault, signers_of
from foreshock.app.simulation.ground import SETS_MAX, STREAM_URLS, URLS, VENUE_OF_HOST, Ground
from foreshock.app.simulation.network import Host, Wire
from foreshock.core.domain.units import MICRO, Money, parse_micros

KEY_ID = "00000000-0000-4000-8000-000000000001"
KALSHI_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""A public test key: never used for anything but simulation."""
CREDENTIAL_HEADERS = (b"POLY_PASSPHRASE", b"KALSHI-ACCESS-SIGNATURE")
"""Where one of these names stands, the header's value stands, too."""
TICK_S_MIN, TICK_S_MAX = 0.02, 0.5
"""The venues are moved when something is due there, but neither oftener nor more rarely."""


def canaries() -> tuple[bytes, ...]:
    """Whatever must never be seen: keys, and the names of the headers that hold them."""
    granted = KeyVault().grant(TEST_ACCOUNT.address)
    return (
        bytes.fromhex(TEST_ACCOUNT.private_key.removeprefix("0x")),
        KALSHI_KEY.private_bytes_raw(),
        base64.urlsafe_b64decode(granted.secret),
        granted.passphrase.encode(),
        relayer_key(TEST_ACCOUNT.address).encode(),
        *CREDENTIAL_HEADERS,
    )


class Venues:
    """Both venues of one run, on one wire. touched: called whenever something may have changed."""

    def __init__(self, seed: int, ground: Ground, settings: WorldSettings, wire: Wire) -> None:
        now_us = wire.loop.now_us()
        self.world = World(seed, now_us, ground.fees, settings)
        keys = KeyRing()
        public = KALSHI_KEY.public_key()
        keys.register(KEY_ID, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        self.parts: Hosts = open_hosts(self.world, keys, seed, now_us, {0: TEST_CASH})
        if ground.holder.wallet != TEST_ACCOUNT.funder:
            holder = ground.holder
            self.parts.clob.private.desk.wallets.fund(
                holder.wallet, holder.address, holder.signature_type, TEST_CASH
            )
        self.hosts = {
            name: Host(name, VENUE_OF_HOST[name], face, wire, random.Random(f"{seed} {name}"))
            for name, face in self.parts.faces.items()
        }
        for host in self.hosts.values():
            host.moved = self.pump
        self._talking = [self.hosts[url.partition("://")[2]] for url in STREAM_URLS.values()]
        self._ground = ground
        self._wire = wire
        self._is_running = True
        self.touched: Callable[[], None] = _nobody

    def by_url(self) -> dict[str, Host]:
        """The hosts under the addresses that settings name."""
        urls = {URLS[name]: host for name, host in self.hosts.items()}
        return urls | {url: self.hosts[name] for name, url in STREAM_URLS.items()}

    def live(self) -> None:
        """Let the world's time pass, from now on until `rest`."""
        if not self._is_running:
            return
        now_us = self._wire.loop.now_us()
        self.world.advance(now_us)
        self.parts.clob.private.transactions.advance(now_us)
        self.pump()
        next_us = self.world.next_us()
        wait_s = TICK_S_MAX if next_us is None else (next_us - now_us) / MICRO
        self._wire.after(min(TICK_S_MAX, max(TICK_S_MIN, wait_s)), self.live)

    def rest(self) -> None:
        """Nothing more happens by itself."""
        self._is_running = False

    def pump(self) -> None:
        """Let everything leave that the venues have to say."""
        for host in self._talking:
            host.pump()
        self.touched()

    @property
    def wallet(self) -> str:
        """Where our dollars and contracts are at Polymarket."""
        return self._ground.holder.wallet

    def lever(self, host: str, name: str, body: Mapping[str, object]) -> None:
        """Let something happen at a venue, in the words of its control host."""
        self.parts.levers[host][name](msgspec.json.encode(body), self._wire.loop.now_us())
        self.pump()

    def vault(self) -> Vault:
        """A signer for the funded accounts, behind the policy of a real one."""
        wallet = parse_wallet_key(TEST_ACCOUNT.private_key)
        holder = self._ground.holder
        key = RelayerKey(relayer_key(holder.address), holder.address)
        relaying = Relaying(key, SETS_MAX)
        polymarket = PolymarketSigner(holder, wallet, self.credentials(), relaying)
        kalshi = ApiKey(KEY_ID, KALSHI_KEY)
        signers = signers_of(kalshi, polymarket)
        clip = Money(parse_micros(self._ground.settings.live.clip_max_dollars))
        policy = Policy(venues=tuple(signers), clip_max=clip, sets_max=SETS_MAX)
        return Vault(policy, signers, kalshi, self.credentials())

    def credentials(self) -> ApiCredentials:
        """What Polymarket gave our wallet to talk with."""
        granted = self.parts.clob.private.keys.grant(TEST_ACCOUNT.address)
        return parse_credentials(granted.key, granted.secret, granted.passphrase)


def _nobody() -> None:
    """Nobody wants to know."""
