"""Which language models may be asked, with which keys? A shipped table, the user's own on top.

Keys lie in $FORESHOCK_HOME/keys/<provider>.key, readable by nobody else.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from foreshock.adapters.llm.terms import ModelTerms, Wire
from foreshock.adapters.venues.kalshi.keyfile import read_key_file
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Money, parse_micros

MODELS_FILE = "models.toml"
KEYS_FOLDER = "keys"
MODELS_MAX = 5
"""Models of one chain."""
PROVIDER = re.compile(r"[a-z0-9-]{1,40}")
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")
"""Anywhere else a key travels encrypted or not at all."""


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    wire: Wire
    provider: str
    base_url: str
    input_dollars: str
    output_dollars: str


def load_models(names: str, files: Sequence[Path]) -> tuple[ModelTerms, ...]:
    """The models of a comma-separated list, in its order; later files win over earlier ones.

    Raises ConfigError naming the file or the model and what to change.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if len(wanted) > MODELS_MAX:
        raise ConfigError(f"advice.models names {len(wanted)} models; the most is {MODELS_MAX}")
    rows: dict[str, tuple[Path, object]] = {}
    for path in files:
        rows |= {name: (path, row) for name, row in _tables(path).items()}
    unknown = [name for name in wanted if name not in rows]
    if unknown:
        raise ConfigError(
            f"advice.models names {unknown[0]!r}, which is in none of "
            f"{', '.join(str(path) for path in files)}: known are {', '.join(sorted(rows))}"
        )
    return tuple(_terms(name, *rows[name]) for name in wanted)


def load_keys(models: Sequence[ModelTerms], home: Path) -> dict[str, str]:
    """The key of every provider. Raises ConfigError saying which file is missing or open."""
    keys: dict[str, str] = {}
    for provider in dict.fromkeys(model.provider for model in models):
        path = home / KEYS_FOLDER / f"{provider}.key"
        key = read_key_file(path).decode("ascii", "replace").strip()
        if not key or not key.isprintable() or "\ufffd" in key:
            raise ConfigError(f"{path} holds no key: one line of plain characters is expected")
        keys[provider] = key
    return keys


def _tables(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the language models in {path}: {error}") from error


def _terms(name: str, path: Path, row: object) -> ModelTerms:
    where = f"{path}, model {name}"
    try:
        read = msgspec.convert(row, _Row)
        prices = [Money(parse_micros(text)) for text in (read.input_dollars, read.output_dollars)]
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"{where}: {error}") from error
    if not PROVIDER.fullmatch(read.provider):
        raise ConfigError(f"{where}: provider must be lower-case letters, digits and dashes")
    if not (read.base_url.startswith("https://") or LOOPBACK.match(read.base_url)):
        raise ConfigError(f"{where}: base_url must start with https://, or be on this machine")
    if min(prices) < 0:
        raise ConfigError(f"{where}: a price below nothing")
    return ModelTerms(name, read.wire, read.provider, read.base_url, *prices)
