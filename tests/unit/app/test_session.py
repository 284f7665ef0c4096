"""One desk a data folder: the second is told who holds it, or takes over."""

from pathlib import Path

import pytest

from foreshock.app import session
from foreshock.app.instance import FILE_NAME, claim
from foreshock.app.session import claim_home
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant
from tests.unit.app.cli.fake_desk import fake_desk


async def test_a_free_folder_is_claimed(tmp_path: Path) -> None:
    held = await claim_home(tmp_path / "home", replace=False)
    held.release()
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


async def test_what_a_dead_desk_left_bars_nobody(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("left behind")
    held = await claim_home(tmp_path, replace=False)
    assert not (tmp_path / FILE_NAME).exists()
    held.release()


async def test_a_desk_that_is_just_starting_asks_for_patience(tmp_path: Path) -> None:
    first = claim(tmp_path)
    assert first is not None
    with pytest.raises(ConfigError, match="another desk is starting"):
        await claim_home(tmp_path, replace=True)
    first.release()


async def test_a_running_desk_is_named_with_pid_address_and_what_to_do(tmp_path: Path) -> None:
    first = claim(tmp_path)
    assert first is not None
    first.publish("http://127.0.0.1:8765", "demo", Instant(0))
    with pytest.raises(ConfigError) as caught:
        await claim_home(tmp_path, replace=False)
    first.release()
    text = str(caught.value)
    assert "\n" not in text
    for word in ("demo desk", "pid ", "http://127.0.0.1:8765", "1970-01-01", "--replace"):
        assert word in text


async def test_a_desk_that_does_not_stop_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "REPLACE_S_MAX", 0.1)
    first = claim(tmp_path)
    assert first is not None
    with fake_desk(tmp_path) as desk:
        with pytest.raises(ConfigError, match="does not stop: kill"):
            await claim_home(tmp_path, replace=True)
        assert [(method, path) for method, path, _ in desk.asked] == [("POST", "/api/stop")]
    first.release()
