"""Only whole, confirmed pairs of two venues are read."""

from pathlib import Path

import pytest

from foreshock.app.pairs_file import load_pairs
from foreshock.core.domain.errors import ConfigError

GOOD = """
- id: fed
  a: "polymarket:0x01"
  b: "kalshi:KXFED"
  relation: identity
  label: Fed
  confirmed_by: somebody
"""


TURNED = """
- id: other
  a: "kalshi:KXFED"
  b: "polymarket:0x01"
  relation: identity
  label: Fed
  confirmed_by: somebody
"""


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pairs.yaml"
    path.write_text(text)
    return path


def test_a_pair_reads_whole(tmp_path: Path) -> None:
    (pair,) = load_pairs(_file(tmp_path, GOOD))
    assert (pair.id, pair.a, pair.b) == ("fed", "polymarket:0x01", "kalshi:KXFED")
    assert (pair.relation, pair.confirmed_by, pair.note) == ("identity", "somebody", "")


def test_an_empty_file_holds_no_pairs(tmp_path: Path) -> None:
    assert load_pairs(_file(tmp_path, "# none yet\n")) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("relation: identity", "relation: similar", "pair 1.*relation"),
        ("  label: Fed\n", "", "pair 1.*label"),
        ("label: Fed", "lable: Fed", "pair 1.*lable"),
        ("kalshi:KXFED", "polymarket:0x02", "both markets are at one venue"),
        ("kalshi:KXFED", "KXFED", "must be venue:identifier"),
        ("confirmed_by: somebody", "confirmed_by: ' '", "must name who"),
        ("- id: fed", "id: fed", "YAML|must be a list"),
        ("id: fed", "id: review", "'review' is a word of the API"),
        (GOOD, GOOD + GOOD, "repeats fed"),
        (GOOD, GOOD + GOOD.replace("id: fed", "id: other"), "other repeats fed"),
        (GOOD, GOOD + TURNED, "other repeats fed"),
        (GOOD, "[unclosed", "not valid YAML"),
        (GOOD, "!!python/object/apply:os.system ['true']", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        load_pairs(_file(tmp_path, GOOD.replace(old, new)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the pairs"):
        load_pairs(tmp_path / "none.yaml")
