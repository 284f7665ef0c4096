"""Who may have what signed? A process of its own that holds the keys behind a narrow policy.

It reads the keys at its start, announces itself with one line of output, answers one question a
connection on a socket that only its owner may open, and ends when its input does. The desk never
holds a wallet key or a Kalshi key; a secret greeting of a private stream passes through it once.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from foreshock.adapters.venues.kalshi.signer import KalshiSigner
from foreshock.adapters.venues.kalshi.signing import ApiKey, handshake_headers
from foreshock.adapters.venues.order_path import RequestKind, RequestSigner, Unsigned
from foreshock.adapters.venues.polymarket.signing import ApiCredentials
from foreshock.app.signer_wire import (
    QUESTION_BYTES_MAX,
    SOCKET_NAME,
    Answer,
    Greeting,
    Headers,
    Question,
    Refused,
    Signed,
    SignGreeting,
    SignHandshake,
    SignRequest,
)
from foreshock.core.domain.errors import ConfigError, InvariantError
from foreshock.core.domain.units import Instant, Money, format_micros

READ_S_MAX = 5.0
INPUT_BYTES_MAX = 4_096
SIGNED_KINDS: frozenset[RequestKind] = frozenset({"place", "cancel", "amend", "read", "heartbeat"})
"""What trading needs. Nothing that moves money out exists as a kind at all."""
SETTLE: RequestKind = "settle"
"""Splits, merges and redemptions: only where the policy names a ceiling for them."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What may be signed. clip_max: the most one order may cost.

    sets_max: the most one split may spend or one merge give back; 0 signs no redemption either.
    """

    venues: tuple[str, ...]
    clip_max: Money
    sets_max: Money = Money(0)
    kinds: frozenset[RequestKind] = SIGNED_KINDS

    def refusal(self, unsigned: Unsigned) -> str | None:
        """Why a request is not signed, None when the policy has nothing against it."""
        if unsigned.venue not in self.venues:
            return f"{unsigned.venue} is not among the venues of this signer"
        if unsigned.kind == SETTLE:
            return self._settle_refusal(unsigned)
        if unsigned.kind not in self.kinds:
            return f"requests to {unsigned.kind} are not signed"
        if unsigned.spend > self.clip_max:
            spend, clip = format_micros(unsigned.spend, 2), format_micros(self.clip_max, 2)
            return f"an order of ${spend} is beyond the clip of ${clip} (live.clip_max_dollars)"
        return None

    def _settle_refusal(self, unsigned: Unsigned) -> str | None:
        """What a merge gives back only the venue's signer can read: it holds it to the same."""
        if not self.sets_max:
            return "splits, merges and redemptions are not signed (live.sets_max_dollars is 0)"
        if unsigned.spend > self.sets_max:
            spend, most = format_micros(unsigned.spend, 2), format_micros(self.sets_max, 2)
            return f"a split of ${spend} is beyond ${most} (live.sets_max_dollars)"
        return None


class Vault:
    """The signers by venue, and what only they can say."""

    def __init__(
        self,
        policy: Policy,
        signers: Mapping[str, RequestSigner],
        kalshi: ApiKey | None,
        polymarket: ApiCredentials | None,
    ) -> None:
        self._policy = policy
        self._signers = signers
        self._kalshi = kalshi
        self._polymarket = polymarket

    def __repr__(self) -> str:
        return f"Vault({', '.join(self._signers)}, keys hidden)"

    def answer(self, question: Question) -> Answer:
        """Sign, or say why not."""
        try:
            match question:
                case SignRequest(unsigned=unsigned, now_us=now_us):
                    return self._sign(unsigned, now_us)
                case SignHandshake(venue=venue, now_us=now_us):
                    return self._handshake(venue, now_us)
                case SignGreeting(venue=venue):
                    return self._greet(venue)
        except (ConfigError, InvariantError) as error:
            return Refused(str(error))

    def _sign(self, unsigned: Unsigned, now_us: Instant) -> Answer:
        refusal = self._policy.refusal(unsigned)
        if refusal is not None:
            return Refused(refusal)
        signer = self._signers.get(unsigned.venue)
        if signer is None:
            return Refused(f"there is no key for {unsigned.venue}")
        return Signed(signer.sign(unsigned, now_us))

    def _handshake(self, venue: str, now_us: Instant) -> Answer:
        if venue != "kalshi" or venue not in self._policy.venues or self._kalshi is None:
            return Refused(f"{venue} has no handshake to sign here")
        return Headers(handshake_headers(self._kalshi, now_us))

    def _greet(self, venue: str) -> Answer:
        credentials = self._polymarket
        if venue != "polymarket" or venue not in self._policy.venues or credentials is None:
            return Refused(f"{venue} has no greeting to sign here")
        auth = {
            "apiKey": credentials.key,
            "secret": credentials.secret_text(),
            "passphrase": credentials.passphrase,
        }
        return Greeting(msgspec.json.encode({"type": "user", "auth": auth}).decode())


def signers_of(kalshi: ApiKey | None, polymarket: RequestSigner | None) -> dict[str, RequestSigner]:
    """The signers of the venues whose keys are there."""
    found: dict[str, RequestSigner] = {}
    if kalshi is not None:
        found["kalshi"] = KalshiSigner(kalshi)
    if polymarket is not None:
        found["polymarket"] = polymarket
    return found


async def serve_signer(vault: Vault, home: Path, announce: Callable[[Path], None]) -> None:
    """Answer until cancelled. Raises ConfigError when the socket cannot be made."""
    path = home / SOCKET_NAME
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(
            lambda reader, writer: _converse(vault, reader, writer),
            path=str(path),
            limit=QUESTION_BYTES_MAX,
        )
    except OSError as error:
        raise ConfigError(f"cannot open the signer's socket {path}: {error.strerror}") from error
    finally:
        os.umask(before)
    announce(path)
    try:
        await server.serve_forever()
    finally:
        path.unlink(missing_ok=True)


async def until_input_ends() -> None:
    """Return when standard input does: the desk that started this process has ended."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def heard() -> None:
        if not os.read(sys.stdin.fileno(), INPUT_BYTES_MAX):
            loop.remove_reader(sys.stdin.fileno())
            ended.set()

    loop.add_reader(sys.stdin.fileno(), heard)
    await ended.wait()


async def _converse(
    vault: Vault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One question, one answer."""
    try:
        line = await asyncio.wait_for(reader.readline(), READ_S_MAX)
        question = msgspec.json.decode(line, type=Question)
        answer = vault.answer(question)
    except (TimeoutError, ValueError, OSError):
        answer = Refused("a question that nobody understands")
    try:
        writer.write(msgspec.json.encode(answer))
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    except OSError:
        return
