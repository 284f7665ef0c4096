"""Is a private key read only where nobody else can read it?"""

from pathlib import Path

import pytest

from foreshock.adapters.venues.kalshi.keyfile import read_key_file
from foreshock.core.domain.errors import ConfigError


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    path.write_bytes(b"pem")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_reads_a_private_file(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    assert read_key_file(key_file) == b"pem"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_refuses_what_others_can_reach_and_says_the_remedy(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(ConfigError, match=f"chmod 600 {key_file}"):
        read_key_file(key_file)


def test_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*nowhere\.pem"):
        read_key_file(tmp_path / "nowhere.pem")


def test_refuses_a_file_too_long_to_be_a_key(key_file: Path) -> None:
    key_file.write_bytes(b"x" * 20_000)
    with pytest.raises(ConfigError, match="not a private key"):
        read_key_file(key_file)
