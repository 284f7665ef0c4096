"""Where does the private key come from? A file that nobody else on this machine can read."""

import os
import stat
from pathlib import Path

from foreshock.core.domain.errors import ConfigError

KEY_BYTES_MAX = 16 * 1024


def read_key_file(path: Path) -> bytes:
    """The PEM bytes of a key file.

    Raises ConfigError when it is missing, unreadable, absurdly long, or open to group or others.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise ConfigError(f"others can read the private key: run `chmod 600 {path}`")
            pem = file.read(KEY_BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the private key {path}: {error.strerror}") from error
    if len(pem) > KEY_BYTES_MAX:
        raise ConfigError(f"{path} is not a private key: longer than {KEY_BYTES_MAX} bytes")
    return pem
