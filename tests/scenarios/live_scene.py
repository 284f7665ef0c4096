"""A small world for the rows about orders: one market at each venue, our accounts, resting offers."""

from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    OrderRequest,
    OrderState,
    VenuePolicy,
)
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER, KeyRing
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.sim.kalshi_levers import KalshiLevers
from foreshock.adapters.sim.polymarket_data import DataFace
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_levers import PolymarketLevers
from foreshock.adapters.sim.polymarket_relayer import RelayerFace, relayer_key
from foreshock.adapters.venues.budget import BucketTerms, BudgetTerms
from foreshock.adapters.venues.kalshi.account import KalshiReader
from foreshock.adapters.venues.kalshi.hours import KalshiHours
from foreshock.adapters.venues.kalshi.order_groups import (
    create,
    fuse_limit,
    grouped,
    read_created,
)
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.adapters.venues.kalshi.private_channels import KalshiUserFeed
from foreshock.adapters.venues.kalshi.signer import KalshiSigner
from foreshock.adapters.venues.kalshi.signing import ApiKey, handshake_headers
from foreshock.adapters.venues.polymarket.account import PolymarketAccount
from foreshock.adapters.venues.polymarket.conversions import PolymarketConversions
from foreshock.adapters.venues.polymarket.heartbeat import Heartbeat
from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.adapters.venues.polymarket.path import PolymarketPath
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner, Relaying
from foreshock.adapters.venues.polymarket.signing import RelayerKey, parse_credentials
from foreshock.adapters.venues.polymarket.standing import Standing
from foreshock.adapters.venues.polymarket.user_channel import PATH, UserFeed
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.app.config import config_folder
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.kalshi_terms import KalshiTerms, shard_of
from foreshock.app.live_parts import VenueAccount
from foreshock.app.wiring import VENUES, DeskConfig
from foreshock.core.domain.markets import (
    Action,
    CurveFee,
    FeeTerms,
    MarketId,
    Outcome,
    SeriesFee,
)
from foreshock.core.domain.messages.account import VenueArmed, VenueStateChanged
from foreshock.core.domain.messages.decisions import PackageClosed
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketListed
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import MICRO, Instant, Money, Quantity
from tests.scenarios.live_desk import Account, Host, LiveDesk, live_config
from tests.scenarios.stepped import KEY_ID
from tests.trading import START, book, cents, contracts, edge, leg, request
from tests.unit.adapters.sim.face_scenario import CONDITIONS, TICKERS, event_info, listing
from tests.unit.dashboard.told import measured

RICH = Money(1_000_000 * MICRO)
OUR_CASH = Money(10_000 * MICRO)
WEBSOCKET_PATH = "/trade-api/ws/v2"
WALLET_KEY = "0x" + "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
"""The first public test key of Hardhat: known to everybody, for tests alone."""
KALSHI_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WALLET = "0x" + "Ab" * 20
SETS_MAX = Money(100 * MICRO)
FAST = BucketTerms(capacity=400, per_second=200, left_by_entries=20, left_by_scans=60)
BUDGET = BudgetTerms(
    read=FAST,
    write=FAST,
    costs={"place": 10, "cancel": 2, "amend": 10, "read": 2, "heartbeat": 2, "settle": 10},
)
FEES: dict[str, FeeTerms] = {
    "kalshi": SeriesFee("quadratic", MICRO),
    "polymarket": CurveFee(40_000, 1),
}


class Fuse(NamedTuple):
    """An order group for a strategy whose largest clip is so many contracts."""

    strategy: str
    clip: int


