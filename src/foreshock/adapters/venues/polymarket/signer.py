"""What may leave with our credentials on it? The one place that holds the keys of an account.

A request is signed only if `routes` lists its method, path, query and body for what it declares:
no route moves money out, none touches keys. A placing request is read back first: it must be in
the name of this account, for the contract and the cost it declares, and still unsigned. So is a
wallet transaction: one split, merge or redemption at a known contract, and not a byte more.
"""

import msgspec

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.order_path import RequestKind, Unsigned
from foreshock.adapters.venues.polymarket.exchange import (
    BY_CONTRACT,
    OrderTerms,
    may_trade,
    sign_order,
)
from foreshock.adapters.venues.polymarket.holder import Holder
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.placement import WirePlacement, spend_of, terms_of
from foreshock.adapters.venues.polymarket.relayer import (
    CLOCK_ROOM_S,
    DEADLINE_S,
    body_of,
    read_submission,
    sign_submission,
)
from foreshock.adapters.venues.polymarket.routes import route_of
from foreshock.adapters.venues.polymarket.signing import (
    ApiCredentials,
    RelayerKey,
    l2_headers,
    relayer_headers,
)
from foreshock.adapters.venues.polymarket.wallet import WalletKey
from foreshock.core.domain.errors import ConfigError, InvariantError
from foreshock.core.domain.units import MICRO, Instant, Money

COSTING: frozenset[RequestKind] = frozenset({"place", "settle"})
JSON = ("content-type", "application/json")

_PLACEMENT = msgspec.json.Decoder(WirePlacement)


class Relaying(msgspec.Struct, frozen=True):
    """What the relayer takes from us. sets_max: the most one split or merge may turn."""

    key: RelayerKey
    sets_max: Money


class PolymarketSigner:
    """A `RequestSigner` of one account; the keys stay inside. relaying: None signs no calls."""

    def __init__(
        self,
        holder: Holder,
        key: WalletKey | None,
        credentials: ApiCredentials | None,
        relaying: Relaying | None = None,
    ) -> None:
        self._holder = holder
        self._key = key
        self._credentials = credentials
        self._relaying = relaying

    def __repr__(self) -> str:
        return f"PolymarketSigner({self._holder.address}, keys hidden)"

    def sign(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest:
        """The request with its credentials; the same order always gets the same signature.

        Raises ConfigError when a key is missing, InvariantError for what is not as declared.
        """
        refuse_undeclared(unsigned)
        if unsigned.host == "data":
            return HttpRequest(unsigned.method, unsigned.path)
        if unsigned.host == "relayer":
            return self._relayed(unsigned, now_us)
        if self._credentials is None:
            raise ConfigError("there are no Polymarket API credentials: derive them first")
        body = self._signed_body(unsigned) if unsigned.kind == "place" else unsigned.body
        request = HttpRequest(unsigned.method, unsigned.path, (JSON,) if body else (), body)
        headers = l2_headers(self._credentials, self._holder.address, request, now_us)
        return msgspec.structs.replace(request, headers=(*request.headers, *headers))

    def _relayed(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest:
        relaying = self._relaying
        if relaying is None:
            raise ConfigError("there is no key of Polymarket's relayer")
        body = b""
        if unsigned.kind == "settle":
            body = self._signed_submission(unsigned, relaying.sets_max, now_us)
        headers = (*((JSON,) if body else ()), *relayer_headers(relaying.key))
        return HttpRequest(unsigned.method, unsigned.path, headers, body)

    def _signed_submission(self, unsigned: Unsigned, sets_max: Money, now_us: Instant) -> bytes:
        made = read_submission(unsigned, self._holder)
        if made.call.quantity > sets_max:
            raise InvariantError(f"to {made.call.words()} is more than may be turned at once")
        now_s = now_us // MICRO
        latest_s = now_s + DEADLINE_S + CLOCK_ROOM_S
        if made.deadline_s and not now_s < made.deadline_s <= latest_s:
            raise InvariantError("a submission that holds longer than it may, or no more")
        if self._key is None:
            raise ConfigError("there is no Polymarket private key: transactions cannot be signed")
        return body_of(made, sign_submission(self._key, made))

    def _signed_body(self, unsigned: Unsigned) -> bytes:
        placement = read_placement(unsigned)
        terms = terms_of(placement.order)
        if spend_of(terms) != unsigned.spend:
            raise InvariantError("an order that costs something else than it declares")
        return msgspec.json.encode(self._signed(placement, terms, unsigned.signed_for))

    def _signed(self, placement: WirePlacement, terms: OrderTerms, contract: str) -> WirePlacement:
        if self._key is None or self._credentials is None:
            raise ConfigError("there is no Polymarket private key: orders cannot be signed")
        named = (terms.maker, terms.signer, terms.signature_type)
        if named != (self._holder.wallet, self._holder.signer, self._holder.signature_type):
            raise InvariantError("an order in another account's name")
        exchange = BY_CONTRACT.get(contract)
        if exchange is None or not may_trade(terms.token_id, exchange):
            raise InvariantError(f"a token that does not trade at {contract[:50]!r}")
        order = msgspec.structs.replace(
            placement.order, signature=sign_order(self._key, terms, exchange)
        )
        return msgspec.structs.replace(placement, order=order, owner=self._credentials.key)


def refuse_undeclared(unsigned: Unsigned) -> None:
    """Raises InvariantError unless the request is of the kind it declares."""
    if unsigned.venue != VENUE:
        raise InvariantError(f"a request for {unsigned.venue} at the signer of {VENUE}")
    if unsigned.kind not in COSTING and (unsigned.spend or unsigned.signed_for):
        raise InvariantError(f"a request to {unsigned.kind} that declares a cost")
    route_of(unsigned)


def read_placement(unsigned: Unsigned) -> WirePlacement:
    """The order of a placing request, still without signature and owner.

    Raises InvariantError for any byte more or less than our own orders have.
    """
    try:
        found = _PLACEMENT.decode(unsigned.body)
    except (ValueError, RecursionError) as error:
        raise InvariantError("a placing request that holds no order") from error
    if msgspec.json.encode(found) != unsigned.body:
        raise InvariantError("a placing request with more in it than its order")
    if found.owner or found.order.signature:
        raise InvariantError("an order that is signed already")
    return found
