"""Does one changed value change that one and nothing else?"""

import msgspec

from foreshock.core.domain.gate_limits import with_gate_limit
from tests.trading import dollars
from tests.unit.core.execution.test_gate import SETTINGS


def test_each_value_can_be_replaced() -> None:
    for name in SETTINGS.__struct_fields__:
        if name != "notional_per_minute_max":
            changed = with_gate_limit(SETTINGS, name, 7)
            assert changed == msgspec.structs.replace(SETTINGS, **{name: 7})


def test_the_dollars_a_minute_are_those_of_one_venue() -> None:
    changed = with_gate_limit(SETTINGS, "notional_per_minute_max.kalshi", dollars(3))
    assert changed.notional_per_minute_max == {
        "polymarket": dollars(20),
        "kalshi": dollars(3),
    }


def test_what_is_no_key_of_the_gate_or_no_value_changes_nothing() -> None:
    assert with_gate_limit(SETTINGS, "market_max", 7) is SETTINGS
    assert with_gate_limit(SETTINGS, "collar", None) is SETTINGS
