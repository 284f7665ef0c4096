"""Do our fees equal what the venues charged, printed and documented?

Kalshi's vectors: real fills of direct members in production (August 2026) and on the demo exchange
(June and July 2026), the table of the fee schedule PDF (July 2026, its INX rows February 2026) and
the worked example of the fee rounding page (autumn 2026). Polymarket's: the fees documentation page
(autumn 2026).
"""

import csv
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.app.fee_packs import load_fee_pack
from foreshock.core.domain.markets import CurveFee, FeeTerms, SeriesFee
from foreshock.core.domain.units import (
    MICRO,
    NOTHING,
    PAYOUT,
    Instant,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    notional,
    parse_micros,
    parse_price,
    parse_quantity,
)
from foreshock.core.pricing.fees import (
    CurveRule,
    FeePack,
    FeeUnknown,
    Fill,
    FillFee,
    SeriesRule,
    displayed_fee,
    fill_fee,
    order_fee,
    settle_rounding,
)
from tests.unit.core.pricing.prices import CONFIG, CURVE, NOW, QUADRATIC

KALSHI = load_fee_pack(CONFIG / "fees" / "kalshi.toml")
BROKERED = load_fee_pack(CONFIG / "fees" / "kalshi.toml", "non_direct")
POLYMARKET = load_fee_pack(CONFIG / "fees" / "polymarket.toml")
AUGUST = Instant(1_786_752_000_000_000)  # 2026-08-15
JUNE = Instant(1_781_481_600_000_000)  # 2026-06-15
GENERAL_RATE = "0.07"
MAKER_RATE = "0.0175"


class Vector(NamedTuple):
    """One published or observed fee; price of YES and amounts in dollars, as printed."""

    series: str
    role: str
    rate: str
    multiplier: str
    outcome: str
    contracts: str
    yes_price: str
    fee: str


