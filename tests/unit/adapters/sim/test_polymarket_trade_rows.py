"""Are strangers behind a match told by names that stay the same and look real?"""

from foreshock.adapters.sim.polymarket_eip712 import ADDRESS, WORD_HEX
from foreshock.adapters.sim.polymarket_trade_rows import (
    order_id_text,
    stranger_address,
    stranger_key,
)


def test_strangers_have_stable_names_of_the_right_shape() -> None:
    assert ADDRESS.fullmatch(stranger_address("crowd"))
    assert stranger_address("crowd") == stranger_address("crowd") != stranger_address("maker")
    assert len(stranger_key("crowd")) == 36
    assert stranger_key("crowd") != stranger_key("maker")


def test_orders_that_nobody_signed_get_a_hash() -> None:
    assert WORD_HEX.fullmatch(order_id_text("polymarket-7"))
    assert order_id_text("polymarket-7") != order_id_text("polymarket-8")
    signed = "0x" + "ab" * 32
    assert order_id_text(signed) == signed
