"""One desk a data folder, reachable by the same user only."""

import os
import stat
from pathlib import Path

import pytest

from foreshock.app.instance import FILE_NAME, claim, running
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant


def test_a_second_claim_is_refused_until_the_first_is_released(tmp_path: Path) -> None:
    first = claim(tmp_path)
    assert first is not None
    assert claim(tmp_path) is None
    first.release()
    second = claim(tmp_path)
    assert second is not None
    second.release()


def test_the_running_desk_is_found_with_its_token(tmp_path: Path) -> None:
    held = claim(tmp_path)
    assert held is not None
    assert running(tmp_path) is None
    held.publish("http://127.0.0.1:1", "demo", Instant(5))
    found = running(tmp_path)
    assert found is not None
    assert (found.pid, found.url, found.token) == (os.getpid(), "http://127.0.0.1:1", held.token)
    assert held.token not in repr(found)
    held.release()
    assert running(tmp_path) is None


def test_only_the_owner_may_read_the_token(tmp_path: Path) -> None:
    held = claim(tmp_path)
    assert held is not None
    held.publish("http://127.0.0.1:1", "demo", Instant(5))
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    held.release()


@pytest.mark.parametrize("content", [b"", b"{}", b"not json"])
def test_a_damaged_instance_file_is_nobody(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert running(tmp_path) is None


def test_a_folder_that_cannot_be_used_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="set FORESHOCK_HOME"):
        claim(tmp_path / "file")