REAL_FILLS = [
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "227.27", "0.0010", "0.015930"),
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "90.90", "0.0010", "0.006400"),
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "90.90", "0.0010", "0.006400"),
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "45.45", "0.0020", "0.006400"),
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "28.32", "0.0330", "0.063340"),
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "71.94", "0.0130", "0.064780"),
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "4.15", "0.2280", "0.051200"),
    Vector("KXMVECROSSCATEGORY", "taker", "0.07", "1", "yes", "909.09", "0.0010", "0.063610"),
    Vector("KXTOPUSAGEAI", "taker", "0.07", "1", "yes", "10.00", "0.0100", "0.007000"),
    Vector("KXTRUMPSAY", "taker", "0.07", "1", "yes", "10.00", "0.0400", "0.026900"),
    Vector("KXUFCFIGHT", "taker", "0.07", "1", "yes", "15.00", "0.7400", "0.202100"),
    Vector("KXUFCMOV", "taker", "0.07", "1", "yes", "20.00", "0.3300", "0.309600"),
    Vector("KXUFCFIGHT", "taker", "0.07", "1", "yes", "10.00", "0.2700", "0.138000"),
    Vector("KXUFCMOV", "taker", "0.07", "1", "yes", "10.00", "0.2800", "0.141200"),
    Vector("KXUFCMOV", "taker", "0.07", "1", "yes", "10.00", "0.0800", "0.051600"),
    Vector("KXUFCFIGHT", "taker", "0.07", "1", "yes", "3.00", "0.5200", "0.052500"),
    Vector("KXUFCMOV", "taker", "0.07", "1", "yes", "10.00", "0.1300", "0.079200"),
    Vector("KXUFCMOV", "taker", "0.07", "1", "yes", "5.00", "0.2400", "0.063900"),
    Vector("KXUFCFIGHT", "taker", "0.07", "1", "no", "10.00", "0.8400", "0.094100"),
    Vector("KXUFCFIGHT", "taker", "0.07", "1", "no", "20.00", "0.8500", "0.178500"),
    Vector("KXMLBKS", "taker", "0.07", "0.5", "yes", "1.00", "0.5100", "0.008800"),
    Vector("KXPGATOUR", "taker", "0.07", "1", "yes", "20.00", "0.1300", "0.158400"),
    Vector("KXWNBAGAME", "taker", "0.07", "1", "yes", "1.00", "0.2800", "0.014200"),
    Vector("KXMLBGAME", "taker", "0.07", "0.5", "yes", "1.00", "0.5200", "0.008800"),
    Vector("KXMLBSPREAD", "taker", "0.07", "0.5", "yes", "1.00", "0.2700", "0.006900"),
    Vector("KXMLBSPREAD", "taker", "0.07", "0.5", "yes", "20.00", "0.1300", "0.079200"),
    Vector("KXMLBSPREAD", "taker", "0.07", "0.5", "yes", "1.00", "0.1300", "0.004000"),
    Vector("KXMLBGAME", "taker", "0.07", "0.5", "yes", "1.00", "0.4800", "0.008800"),
    Vector("KXMLBGAME", "taker", "0.07", "0.5", "yes", "1.00", "0.4800", "0.008800"),
    Vector("KXATPDOUBLES", "taker", "0.07", "1", "yes", "20.00", "0.1500", "0.178500"),
    Vector("KXMLBGAME", "taker", "0.07", "0.5", "yes", "10.00", "0.2700", "0.069000"),
    Vector("KXMLBGAME", "taker", "0.07", "0.5", "yes", "1.00", "0.2700", "0.006900"),
    Vector("KXMLBGAME", "taker", "0.07", "0.5", "yes", "0.27", "0.2700", "0.001900"),
    Vector("(demo)", "taker", "0.07", "1", "yes", "1.00", "0.5200", "0.017500"),
    Vector("(demo)", "taker", "0.07", "1", "yes", "1.00", "0.9900", "0.000700"),
    Vector("(demo)", "taker", "0.07", "1", "yes", "1.00", "0.4800", "0.017500"),
]
FEE_TABLE = [
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.01", "0.01"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.01", "0.07"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.05", "0.01"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.05", "0.34"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.10", "0.01"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.10", "0.63"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.20", "0.02"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.20", "1.12"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.25", "0.02"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.25", "1.32"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.30", "0.02"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.30", "1.47"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.40", "0.02"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.40", "1.68"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.50", "0.02"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.50", "1.75"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.85", "0.01"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.85", "0.90"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.90", "0.01"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.90", "0.63"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.95", "0.01"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.95", "0.34"),
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.99", "0.01"),
    Vector("general", "taker", "0.07", "1", "yes", "100", "0.99", "0.07"),
    Vector("maker-fee series", "maker", "0.0175", "1", "yes", "100", "0.05", "0.09"),
    Vector("maker-fee series", "maker", "0.0175", "1", "yes", "100", "0.10", "0.16"),
    Vector("maker-fee series", "maker", "0.0175", "1", "yes", "100", "0.25", "0.33"),
    Vector("maker-fee series", "maker", "0.0175", "1", "yes", "100", "0.50", "0.44"),
    Vector("KXINX", "taker", "0.035", "1", "yes", "100", "0.50", "0.88"),
    Vector("KXINX", "taker", "0.035", "1", "yes", "100", "0.10", "0.32"),
]
BROKER_EXAMPLE = [
    Vector("general", "taker", "0.07", "1", "yes", "1", "0.055", "0.005"),
]


