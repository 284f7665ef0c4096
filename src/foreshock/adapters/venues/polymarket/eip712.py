"""Which 32 bytes stand for a typed message? Hashes of EIP-712 structs and of their domains.

    digest = keccak(0x1901 . domain separator . struct hash)
    struct hash = keccak(keccak(type text) . every field in 32 bytes)

Only what Polymarket signs is understood: flat structs of atomic types and strings. A nested struct
is given by its own hash, its type by its text. Source: EIP-712, final.
"""

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from Crypto.Hash import keccak

from foreshock.core.domain.errors import InvariantError

WORD_BYTES = 32
ADDRESS_BYTES = 20
PREFIX = b"\x19\x01"
BITS_PER_BYTE = 8

Value = int | str | bytes
"""uint: int. address, bytes32: text of 0x and hex digits, or the bytes. string: text. bytes: bytes.

An array of structs is given by the hash of their hashes in order.
"""


class TypedStruct(msgspec.Struct, frozen=True):
    """A struct type: its name, its (type, name) fields in order, the texts of types it nests."""

    name: str
    fields: tuple[tuple[str, str], ...]
    nested: tuple[str, ...] = ()

    def text(self) -> str:
        """The type as it is hashed, e.g. `Mail(address to,string contents)`."""
        fields = ",".join(f"{kind} {name}" for kind, name in self.fields)
        return f"{self.name}({fields})" + "".join(self.nested)


def keccak256(data: bytes) -> bytes:
    """The hash of Ethereum, which is not the SHA3-256 of the standard."""
    return keccak.new(digest_bits=256, data=data).digest()


def hash_struct(kind: TypedStruct, values: Mapping[str, Value]) -> bytes:
    """32 bytes for a struct. Raises InvariantError for a value its type cannot hold."""
    words = [_type_hash(kind)]
    words += [_word(of, values[name]) for of, name in kind.fields]
    return keccak256(b"".join(words))


def digest(separator: bytes, struct_hash: bytes) -> bytes:
    """What a key signs."""
    return keccak256(PREFIX + separator + struct_hash)


def hex_text(data: bytes) -> str:
    """0x and lower-case digits."""
    return f"0x{data.hex()}"


def hex_bytes(text: str, length: int) -> bytes:
    """Raises InvariantError unless `text` is 0x and exactly that many bytes."""
    try:
        data = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        data = b""
    if not text.startswith("0x") or len(data) != length:
        raise InvariantError(f"not {length} bytes in hex: {text[:80]!r}")
    return data


def checksummed(address: bytes) -> str:
    """The address with the upper-case digits of EIP-55."""
    digits = address.hex()
    marks = keccak256(digits.encode()).hex()
    pairs = zip(digits, marks, strict=False)
    return "0x" + "".join(d.upper() if mark >= "8" else d for d, mark in pairs)


@lru_cache(maxsize=16)
def _type_hash(kind: TypedStruct) -> bytes:
    return keccak256(kind.text().encode())


def _word(kind: str, value: Value) -> bytes:
    """A field's value in 32 bytes."""
    if isinstance(value, int):
        return _number(kind, value)
    if kind == "string" and isinstance(value, str):
        return keccak256(value.encode())
    if kind == "bytes" and isinstance(value, bytes):
        return keccak256(value)
    length = ADDRESS_BYTES if kind == "address" else WORD_BYTES
    data = hex_bytes(value, length) if isinstance(value, str) else value
    if kind.startswith("uint") or len(data) != length:
        raise InvariantError(f"not a {kind}: {str(value)[:80]!r}")
    return data.rjust(WORD_BYTES, b"\x00")


def _number(kind: str, value: int) -> bytes:
    bits = kind.removeprefix("uint")
    if bits == kind or not 0 <= value < 1 << int(bits):
        raise InvariantError(f"not a {kind}: {value}")
    return value.to_bytes(WORD_BYTES, "big")
