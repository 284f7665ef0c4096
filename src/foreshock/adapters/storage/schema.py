"""Which tables answer questions about a run? Projections of the journal, rebuildable from it.

Amounts are integers in millionths, times microseconds UTC, as everywhere. Every row belongs to a
run. Live books and edges are in memory; here an edge has its last sum and a market its book of
every few seconds.
"""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

SCHEMA_VERSION = 4
METADATA = MetaData()


def _id(name: str) -> "Column[str]":
    return Column(name, String(200), primary_key=True)


def _text(name: str) -> "Column[str]":
    return Column(name, Text, nullable=False)


def _number(name: str) -> "Column[int]":
    return Column(name, BigInteger, nullable=False)


def _maybe(name: str) -> "Column[int]":
    return Column(name, BigInteger, nullable=True)


def _table(name: str, *columns: "Column[str] | Column[int]") -> Table:
    return Table(name, METADATA, _id("run"), *columns)


CONFIGS = _table(
    "configs", _number("at_us"), _text("mode"), _text("version"), _text("build"), _text("config")
)
VENUES = _table("venues", _id("venue"), _number("at_us"), _text("state"), _text("reason"))
MARKETS = _table(
    "markets",
    _id("market"),
    _text("venue"),
    _text("event"),
    _text("title"),
    _text("rules"),
    _text("status"),
    _text("category"),
    _maybe("closes_us"),
    _maybe("settles_us"),
    _maybe("payout_yes"),
    _text("exclusive_group"),
    _number("is_augmented"),
    _maybe("exclusive_count"),
    _number("at_us"),
)
"""exclusive_group: `venue:group` of which at most one market pays YES, "" for none."""
PAIRS = _table(
    "market_pairs",
    _id("pair"),
    _text("a"),
    _text("b"),
    _text("relation"),
    _text("label"),
    _text("confirmed_by"),
    _text("state"),
    _text("reason"),
    _maybe("version"),
    _number("at_us"),
)
"""Pairs that take part, were decided, or did until they were stopped."""
PAIR_RELATIONS = _table(
    "pair_relations",
    _id("pair"),
    _text("a"),
    _text("b"),
    _text("label"),
    _text("relation"),
    _text("decision"),
    _number("confidence_ppm"),
    _number("is_tradable"),
    _text("reason"),
    _text("refusals"),
    _text("clauses"),
    _text("matcher"),
    _text("terms_a"),
    _text("terms_b"),
    _number("at_us"),
)
"""What was found last; clauses as `name=agreement`, in a row."""
PAIR_VERDICTS = _table(
    "pair_verdicts",
    _id("pair"),
    Column("version", Integer, primary_key=True),
    _id("verdict"),
    _text("relation"),
    _text("origin"),
    _text("by"),
    _text("note"),
    _text("terms_a"),
    _text("terms_b"),
    _number("at_us"),
)
"""Every verdict, those of earlier runs too; verdict `reopened`: that version fell."""
ORDERBOOKS = _table(
    "orderbooks",
    _id("market"),
    Column("at_us", BigInteger, primary_key=True),
    _number("epoch"),
    _maybe("bid"),
    _maybe("bid_quantity"),
    _maybe("ask"),
    _maybe("ask_quantity"),
)
EDGES = _table(
    "edges",
    _id("edge"),
    _text("pair"),
    _text("label"),
    _number("quantity"),
    _number("payout"),
    _number("cost"),
    _number("fees"),
    _number("frictions"),
    _number("lockup"),
    _number("hedge_risk"),
    _number("net"),
    _number("net_per_contract"),
    _text("refusals"),
    _number("at_us"),
)
ORDERS = _table(
    "orders",
    _id("order"),
    _text("package"),
    _text("market"),
    _text("outcome"),
    _text("action"),
    _text("purpose"),
    _number("limit_price"),
    _number("quantity"),
    _text("state"),
    _text("reason"),
    _number("decided_us"),
    _number("at_us"),
)
FILLS = _table(
    "fills",
    _id("order"),
    _id("fill"),
    _number("quantity"),
    _number("price"),
    _number("fee"),
    _text("state"),
    _number("at_us"),
)
PACKAGES = _table(
    "packages",
    _id("package"),
    _text("pair"),
    _text("strategy"),
    _text("state"),
    _text("outcome"),
    _number("quantity"),
    _number("net_expected"),
    _number("paid"),
    _number("fees"),
    _number("realised"),
    _number("opened_us"),
    _maybe("closed_us"),
)
RISK_EVENTS = _table(
    "risk_events",
    Column("step", Integer, primary_key=True),
    Column("entry", Integer, primary_key=True),
    _text("kind"),
    _text("about"),
    _text("code"),
    _text("words"),
    _number("at_us"),
)
ALERTS = _table("alerts", _id("alert"), _text("about"), _text("words"), _number("at_us"))
SIGNALS = _table(
    "signals",
    _id("alert"),
    _text("detector"),
    _text("level"),
    _text("market"),
    _text("words"),
    _text("figures"),
    _text("related"),
    _maybe("price"),
    _number("event_us"),
    _number("at_us"),
    _text("explanation"),
    _maybe("lead"),
    _text("seen_by"),
)
"""Alerts of the detectors. figures as `name=value`, in a row; explanation "" while it is open."""
SIGNAL_GRADES = _table(
    "signal_grades",
    _id("alert"),
    Column("after", BigInteger, primary_key=True),
    _maybe("price_then"),
    _maybe("price_after"),
    _number("at_us"),
)
LEADS = _table(
    "leads",
    _id("pair"),
    _text("leader"),
    _text("followed"),
    _number("lag"),
    _maybe("correlation_ppm"),
    _number("at_us"),
)
"""Who leads a pair, as told last; leader "" for nobody."""
BASELINE_RESETS = _table(
    "baseline_resets",
    _id("reset"),
    _text("market"),
    _text("by"),
    _text("restored_by"),
    _number("at_us"),
)
"""market: "" for all of them. restored_by: "" while it stands."""
