"""Do orders end in the venue's words?"""

import msgspec
import pytest

from foreshock.adapters.sim.exchange_types import CancelReason, OrderState, OrderStatus
from foreshock.adapters.sim.polymarket_order_log import OrderIntent, order_row, record_of
from foreshock.core.domain.units import Instant, Price
from tests.unit.adapters.sim.face_scenario import CONDITIONS, T0, order, polymarket_exchange

INTENT = OrderIntent(
    id="0x1",
    owner="key",
    account="0xa",
    maker_address="0xA",
    native_id=CONDITIONS[0],
    token="7",
    outcome_label="Yes",
    side="BUY",
    order_type="GTC",
    price=Price(400_000),
    original=10_000_000,
    expiration=0,
    created_us=T0,
)
STATE: OrderState = order(polymarket_exchange(), CONDITIONS[0], ("buy", "yes"), ("0.40", "10"))


@pytest.mark.parametrize(
    ("status", "reason", "filled", "told"),
    [
        ("resting", None, 0, "LIVE"),
        ("resting", None, 4, "LIVE"),
        ("executed", None, 10, "MATCHED"),
        ("canceled", "user", 4, "CANCELED"),
        ("canceled", "remainder", 4, "MATCHED"),
        ("canceled", "remainder", 0, "CANCELED"),
        ("canceled", "expired", 0, "CANCELED_EXPIRED_ORDER"),
        ("canceled", "closed", 0, "CANCELED_MARKET_RESOLVED"),
    ],
)
def test_each_state_has_its_word(
    status: OrderStatus, reason: CancelReason | None, filled: int, told: str
) -> None:
    changes = {"status": status, "cancel_reason": reason, "filled": filled * 1_000_000}
    state = msgspec.structs.replace(STATE, **changes, trades=(5,), updated_us=Instant(T0 + 1))
    record = record_of(INTENT, state)
    assert (record.status, record.is_active) == (told, told == "LIVE")
    row = order_row(record)
    assert (row["size_matched"], row["original_size"]) == (str(filled), "10")
    assert len(record.trades) == 1
