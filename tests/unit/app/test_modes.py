"""What stands in the way of a run is said before anything is started."""

from pathlib import Path

import pytest

from foreshock.app import modes
from foreshock.app.instance import claim
from foreshock.app.modes import run_demo, run_live_data
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))
    return tmp_path


def test_the_bands_say_whose_money_and_data_it_is() -> None:
    assert "SIMULATED" in modes.DEMO_BAND
    assert "far more frequent than in life" in modes.DEMO_BAND
    assert "as rare as in life" in modes.REALISTIC_BAND
    assert "nobody trades" in modes.WATCH_BAND
    assert "no real money" in modes.PAPER_BAND


def test_a_held_data_folder_starts_neither_demo_nor_live_data(home: Path) -> None:
    held = claim(home)
    assert held is not None
    held.publish("http://127.0.0.1:1", "paper", Instant(0))
    before = sorted(path.name for path in home.iterdir())
    with pytest.raises(ConfigError, match="a paper desk is already running"):
        run_demo({}, browser=False, realistic=False, replace=False)
    with pytest.raises(ConfigError, match="a paper desk is already running"):
        run_live_data("watch", {}, ("polymarket",), browser=False, replace=False)
    assert sorted(path.name for path in home.iterdir()) == before, "nothing was written"
    held.release()


def test_pairs_that_cannot_be_read_start_nothing(home: Path) -> None:
    (home / "pairs.yaml").write_text("- id: half a pair\n")
    with pytest.raises(ConfigError):
        run_live_data("paper", {}, ("polymarket", "kalshi"), browser=False, replace=False)
    assert not (home / "runs").exists()
