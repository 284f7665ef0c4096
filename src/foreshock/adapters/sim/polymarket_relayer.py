"""Polymarket's relayer: is a wallet deployed, whose turn is it, and what became of a transaction?

Everything but the first needs a relayer key, which is a function of its owner's address. How the
live relayer words a refusal is known only for nonces and busy wallets; the other words are ours.
"""

import hmac

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.polymarket_relay_wire import KINDS, read_asked
from foreshock.adapters.sim.polymarket_transactions import Transaction, Transactions
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.adapters.sim.wire_text import Query, answer, uuid_of
from foreshock.core.domain.units import Instant

RELAY = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
"""Who sends the transactions of proxies: an address of nobody."""
TRANSACTIONS = ("v1", "account", "transactions")


def relayer_key(owner: str) -> str:
    """The relayer key of an owner."""
    return uuid_of(f"relayer key/{owner.lower()}")


class RelayerFace:
    """The relayer host: wallets, and the transactions it sends for them."""

    heartbeat: bytes | None = None

    def __init__(self, wallets: Wallets, transactions: Transactions) -> None:
        self._wallets = wallets
        self._transactions = transactions

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Answer one request; what is not known is not there."""
        query = Query(request)
        self._transactions.advance(now_us)
        if (request.method, query.parts) == ("GET", ("deployed",)):
            is_known = self._wallets.get(query.text("address")) is not None
            return answer(200, {"deployed": is_known})
        owner = _owner(request)
        if owner is None:
            return answer(401, {"error": "invalid authorization"})
        if (request.method, query.parts) == ("POST", ("submit",)):
            return self._submit(request, owner, now_us)
        return self._read(query, owner) if request.method == "GET" else _not_found()

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """This host has no streams."""
        return _not_found()

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """Never called: no stream is ever open."""

    def close(self, connection: int) -> None:
        """Nothing to forget."""

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Nothing to say."""
        return []

    def take_cuts(self) -> list[int]:
        """Nothing to cut."""
        return []

    # ---- within

    def _submit(self, request: HttpRequest, owner: str, now_us: Instant) -> HttpResponse:
        asked = read_asked(request.body, now_us)
        if isinstance(asked, str):
            return answer(400, {"error": asked})
        if asked.owner != owner:
            return answer(400, {"error": "the key is another owner's"})
        taken = self._transactions.submit(asked, now_us)
        if isinstance(taken, str):
            return answer(400, {"error": taken})
        body = {"transactionID": taken.id, "transactionHash": taken.tx_hash, "state": taken.state}
        return answer(200, body)

    def _read(self, query: Query, owner: str) -> HttpResponse:
        if query.parts in {("relay-payload",), (*TRANSACTIONS, "params")}:
            return self._turn(query)
        if query.parts[:-1] != TRANSACTIONS:
            return _not_found()
        found = self._transactions.get(query.parts[-1])
        if found is None or found.asked.owner != owner:
            return _not_found()
        return answer(200, _row(found))

    def _turn(self, query: Query) -> HttpResponse:
        address, kind = query.text("address"), KINDS.get(query.text("type"))
        if kind is None:
            return answer(400, {"error": "invalid transaction type"})
        nonce = self._transactions.nonce(address, kind)
        is_proxy = query.parts == ("relay-payload",)
        return answer(200, {"address": RELAY if is_proxy else address, "nonce": str(nonce)})


def _owner(request: HttpRequest) -> str | None:
    """Whose key the request carries, in lower case."""
    given = {name.lower(): value for name, value in request.headers}
    owner = given.get("relayer_api_key_address", "").lower()
    is_good = hmac.compare_digest(
        given.get("relayer_api_key", "").encode(), relayer_key(owner).encode()
    )
    return owner if is_good else None


def _row(found: Transaction) -> dict[str, object]:
    return {
        "transaction_id": found.id,
        "transaction_hash": found.tx_hash,
        "state": found.state,
        "error_msg": found.error or None,
    }


def _not_found() -> HttpResponse:
    return answer(404, {"error": "not found"})
