import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from foreshock.app.keys import read_key, secret_value
from foreshock.core.domain.errors import ConfigError

CANARY = "canary-key-0123456789abcdef"


class Secrets:
    """Secrets Manager on this machine."""

    def __init__(self, **secrets: str) -> None:
        self._secrets = secrets

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, object]:  # noqa: N803 - its spelling
        found = self._secrets.get(SecretId)
        return {} if found is None else {"SecretString": found}


def key_file(folder: Path, mode: int) -> Path:
    path = folder / "key"
    path.write_text(f"{CANARY}\n")
    path.chmod(mode)
    return path


def test_a_private_file_is_read(tmp_path: Path) -> None:
    assert read_key(f"file:{key_file(tmp_path, 0o600)}", "test key") == CANARY.encode()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ConfigError, match="chmod 600") as refused:
        read_key(f"file:{key_file(tmp_path, mode)}", "test key")
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("source", ["", CANARY, "file:", "env:KEY", f"hex:{CANARY}"])
def test_a_key_in_place_of_a_source_is_refused_and_not_repeated(source: str) -> None:
    with pytest.raises(ConfigError, match="not understood") as refused:
        read_key(source, "test key")
    assert CANARY not in str(refused.value)


def test_a_secret_is_its_text() -> None:
    assert secret_value(Secrets(mine=CANARY), "mine", "test key") == CANARY.encode()
    with pytest.raises(ConfigError, match="no text"):
        secret_value(Secrets(), "mine", "test key")


@pytest.mark.parametrize("source", ["keyring:service/name", "aws:secret"])
def test_a_missing_library_is_named(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", nothing)
    with pytest.raises(ConfigError, match="pip install"):
        read_key(source, "test key")


def test_an_empty_key_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.touch(0o600)
    os.chmod(path, 0o600)  # noqa: PTH101 - whatever the umask
    with pytest.raises(ConfigError, match="empty"):
        read_key(f"file:{path}", "test key")
