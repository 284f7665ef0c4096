"""Gamma's and the CLOB's words as one Market."""

from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.venues.polymarket.discovery import parse_clob_market
from foreshock.adapters.venues.polymarket.listing import (
    NO_FEE,
    NotBinaryError,
    decoded_texts,
    market_status,
    to_market,
    with_clob_terms,
)
from foreshock.adapters.venues.polymarket.wire import GammaEventRef, GammaMarket
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import CurveFee, Market, uniform_grid
from foreshock.core.domain.units import Price
from tests.unit.adapters.venues.polymarket.builders import condition, encode, gamma, token

# GET /clob-markets/{condition} of a v1 market, clob.polymarket.com, 2026-10-05
REAL_TERMS = (
    b'{"r":{"mi":50,"ma":4.5,"moas":30},"t":[{"t":"250709343488134169024778769849550738804164019606'
    b'31253331845590271167412497744","o":"Up"},{"t":"11161456395716527002637801180969431356573651274'
    b'5637881727398424401624030147043","o":"Down"}],"c":"0xcd5f9f505e0c0182746aa65963f72f01e7463259e'
    b'5ea9f56672c0fe3a37f348a","mos":5,"mts":0.01,"mbf":1000,"tbf":1000,"ao":true,"aot":"2026-10-04T'
    b'23:07:16Z","itode":true,"fd":{"r":0.07,"e":1,"to":true},"v":"v1"}'
)


def wire(**fields: object) -> GammaMarket:
    return msgspec.json.decode(encode(gamma() | fields), type=GammaMarket)


def listed(**fields: object) -> Market:
    return to_market(wire(**fields))


def terms(**fields: object) -> bytes:
    known: dict[str, object] = {
        "c": condition(),
        "t": [{"t": token(1, "yes"), "o": "Yes"}, {"t": token(1, "no"), "o": "No"}],
        "mos": 5,
        "mts": 0.01,
        "ao": True,
    }
    return encode(known | fields)


def test_a_market_in_our_units() -> None:
    market = listed()
    assert market.id == f"polymarket:{condition()}"
    assert market.outcome_labels == ("Yes", "No")
    assert market.outcome_ids == (token(1, "yes"), token(1, "no"))
    assert market.grid == uniform_grid(Price(10_000))
    assert (market.quantity_step, market.quantity_min) == (10_000, 5_000_000)
    assert market.fee == CurveFee(70_000, 1)
    assert market.status == "open"
    assert market.volume_24h == 129_642_785_175
    assert market.event_id == "market-1"


def test_the_end_date_is_when_it_should_settle_and_no_cut_off() -> None:
    market = listed()
    assert market.settles_us == 1_798_675_200_000_000
    assert market.closes_us is None


@pytest.mark.parametrize(
    ("labels", "yes_index"),
    [
        ('["Yes", "No"]', 0),
        ('["No", "Yes"]', 1),
        ('["NO", "YES"]', 1),
        ('["Up", "Down"]', 0),
        ('["No", "Maybe"]', 0),
    ],
)
def test_yes_is_found_by_its_label_and_is_else_the_first(labels: str, yes_index: int) -> None:
    market = listed(outcomes=labels)
    tokens = (token(1, "yes"), token(1, "no"))
    assert market.outcome_ids[0] == tokens[yes_index]
    assert market.outcome_labels[0] == msgspec.json.decode(labels)[yes_index]


def test_a_v2_market_is_known_by_its_positions() -> None:
    market = listed(version="v2", clobTokenIds=None, positionIds=["800", "801"])
    assert market.outcome_ids == ("800", "801")


def test_an_unknown_protocol_is_refused() -> None:
    with pytest.raises(DataError, match="protocol"):
        listed(version="v3")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "open"),
        ({"acceptingOrders": False}, "paused"),
        ({"enableOrderBook": False}, "paused"),
        ({"acceptingOrders": None}, "unknown"),
        ({"active": False}, "listed"),
        ({"closed": True}, "closed"),
        ({"umaResolutionStatus": "requested"}, "paused"),
        ({"umaResolutionStatus": "proposed"}, "proposed"),
        ({"umaResolutionStatus": "disputed"}, "disputed"),
        ({"umaResolutionStatus": "resolved", "closed": True}, "settled"),
        ({"umaResolutionStatus": "settled"}, "settled"),
        ({"umaResolutionStatus": "pondered"}, "unknown"),
        ({"umaResolutionStatus": ""}, "open"),
        ({"resolutionStatus": "active"}, "open"),
        ({"resolutionStatus": "resolved"}, "settled"),
    ],
)
def test_open_means_that_every_sign_says_so(fields: dict[str, object], status: str) -> None:
    assert market_status(wire(**fields)) == status