def terms_of(vector: Vector) -> SeriesFee:
    """The market's terms behind a row. Half of the rate once came as a rate of its own."""
    multiplier = parse_micros(vector.multiplier)
    if vector.role == "maker":
        assert vector.rate == MAKER_RATE
        return SeriesFee("quadratic_with_maker_fees", multiplier)
    halves = {GENERAL_RATE: 1, "0.035": 2}[vector.rate]
    return SeriesFee("quadratic", multiplier // halves)


def fill_of(vector: Vector) -> Fill:
    yes = parse_price(vector.yes_price)
    price = yes if vector.outcome == "yes" else complement(yes)
    return Fill(price, parse_quantity(vector.contracts), is_taker=vector.role == "taker")


def charged(pack: FeePack, terms: FeeTerms | None, fill: Fill, at_us: Instant = NOW) -> Money:
    result = fill_fee(pack, terms, fill, at_us)
    assert isinstance(result, FillFee)
    return result.fee


def series_rule(pack: FeePack, at_us: Instant) -> SeriesRule:
    rule = pack.rule_at(at_us)
    assert isinstance(rule, SeriesRule)
    return rule


# ---- Kalshi ----------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", REAL_FILLS)
def test_real_fills_are_reproduced_by_the_schedule_of_their_month(vector: Vector) -> None:
    at_us = JUNE if vector.series == "(demo)" else AUGUST
    fee = charged(KALSHI, terms_of(vector), fill_of(vector), at_us)
    assert fee == parse_micros(vector.fee)


@pytest.mark.parametrize("vector", FEE_TABLE)
def test_the_printed_table_is_the_order_total_up_to_the_cent(vector: Vector) -> None:
    rule = series_rule(KALSHI, NOW)
    assert displayed_fee(rule, terms_of(vector), fill_of(vector)) == parse_micros(vector.fee)


@pytest.mark.parametrize("vector", BROKER_EXAMPLE)
def test_a_broker_customer_pays_to_the_whole_cent(vector: Vector) -> None:
    fee = charged(BROKERED, terms_of(vector), fill_of(vector))
    assert fee == parse_micros(vector.fee)


def test_the_vectors_are_those_of_the_recording(shared_wire: Path) -> None:
    with (shared_wire / "kalshi" / "fee_vectors.csv").open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    kinds = {
        "direct_0.0001": REAL_FILLS,
        "cent_display": FEE_TABLE,
        "nondirect_0.01": BROKER_EXAMPLE,
    }
    for precision, vectors in kinds.items():
        assert vectors == [
            Vector(
                row["series"],
                row["role"],
                row["rate"],
                row["multiplier"],
                row["outcome"],
                row["count"],
                row["yes_price"],
                row["fee_total_dollars"],
            )
            for row in rows
            if row["precision"] == precision
        ]
    assert len(rows) == sum(len(vectors) for vectors in kinds.values())


def test_the_current_rule_differs_from_the_older_one_on_one_real_fill() -> None:
    """Source: fee rounding page, autumn 2026: 0.064680 instead of 0.064780."""
    fill = Fill(parse_price("0.0130"), parse_quantity("71.94"))
    assert charged(KALSHI, QUADRATIC, fill, AUGUST) == 64_780
    assert charged(KALSHI, QUADRATIC, fill, NOW) == 64_680


@pytest.mark.parametrize(
    ("trade_fee", "revenue", "nets"),
    [
        (8_500, -55_000, [15_000, 5_000, 15_000]),
        (4_100, -150_000, [10_000, 0, 10_000]),
        (500, -9_903, [10_097, 97, 97]),
    ],
)
def test_three_equal_fills_of_one_order_share_the_rounding(
    trade_fee: int, revenue: int, nets: list[int]
) -> None:
    """Source: tables of the older fee rounding page, for customers of a broker."""
    rule, carried = series_rule(BROKERED, NOW), NOTHING
    paid: list[int] = []
    for _ in nets:
        fee, carried = settle_rounding(rule, Money(trade_fee), Money(revenue), carried)
        paid.append(fee)
    assert paid == nets


def test_the_rebate_carries_what_is_left() -> None:
    """Source: fee rounding page: 0.004 three times at a cent pays 0.01 back and carries 0.002."""
    rule, fee, carried = series_rule(BROKERED, NOW), NOTHING, NOTHING
    for _ in range(3):
        fee, carried = settle_rounding(rule, Money(6_000), Money(-50_000), carried)
    assert (fee, carried) == (0, 2_000)


@pytest.mark.parametrize(
    ("fee_type", "maker"),
    [
        ("quadratic", 0),
        ("quadratic_with_maker_fees", 437_500),
        ("quadratic_with_combo_maker_fees", 875_000),
    ],
)
def test_makers_pay_by_fee_type(fee_type: str, maker: int) -> None:
    terms = SeriesFee(fee_type, MICRO)
    hundred = Fill(parse_price("0.50"), parse_quantity("100"), is_taker=False)
    assert charged(KALSHI, terms, hundred) == maker


@pytest.mark.parametrize(("multiplier", "fee"), [(0, 0), (500_000, 875_000), (MICRO, 1_750_000)])
def test_the_multiplier_scales_the_fee(multiplier: int, fee: int) -> None:
    hundred = Fill(parse_price("0.50"), parse_quantity("100"))
    assert charged(KALSHI, SeriesFee("quadratic", multiplier), hundred) == fee


# ---- Polymarket ------------------------------------------------------------------------------


@pytest.mark.parametrize(("price", "fee"), [("0.025", 97_500), ("0.976", 93_700)])
def test_polymarket_worked_examples_hold(price: str, fee: int) -> None:
    """Source: fees documentation page: 100 shares at a rate of 0.04."""
    assert charged(POLYMARKET, CURVE, Fill(parse_price(price), parse_quantity("100"))) == fee


@pytest.mark.parametrize(
    ("price", "crypto", "five", "four"),
    [
        ("0.01", 69_300, 49_500, 39_600),
        ("0.05", 332_500, 237_500, 190_000),
        ("0.10", 630_000, 450_000, 360_000),
        ("0.15", 892_500, 637_500, 510_000),
        ("0.20", 1_120_000, 800_000, 640_000),
        ("0.25", 1_312_500, 937_500, 750_000),
        ("0.30", 1_470_000, 1_050_000, 840_000),
        ("0.35", 1_592_500, 1_137_500, 910_000),
        ("0.40", 1_680_000, 1_200_000, 960_000),
        ("0.45", 1_732_500, 1_237_500, 990_000),
        ("0.50", 1_750_000, 1_250_000, 1_000_000),
    ],
)
def test_polymarket_table_holds_on_both_sides_of_a_half(
    price: str, crypto: int, five: int, four: int
) -> None:
    for rate_ppm, fee in ((70_000, crypto), (50_000, five), (40_000, four)):
        for at in (parse_price(price), complement(parse_price(price))):
            terms = CurveFee(rate_ppm, 1)
            assert charged(POLYMARKET, terms, Fill(at, parse_quantity("100"))) == fee


def test_the_squared_curve_of_early_crypto_markets() -> None:
    """100 x 0.25 x (0.5 x 0.5)^2 = 1.5625; at 0.10: 100 x 0.25 x 0.0081 = 0.2025."""
    terms = CurveFee(250_000, 2)
    assert charged(POLYMARKET, terms, Fill(parse_price("0.50"), parse_quantity("100"))) == 1_562_500
    assert charged(POLYMARKET, terms, Fill(parse_price("0.10"), parse_quantity("100"))) == 202_500


def test_polymarket_makers_pay_nothing() -> None:
    fill = Fill(parse_price("0.50"), parse_quantity("100"), is_taker=False)
    assert charged(POLYMARKET, CURVE, fill) == 0


def test_a_polymarket_fee_below_the_smallest_amount_is_not_charged() -> None:
    """0.02 x 0.04 x 0.01 x 0.99 = 0.00000792 dollars; twice the size is charged, up."""
    price = parse_price("0.01")
    assert charged(POLYMARKET, CURVE, Fill(price, parse_quantity("0.02"))) == 0
    assert charged(POLYMARKET, CURVE, Fill(price, parse_quantity("0.04"))) == 20


def test_an_earlier_polymarket_schedule_rounds_to_four_decimals() -> None:
    february = Instant(1_770_000_000_000_000)
    fill = Fill(parse_price("0.976"), parse_quantity("101"))
    assert charged(POLYMARKET, CURVE, fill, february) == 94_700
    assert charged(POLYMARKET, CURVE, fill, NOW) == 94_640


# ---- what is not known -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "terms", "at_us", "words"),
    [
        (None, QUADRATIC, NOW, "no fee schedule is configured"),
        (KALSHI, None, NOW, "terms of this market are not understood"),
        (KALSHI, QUADRATIC, Instant(1_700_000_000_000_000), "no kalshi fee schedule is in force"),
        (KALSHI, SeriesFee("flat", MICRO), NOW, "'flat' is not in the schedule"),
        (
            KALSHI,
            SeriesFee("quadratic_with_combo_maker_fees", MICRO),
            AUGUST,
            "not in the schedule",
        ),
        (KALSHI, SeriesFee("quadratic", -1), NOW, "makes no sense"),
        (KALSHI, CURVE, NOW, "does not explain CurveFee"),
        (POLYMARKET, QUADRATIC, NOW, "does not explain SeriesFee"),
        (POLYMARKET, CurveFee(40_000, 3), NOW, "exponent of 3"),
        (POLYMARKET, CurveFee(40_000, 0), NOW, "exponent of 0"),
        (POLYMARKET, CurveFee(1_000_000, 1), NOW, "not plausible"),
        (POLYMARKET, CurveFee(-1, 1), NOW, "not plausible"),
    ],
)
def test_what_no_schedule_explains_has_no_fee(
    pack: FeePack | None, terms: FeeTerms | None, at_us: Instant, words: str
) -> None:
    fill = Fill(parse_price("0.50"), parse_quantity("100"))
    result = fill_fee(pack, terms, fill, at_us)
    assert isinstance(result, FeeUnknown)
    assert words in result.words
    assert order_fee(pack, terms, (fill, fill), at_us) == result


