"""In whose name do orders stand? The key's own account, or a wallet that the key signs for."""

import msgspec

from foreshock.adapters.venues.polymarket.eip712 import ADDRESS_BYTES, checksummed, hex_bytes
from foreshock.adapters.venues.polymarket.exchange import EOA, POLY_1271, SignatureType
from foreshock.core.domain.errors import ConfigError, InvariantError

SIGNATURE_TYPES: dict[int, SignatureType] = {0: 0, 1: 1, 2: 2, 3: 3}


class Holder(msgspec.Struct, frozen=True):
    """address: of the key. wallet: holds dollars and contracts. Nothing here is secret."""

    address: str
    wallet: str
    signature_type: SignatureType

    @property
    def signer(self) -> str:
        """Who an order says signed it: a deposit wallet signs for itself."""
        return self.wallet if self.signature_type == POLY_1271 else self.address

    def owns(self, address: str) -> bool:
        """Whether the wallet is meant, whatever its capitals."""
        return address.lower() == self.wallet.lower()


def parse_holder(address: str, wallet: str | None, signature_type: int) -> Holder:
    """The account as configured; `wallet` is only for the types that have one.

    Raises ConfigError for a type the venue does not know, or a missing, odd or needless wallet.
    """
    kind = SIGNATURE_TYPES.get(signature_type)
    if kind is None:
        raise ConfigError(f"Polymarket knows signature types 0 to 3, not {signature_type}")
    own = _address(address)
    if kind == EOA:
        if wallet is not None and _address(wallet) != own:
            raise ConfigError("signature type 0 trades from the key's own account: set no wallet")
        return Holder(own, own, kind)
    if wallet is None:
        raise ConfigError(f"signature type {kind} needs the address of the wallet it trades from")
    return Holder(own, _address(wallet), kind)


def _address(text: str) -> str:
    try:
        return checksummed(hex_bytes(text.strip().lower(), ADDRESS_BYTES))
    except InvariantError as error:
        raise ConfigError(f"not a Polygon address: {text[:80]!r}") from error