class Venue:
    """One exchange with one open market and a maker whose offers a test places."""

    def __init__(self, policy: VenuePolicy, native_id: str) -> None:
        self.fees = load_fee_packs(config_folder() / "fees")
        self.exchange = Exchange(policy, packed_fees(self.fees))
        info = event_info(1, "EVENT", exclusive=False)
        listed = listing(policy.venue, native_id, 1, info, FEES[policy.venue])
        opened = msgspec.structs.replace(
            listed.market, closes_us=Instant(START + 86_400 * MICRO), settles_us=None
        )
        listed = msgspec.structs.replace(listed, market=opened)
        self.exchange.list_market(listed, START)
        self.exchange.open_market(native_id, START)
        self.exchange.open_account("maker", RICH)
        if not policy.nets:
            self.exchange.split("maker", native_id, contracts(10_000), START)
        self.native_id = native_id
        self.market = self.exchange.market(native_id).listing.market

    def offer(
        self, outcome: Outcome, price: int, count: int, action: Action = "sell", at_us: int = START
    ) -> str:
        """The maker rests an order; price in cents. Returns its id."""
        order = self.exchange.place(
            OrderRequest(
                account="maker",
                native_id=self.native_id,
                outcome=outcome,
                action=action,
                price=cents(price),
                quantity=Quantity(count * MICRO),
            ),
            Instant(at_us),
        )
        assert isinstance(order, OrderState), order
        return order.order_id


def polymarket(kind: int = 0) -> tuple[Venue, Account, ClobFace, Holder]:
    """Polymarket with our funded wallet; only kinds above 0 are one beside the key's own account."""
    venue = Venue(POLYMARKET_POLICY, CONDITIONS[0])
    face = ClobFace(venue.exchange)
    key = parse_wallet_key(WALLET_KEY)
    holder = parse_holder(key.address, WALLET if kind else None, kind)
    face.private.desk.wallets.fund(holder.wallet, holder.address, kind, OUR_CASH)
    granted = face.private.keys.grant(key.address)
    credentials = parse_credentials(granted.key, granted.secret, granted.passphrase)
    path = PolymarketPath(holder, venue.fees["polymarket"])
    account = Account(
        account=VenueAccount(
            path=path,
            reader=PolymarketAccount(holder, path.ours),
            budget=BUDGET,
            pulse=Heartbeat(),
            standing=Standing(),
            listing=path.list_market,
            conversions=PolymarketConversions(holder) if kind else None,
        ),
        signer=PolymarketSigner(holder, key, credentials, relaying(holder)),
        trading=Host.of(face),
        data=Host.of(DataFace(venue.exchange, face.private)),
        stream_path=PATH,
        feed=lambda connection: UserFeed(connection, path.ours, credentials),
        stream_headers=lambda _now_us: (),
        greeting=lambda text: text,
        relayer=Host.of(RelayerFace(face.private.desk.wallets, face.private.transactions)),
    )
    return venue, account, face, holder


def relaying(holder: Holder) -> Relaying:
    """The relayer's key of our wallet's owner."""
    return Relaying(RelayerKey(relayer_key(holder.address), holder.address), SETS_MAX)


def kalshi(fuse: Fuse | None = None) -> tuple[Venue, Account, KalshiFace]:
    """Kalshi with our funded membership."""
    venue = Venue(KALSHI_POLICY, TICKERS[0])
    keys = KeyRing()
    keys.register(KEY_ID, kalshi_pem())
    face = KalshiFace(venue.exchange, keys)
    face.fund(DEFAULT_MEMBER, 0, OUR_CASH, START)
    key = ApiKey(KEY_ID, KALSHI_KEY)
    terms = KalshiTerms() if fuse is None else KalshiTerms(groups=grant(fuse, face, key))
    account = Account(
        account=VenueAccount(
            path=KalshiOrders(grouped(terms.groups, shard_of)),
            reader=KalshiReader(),
            budget=BUDGET,
            pulse=KalshiHours(),
            resets=terms.resets(),
        ),
        signer=KalshiSigner(key),
        trading=Host.of(face),
        data=None,
        stream_path=WEBSOCKET_PATH,
        feed=KalshiUserFeed,
        stream_headers=lambda now_us: handshake_headers(key, now_us),
        greeting=lambda text: text,
    )
    return venue, account, face


def kalshi_pem() -> bytes:
    """The public half of our Kalshi key."""
    return KALSHI_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def grant(fuse: Fuse, face: KalshiFace, key: ApiKey) -> dict[tuple[str, int], str]:
    """An order group of the venue for a strategy."""
    asked = create(fuse_limit(contracts(fuse.clip)), 0)
    answer = face.handle(KalshiSigner(key).sign(asked, START), START)
    return {(fuse.strategy, 0): read_created(answer)}


