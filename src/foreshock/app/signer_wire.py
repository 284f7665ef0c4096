"""What do the desk and its signer say to each other? One question and one answer a connection.

The socket lies in the data folder and only its owner may open it. Keys never travel on it.
"""

from typing import TypeAlias

import msgspec

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.units import Instant, Money

SOCKET_NAME = "signer.sock"
QUESTION_BYTES_MAX = 256 * 1024
ANSWER_BYTES_MAX = 1024 * 1024


class SignRequest(msgspec.Struct, frozen=True, tag="sign"):
    """Put our credentials on a request."""

    unsigned: Unsigned
    now_us: Instant


class SignHandshake(msgspec.Struct, frozen=True, tag="handshake"):
    """Headers for the upgrade of a venue's private stream."""

    venue: str
    now_us: Instant


class SignGreeting(msgspec.Struct, frozen=True, tag="greeting"):
    """The first frame of a venue's private stream, with what proves us in it."""

    venue: str
    text: str


Question: TypeAlias = SignRequest | SignHandshake | SignGreeting


class Signed(msgspec.Struct, frozen=True, tag="signed"):
    """The request, ready to leave."""

    request: HttpRequest


class Headers(msgspec.Struct, frozen=True, tag="headers"):
    """For a handshake."""

    headers: tuple[tuple[str, str], ...]


class Greeting(msgspec.Struct, frozen=True, tag="greeting"):
    """The first frame: secret, to be sent and forgotten."""

    text: str


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The policy, or a missing key, says no."""

    words: str


Answer: TypeAlias = Signed | Headers | Greeting | Refused


class PublicAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk may know of an account. Empty where a venue has no such thing.

    sets_max: the most the signer lets one split or merge turn, in micro-dollars; 0: none at all.
    """

    venue: str
    address: str = ""
    wallet: str = ""
    signature_type: int = 0
    sets_max: Money = Money(0)


class Ready(msgspec.Struct, frozen=True):
    """The signer's first and only line of output."""

    socket: str
    accounts: tuple[PublicAccount, ...]