def test_an_unknown_type_is_not_displayed_either() -> None:
    fill = Fill(parse_price("0.50"), parse_quantity("100"))
    result = displayed_fee(series_rule(KALSHI, NOW), SeriesFee("flat", MICRO), fill)
    assert isinstance(result, FeeUnknown)


# ---- properties ------------------------------------------------------------------------------

prices = st.integers(1, 9_999).map(lambda ticks: Price(ticks * 100))
quantities = st.integers(1, 100_000).map(lambda lots: Quantity(lots * 10_000))
packs = st.sampled_from([(KALSHI, QUADRATIC), (BROKERED, QUADRATIC), (POLYMARKET, CURVE)])


@given(packs, prices, quantities)
def test_a_fee_is_never_negative_and_never_below_the_model(
    kind: tuple[FeePack, FeeTerms], price: Price, quantity: Quantity
) -> None:
    pack, terms = kind
    fee = charged(pack, terms, Fill(price, quantity))
    rate_ppm = terms.rate_ppm if isinstance(terms, CurveFee) else 70_000
    model = rate_ppm * quantity * price * (PAYOUT - price)  # micro-dollars x MICRO^3
    waived = 10 if isinstance(terms, CurveFee) and fee == 0 else 0
    assert fee >= 0
    assert (fee + waived) * MICRO**3 >= model


