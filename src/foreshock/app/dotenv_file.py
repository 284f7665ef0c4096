"""Which variables does a `.env` file set? Lines of NAME=value, quoted or not, and comments."""

import re
from pathlib import Path

from foreshock.core.domain.errors import ConfigError

FILE_NAME = ".env"
LINE = re.compile(
    r"""\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*"""
    r"""(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<bare>[^'"\s#][^#]*?|))\s*(?:\#.*)?"""
)
FILE_BYTES_MAX = 64 * 1024


def read_dotenv(home: Path) -> dict[str, str]:
    """The variables of the data folder's file; none without one. Raises ConfigError."""
    path = home / FILE_NAME
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ConfigError(f"{path} is longer than {FILE_BYTES_MAX} bytes")
        return variables_of(path.read_text(encoding="utf8"), str(path))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error


def variables_of(text: str, where: str) -> dict[str, str]:
    """The variables of a text. Raises ConfigError with the number of a line that sets none."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None:
            raise ConfigError(f"line {number} of {where} is not of the form NAME=value")
        values = (match["single"], match["double"], match["bare"])
        found[match["name"]] = next((value for value in values if value is not None), "")
    return found