class Scene:
    """Both venues with one pair: YES at 45 cents at Polymarket, NO at 48 at Kalshi, 100 of each."""

    def __init__(
        self,
        config: DeskConfig | None = None,
        fuse: Fuse | None = None,
        desk: type[LiveDesk] = LiveDesk,
        wallet: int = 0,
    ) -> None:
        self.pm, pm_account, clob, self.holder = polymarket(wallet)
        self.clob = clob
        self.ks, ks_account, self.kalshi_face = kalshi(fuse)
        self.accounts = (pm_account, ks_account)
        self._levers = {
            "polymarket": PolymarketLevers(self.pm.exchange, clob.private).levers(),
            "kalshi": KalshiLevers(self.kalshi_face).levers(),
        }
        self.a, self.b = self.pm.market.id, self.ks.market.id
        self.desk = desk(self.accounts, START, config or live_config(VENUES))
        self.requests_count = 0

    # ---- what a test does --------------------------------------------------------------------

    def offer_both(self, first: int = 100, second: int = 100) -> None:
        """The maker rests both sides of the pair."""
        self.pm.offer("yes", 45, first)
        self.ks.offer("no", 48, second)

    def ready(self) -> "Scene":
        """Listed, watched, reconciled and armed."""
        for number, venue in enumerate((self.pm, self.ks), 1):
            market = msgspec.structs.replace(venue.market, status="open")
            self.desk.tell(MarketListed(market))
            name = market.venue
            self.desk.tell(ConnectionOpened(number, name, name, (market.id,)))
        self.desk.tick_venues()
        for name in VENUES:
            self.desk.connect(name)
        self.desk.run(2)
        for name in VENUES:
            until_us = Instant(self.desk.now_us + 8 * 3_600 * MICRO)
            self.desk.tell(VenueArmed(name, until_us, "a test", "armed by a test"))
        self.see_books()
        return self

    def see_books(self) -> None:
        """Fresh books with the pair's prices, and green clocks."""
        now_us = self.desk.now_us
        self.desk.tell(
            book(self.a, 44, 45, at_us=now_us),
            book(self.b, 52, 53, at_us=now_us),
            *(measured(name, number, now_us) for number, name in enumerate(VENUES, 1)),
        )

    def trade(self, count: int = 10) -> str:
        """A strategy asks for the pair; returns the package's id."""
        self.see_books()
        self.requests_count += 1
        name = f"r{self.requests_count}"
        wanted = edge(leg(self.a, "yes", 45, count, 200_000), leg(self.b, "no", 48, count, 200_000))
        self.desk.tell(request(name, wanted))
        return name

    def lever(self, venue: str, name: str, /, **body: object) -> None:
        """Let something happen at a venue that we did not do."""
        self._levers[venue][name](msgspec.json.encode(body), self.desk.now_us)

    # ---- the truth ---------------------------------------------------------------------------

    def held(self, venue: str) -> tuple[int, int]:
        """Whole (YES, NO) contracts that the venue says we hold."""
        one = self.pm if venue == "polymarket" else self.ks
        account = self.holder.wallet.lower()
        if venue == "kalshi":
            account = self.kalshi_face.members.account(DEFAULT_MEMBER, 0)
        for position in one.exchange.positions(account):
            if position.native_id == one.native_id:
                return position.yes // MICRO, position.no // MICRO
        return 0, 0

    def ours(self, market: MarketId, outcome: Outcome) -> int:
        """Whole contracts that our own facts add up to."""
        ledger = Ledger()
        for message in self.desk.heard:
            if isinstance(message, PlaceOrder):
                ledger.place(message)
            elif isinstance(message, OrderFact):
                ledger.apply(message)
        return ledger.tokens(market, outcome).total // MICRO

    def placed(self, venue: str) -> int:
        """How many placing requests left for a venue."""
        path = "/order" if venue == "polymarket" else "/trade-api/v2/portfolio/events/orders"
        return self.desk.venue_calls(venue, "POST", path)

    def outcome(self, package: str) -> str | None:
        """How a package ended, None while it is open."""
        closed = self.desk.said(PackageClosed)
        return next((m.outcome for m in closed if m.package_id == package), None)

    def state(self, venue: str) -> str:
        """Where the desk stands with a venue."""
        changes = self.desk.said(VenueStateChanged)
        states = [m.state for m in changes if m.venue == venue]
        return states[-1] if states else "reconciling"