@given(st.sampled_from([KALSHI, BROKERED]), prices, quantities)
def test_cash_after_a_first_fill_is_aligned_to_the_account(
    pack: FeePack, price: Price, quantity: Quantity
) -> None:
    fee = charged(pack, QUADRATIC, Fill(price, quantity))
    paid = notional(price, quantity, Rounding.UP) + fee
    assert paid % series_rule(pack, NOW).precision == 0


@given(
    st.sampled_from([KALSHI, BROKERED]),
    st.lists(st.tuples(prices, quantities), min_size=1, max_size=8),
)
def test_an_order_in_pieces_never_pays_a_whole_unit_too_much(
    pack: FeePack, pieces: list[tuple[Price, Quantity]]
) -> None:
    """What the alignment took beyond the trade fees stays below one unit, or below its rebate cap."""
    rule, carried, rounded, trade = series_rule(pack, NOW), NOTHING, 0, 0
    for price, quantity in pieces:
        result = fill_fee(pack, QUADRATIC, Fill(price, quantity), NOW, carried)
        assert isinstance(result, FillFee)
        assert result.fee >= 0
        model = 70_000 * MICRO * quantity * price * (PAYOUT - price)
        trade += -(-model // MICRO**4)
        rounded += result.fee
        carried = result.carried
    assert rounded == trade + carried
    assert carried < rule.rebate_unit * len(pieces)


@given(prices, quantities)
def test_selling_pays_the_same_model_as_buying(price: Price, quantity: Quantity) -> None:
    bought = charged(KALSHI, QUADRATIC, Fill(price, quantity))
    sold = charged(KALSHI, QUADRATIC, Fill(price, quantity, action="sell"))
    assert abs(bought - sold) < series_rule(KALSHI, NOW).precision


@given(prices, quantities)
def test_the_polymarket_rounding_follows_its_schedule(price: Price, quantity: Quantity) -> None:
    rule = POLYMARKET.rule_at(NOW)
    assert isinstance(rule, CurveRule)
    schedule = POLYMARKET.schedules[-1]
    down = msgspec.structs.replace(rule, rounding=Rounding.DOWN)
    cheaper = FeePack("polymarket", "down", (msgspec.structs.replace(schedule, rule=down),))
    fill = Fill(price, quantity)
    assert charged(POLYMARKET, CURVE, fill) - charged(cheaper, CURVE, fill) in {0, rule.unit}
