"""Do the shipped limits say what the documents ask for, and do wrong ones say what to change?"""

from pathlib import Path

import pytest

from foreshock.app.limits_file import load_limits, ppm, split_bankroll
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Money
from tests.trading import dollars

SHIPPED = Path(__file__).parents[3] / "config" / "limits.toml"
VENUES = ("polymarket", "kalshi")


def test_personal_is_ten_fifty_and_ten_percent() -> None:
    limits, _ = load_limits(SHIPPED, "personal", split_bankroll("10000", VENUES))
    assert limits.market_max == dollars(1_000)
    assert limits.platform_max == dollars(5_000)
    assert limits.portfolio_max == dollars(10_000)
    assert limits.daily_loss_max == dollars(1_000)
    assert limits.weekly_loss_max is None
    assert limits.packages_open_max == 8


def test_desk_is_tighter_where_its_amounts_are() -> None:
    limits, _ = load_limits(SHIPPED, "desk", split_bankroll("100000", VENUES))
    assert limits.market_max == dollars(250)
    assert limits.platform_max == dollars(5_000)
    assert limits.daily_loss_max == dollars(1_000)
    assert limits.weekly_loss_max == dollars(3_000)
    assert limits.monthly_loss_max == dollars(5_000)


def test_desk_is_tighter_where_the_bankroll_is_small() -> None:
    limits, _ = load_limits(SHIPPED, "desk", split_bankroll("1000", VENUES))
    assert limits.market_max == dollars(100)
    assert limits.platform_max == dollars(500)


def test_the_clocks_and_the_gate_are_those_of_the_reliability_notes() -> None:
    limits, gate = load_limits(SHIPPED, "personal", split_bankroll("10000", VENUES))
    fresh = limits.freshness
    assert (fresh.message_age_max, fresh.data_age_max) == (2_000_000, 8_000_000)
    assert (fresh.check_age_max, fresh.quiet_max) == (60_000_000, 600_000_000)
    assert fresh.lag_max == 250_000
    assert limits.identical_rejects_max == 3
    assert limits.unknown_orders_max == 0
    assert (gate.collar, gate.collar_ppm, gate.collar_floor) == (30_000, 150_000, 10_000)
    assert gate.decision_age_max == 1_000_000
    assert gate.orders_per_minute_max == 30
    assert gate.notional_per_minute_max == dict.fromkeys(VENUES, dollars(500))


def test_an_odd_bankroll_is_split_downwards() -> None:
    assert split_bankroll("0.000003", VENUES) == dict.fromkeys(VENUES, Money(1))


@pytest.mark.parametrize(("percent", "expected"), [("10", 100_000), ("0.0001", 1), ("100", 10**6)])
def test_percents_are_exact(percent: str, expected: int) -> None:
    assert ppm(percent) == expected


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('"10"', '"ten"'), "profiles.personal.market_max_percent"),
        (('market_max_percent = "10"', 'market_max_percent = "101"'), "market_max_percent"),
        (("packages_open_max = 8", "packages_open_max = 0"), "packages_open_max"),
        (("packages_open_max = 8", "packages_opn_max = 8"), "packages_"),
        (("[rules]", "[rules"), "not valid TOML"),
        (("identical_rejects_max = 3", ""), "rules.identical_rejects_max"),
    ],
)
def test_a_wrong_file_names_its_key(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(SHIPPED.read_text(encoding="utf8").replace(*change), encoding="utf8")
    with pytest.raises(ConfigError, match=r"limits\.toml") as caught:
        load_limits(path, "personal", split_bankroll("10000", VENUES))
    assert complaint in str(caught.value)


def test_an_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'bold'.*desk, personal"):
        load_limits(SHIPPED, "bold", split_bankroll("10000", VENUES))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the limits"):
        load_limits(tmp_path / "none.toml", "personal", split_bankroll("10000", VENUES))


@pytest.mark.parametrize("bankroll", ["0", "0.000001"])
def test_nothing_to_trade_with_is_an_error(bankroll: str) -> None:
    with pytest.raises(ConfigError, match="bankroll_dollars"):
        load_limits(SHIPPED, "personal", split_bankroll(bankroll, VENUES))


def test_a_bankroll_that_is_no_amount_is_an_error() -> None:
    with pytest.raises(ConfigError, match="bankroll_dollars"):
        split_bankroll("plenty", VENUES)
