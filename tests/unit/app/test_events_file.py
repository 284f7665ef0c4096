from pathlib import Path

import pytest

from foreshock.app.config import config_folder
from foreshock.app.events_file import EVENTS_FILE, load_events
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import SECOND
from tests.samples import market

ONE = """
events:
  - name: A game
    from: 2026-12-09T18:30:00Z
    until: 2026-12-09T21:00:00+00:00
    categories: [Sports]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / EVENTS_FILE
    path.write_text(text)
    return path


def test_the_shipped_file_is_read_and_a_missing_one_says_nothing(tmp_path: Path) -> None:
    known = load_events([config_folder() / EVENTS_FILE, tmp_path / EVENTS_FILE])
    assert [rule.words for rule in known.calendar][:2] == ["FOMC", "Consumer Price Index"]
    fed = market("kalshi:KXFED", title="Will the upper bound of the federal funds rate be 4 %?")
    other = market("kalshi:KXRAIN", title="Will it rain?")
    (window,) = known.windows
    assert window.concerned.covers(fed)
    assert not window.concerned.covers(other)


def test_a_moment_is_one_in_utc(tmp_path: Path) -> None:
    (window,) = load_events([written(tmp_path, ONE)]).windows
    assert window.first_us == 1_796_841_000 * SECOND
    assert window.after_us - window.first_us == 9_000 * SECOND
    assert window.concerned.covers(market("kalshi:X", category="sports"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- 1", "two lists"),
        ("events: [", "not valid YAML"),
        ("happenings: []", "two lists"),
        (ONE.replace("18:30:00Z", "18:30:00"), "needs its zone"),
        (ONE.replace("2026-12-09T18", "2026-12-10T18"), "must come after"),
        (ONE.replace("    categories: [Sports]\n", ""), "name markets, categories or titles"),
        (ONE.replace("[Sports]", '[""]'), "empty name"),
        (ONE.replace("name:", "nam:"), "event 1"),
        ("calendar: [{words: CPI, before_minutes: 0, after_minutes: 0, everything: true}]", "1 to"),
    ],
)
def test_what_cannot_be_meant_is_an_error_that_names_the_entry(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        load_events([written(tmp_path, text)])
