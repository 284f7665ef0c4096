"""Where does a private key come from? A source in words; the key itself is in no setting.

    file:PATH            readable by its owner only (0600)
    keyring:SERVICE/NAME the keyring of the operating system
    aws:SECRET_ID        AWS Secrets Manager, with the credentials of the machine
    prompt               typed at the terminal when the signer starts

Only the signer process reads keys. Nothing here is logged, and no error quotes a key.
"""

import getpass
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Protocol

from foreshock.adapters.venues.kalshi.keyfile import read_key_file
from foreshock.core.domain.errors import ConfigError

HELP = "use file:PATH, keyring:SERVICE/NAME, aws:SECRET_ID or prompt"


class SecretsManager(Protocol):
    """A client of AWS Secrets Manager, as far as it is needed."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, object]:  # noqa: N803 - its spelling
        """The answer, with the secret under `SecretString`."""
        ...


def read_key(source: str, what: str) -> bytes:
    """The key that a source names. what: for whom, in words.

    Raises ConfigError saying what to mend; never quoting what was read.
    """
    scheme, _, rest = source.partition(":")
    reader = READERS.get(scheme)
    if reader is None or (scheme != "prompt" and not rest):
        raise ConfigError(f"the source of the {what} is not understood: {HELP}")
    key = reader(rest, what).strip()
    if not key:
        raise ConfigError(f"the {what} is empty: look at its source, {scheme}")
    return key


def _from_file(path: str, _what: str) -> bytes:
    return read_key_file(Path(path).expanduser())


def _from_keyring(place: str, what: str) -> bytes:
    service, slash, name = place.rpartition("/")
    if not slash or not service:
        raise ConfigError(f"the {what} needs keyring:SERVICE/NAME")
    keyring = _library("keyring")
    found = keyring.get_password(service, name)
    if not isinstance(found, str):
        raise ConfigError(f"the keyring holds no {name} of {service}: store the {what} there")
    return found.encode()


def _from_aws(secret_id: str, what: str) -> bytes:
    boto3 = _library("boto3")
    return secret_value(boto3.client("secretsmanager"), secret_id, what)


def secret_value(client: SecretsManager, secret_id: str, what: str) -> bytes:
    """The text of a secret."""
    found = client.get_secret_value(SecretId=secret_id).get("SecretString")
    if not isinstance(found, str):
        raise ConfigError(f"the secret {secret_id} holds no text: store the {what} as one")
    return found.encode()


def _from_prompt(_rest: str, what: str) -> bytes:
    return getpass.getpass(f"{what} (not shown): ").encode()


def _library(name: str) -> ModuleType:
    """A library that only this source of keys needs."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ConfigError(f"{name} is not installed: pip install {name}") from error


READERS: Mapping[str, Callable[[str, str], bytes]] = {
    "file": _from_file,
    "keyring": _from_keyring,
    "aws": _from_aws,
    "prompt": _from_prompt,
}