@pytest.mark.parametrize(
    ("fields", "fee"),
    [
        ({}, CurveFee(70_000, 1)),
        ({"feesEnabled": False, "feeSchedule": None}, NO_FEE),
        ({"feesEnabled": True, "feeSchedule": None}, None),
        ({"feesEnabled": None, "feeSchedule": None}, None),
        ({"feesEnabled": False}, None),
        ({"feeSchedule": {"exponent": 2, "rate": 0.25, "takerOnly": True}}, CurveFee(250_000, 2)),
        ({"feeSchedule": {"exponent": 1, "rate": 0.07, "takerOnly": False}}, None),
        ({"feeSchedule": {"exponent": 1.5, "rate": 0.07, "takerOnly": True}}, None),
        ({"feeSchedule": {"exponent": 1, "rate": -0.07, "takerOnly": True}}, None),
        ({"feeSchedule": {"exponent": 1, "rate": 0.00000001, "takerOnly": True}}, None),
    ],
)
def test_a_fee_that_is_not_understood_is_none(
    fields: dict[str, object], fee: CurveFee | None
) -> None:
    assert listed(**fields).fee == fee


@pytest.mark.parametrize(
    ("fields", "group", "may_grow"),
    [
        ({}, None, False),
        ({"negRisk": True, "negRiskMarketID": "0xabc"}, "0xabc", True),
        ({"negRisk": True, "negRiskMarketID": ""}, "event:e", True),
        ({"negRiskOther": True}, None, True),
    ],
)
def test_neg_risk_makes_a_group(
    fields: dict[str, object], group: str | None, may_grow: bool
) -> None:
    market = to_market(wire(**fields), GammaEventRef("7", "e"))
    assert (market.exclusive_group, market.is_augmented) == (group, may_grow)
    assert market.exclusive_count is None


@pytest.mark.parametrize(
    ("augmented", "other", "may_grow"),
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_a_group_is_fixed_only_where_its_event_says_so(
    augmented: bool, other: bool, may_grow: bool
) -> None:
    fields = {"negRisk": True, "negRiskMarketID": "0xabc", "negRiskOther": other}
    event = GammaEventRef("7", "e", neg_risk_augmented=augmented)
    assert to_market(wire(**fields), event).is_augmented is may_grow


@pytest.mark.parametrize(
    "fields",
    [
        {"conditionId": ""},
        {"conditionId": "0x12"},
        {"orderPriceMinTickSize": None},
        {"orderPriceMinTickSize": 0},
        {"orderPriceMinTickSize": 0.03},
        {"orderMinSize": None},
        {"orderMinSize": -5},
        {"clobTokenIds": None},
        {"clobTokenIds": "[]"},
        {"clobTokenIds": '["1", "1"]'},
        {"clobTokenIds": '["x", "y"]'},
        {"clobTokenIds": "nonsense"},
        {"outcomes": "nonsense"},
        {"endDate": "soon"},
        {"volume24hr": -1},
    ],
)
def test_absent_or_impossible_terms_are_an_error(fields: dict[str, object]) -> None:
    with pytest.raises(DataError):
        listed(**fields)


@pytest.mark.parametrize("outcomes", ['["A", "B", "C"]', '["A"]', "[]"])
def test_a_market_without_two_outcomes_is_its_own_kind_of_error(outcomes: str) -> None:
    with pytest.raises(NotBinaryError):
        listed(outcomes=outcomes)


def test_the_engines_terms_rule() -> None:
    market = with_clob_terms(listed(), parse_clob_market(terms(mts=0.001, mos=15, ao=False)))
    assert market.grid == uniform_grid(Price(1_000))
    assert market.quantity_min == 15_000_000
    assert market.fee == NO_FEE  # the engine leaves out a fee that there is not
    assert market.status == "paused"


def test_a_neg_risk_market_unknown_to_gamma_is_in_a_group_that_may_grow() -> None:
    market = with_clob_terms(listed(), parse_clob_market(terms(nr=True)))
    assert (market.exclusive_group, market.is_augmented) == ("event:market-1", True)
    group = listed(negRisk=True, negRiskMarketID="0xabc")
    assert with_clob_terms(group, parse_clob_market(terms(nr=True))).exclusive_group == "0xabc"
    assert with_clob_terms(group, parse_clob_market(terms())).exclusive_group is None


def test_terms_of_another_market_are_refused() -> None:
    for other in (terms(c=condition(2)), terms(t=[]), terms(mts=0), terms(mos=-1)):
        with pytest.raises(DataError):
            with_clob_terms(listed(), parse_clob_market(other))


def test_real_engine_terms_of_2026_10_05_are_read() -> None:
    clob = parse_clob_market(REAL_TERMS)
    market = listed(
        conditionId=clob.condition_id,
        outcomes='["Up", "Down"]',
        clobTokenIds=encode([t.id for t in clob.tokens]).decode(),
        feeSchedule=None,
    )
    assert with_clob_terms(market, clob).fee == CurveFee(70_000, 1)


def test_the_recorded_live_market_and_its_engine_terms_agree(shared_wire: Path) -> None:
    folder = shared_wire / "polymarket" / "live_2026-10-05"
    body = (folder / "gamma-market-v1-btc15m.json").read_bytes()
    market = to_market(msgspec.json.decode(body, type=GammaMarket))
    assert market.outcome_labels == ("Up", "Down")
    assert market.status == "open"
    clob = parse_clob_market((folder / "clob-markets-v1.json").read_bytes())
    assert with_clob_terms(market, clob) == market


def test_a_text_that_holds_no_list_of_texts_is_an_error() -> None:
    for text in (None, "", "[1]", "[" * 100_000):
        with pytest.raises(DataError):
            decoded_texts(text, "outcomes")
