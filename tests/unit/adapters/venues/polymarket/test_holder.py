"""Whose name an order stands in."""

import pytest

from foreshock.adapters.venues.polymarket.holder import parse_holder
from foreshock.core.domain.errors import ConfigError
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, WALLET


@pytest.mark.parametrize(
    ("kind", "wallet", "maker", "signer"),
    [
        (0, None, ADDRESS, ADDRESS),
        (0, ADDRESS.lower(), ADDRESS, ADDRESS),
        (1, WALLET.lower(), WALLET, ADDRESS),
        (2, WALLET, WALLET, ADDRESS),
        (3, WALLET, WALLET, WALLET),
    ],
)
def test_each_signature_type_has_its_maker_and_signer(
    kind: int, wallet: str | None, maker: str, signer: str
) -> None:
    holder = parse_holder(ADDRESS.lower(), wallet, kind)
    assert (holder.address, holder.wallet, holder.signer) == (ADDRESS, maker, signer)


@pytest.mark.parametrize(
    ("address", "wallet", "kind"),
    [
        (ADDRESS, WALLET, 0),
        (ADDRESS, None, 1),
        (ADDRESS, WALLET, 4),
        (ADDRESS[:-1], None, 0),
        (ADDRESS, "0xzz", 2),
    ],
)
def test_an_account_that_cannot_be_is_refused(address: str, wallet: str | None, kind: int) -> None:
    with pytest.raises(ConfigError):
        parse_holder(address, wallet, kind)


def test_a_wallet_is_recognised_in_any_capitals() -> None:
    holder = parse_holder(ADDRESS, WALLET, 1)
    assert holder.owns(WALLET.lower())
    assert not holder.owns(ADDRESS)
