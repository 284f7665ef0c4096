"""Which two markets has a person confirmed to be the same bet? Reads a pairs file.

- id: fed-2027-01-375
  a: "polymarket:0x..."       # condition id
  b: "kalshi:KXFED-27JAN-T3.75"
  relation: identity          # or complement: YES of a pays exactly when NO of b does
  label: Fed upper bound above 3.75 % after January 2027
  confirmed_by: who read both rule texts
  note: what was compared, and when
"""

from pathlib import Path

import msgspec
import yaml

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.markets import MarketId, Pair, Relation

PAIRS_FILE = "pairs.yaml"
DEMO_PAIRS_FILE = "pairs.demo.yaml"
PAIRS_MAX = 20_000
FILE_BYTES_MAX = 16 * 1024 * 1024
RESERVED_IDS = frozenset({"review", "relations", "bounds"})
"""Paths beside those of single pairs."""


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    a: str
    b: str
    relation: Relation
    label: str
    confirmed_by: str
    note: str = ""


def load_pairs(path: Path) -> list[Pair]:
    """The pairs of a file. Raises ConfigError naming the entry and what to change."""
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ConfigError(f"{path} is longer than {FILE_BYTES_MAX} bytes")
        content: object = yaml.safe_load(path.read_text(encoding="utf8"))
    except OSError as error:
        raise ConfigError(f"cannot read the pairs in {path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    try:
        rows = msgspec.convert(content or [], list[object])
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path} must be a list of pairs, each starting with `- id:`") from error
    if len(rows) > PAIRS_MAX:
        raise ConfigError(f"{path} holds {len(rows)} pairs; the most is {PAIRS_MAX}")
    pairs = [_pair(path, number, row) for number, row in enumerate(rows, 1)]
    _no_repeats(path, pairs)
    return pairs


def _pair(path: Path, number: int, row: object) -> Pair:
    where = f"{path}, pair {number}"
    try:
        read = msgspec.convert(row, _Row)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}") from error
    for side in (read.a, read.b):
        venue, colon, native = side.partition(":")
        if not (venue and colon and native):
            raise ConfigError(f"{where}: {side!r} must be venue:identifier")
    if read.a.partition(":")[0] == read.b.partition(":")[0]:
        raise ConfigError(f"{where}: both markets are at one venue; a pair joins two")
    if read.id in RESERVED_IDS:
        raise ConfigError(f"{where}: the id {read.id!r} is a word of the API: choose another")
    if not read.confirmed_by.strip():
        raise ConfigError(f"{where}: confirmed_by must name who read both rule texts")
    return Pair(
        id=read.id,
        a=MarketId(read.a),
        b=MarketId(read.b),
        relation=read.relation,
        label=read.label,
        confirmed_by=read.confirmed_by,
        note=read.note,
    )


def _no_repeats(path: Path, pairs: list[Pair]) -> None:
    seen: dict[object, str] = {}
    for pair in pairs:
        for key in (pair.id, frozenset((pair.a, pair.b))):
            if key in seen:
                raise ConfigError(f"{path}: {pair.id} repeats {seen[key]}: keep one")
            seen[key] = pair.id
