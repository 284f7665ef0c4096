"""Does the page about risk name every rule and every default, and nothing that is not?"""

import re
import tomllib
from pathlib import Path
from typing import Any

from foreshock.core.domain.limit_keys import KEYS
from foreshock.core.execution.gate import ENTRY_CHECKS, RATE_CHECKS, REDUCING_CHECKS
from foreshock.core.risk.rules import RULES

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "risk.md").read_text(encoding="utf8")
LIMITS: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "config" / "limits.toml").read_text())


def rows(name: str) -> set[str]:
    """Codes in the first column of the tables of a chapter."""
    chapter = PAGE.split(f"## {name}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", chapter, re.MULTILINE))


def test_every_rule_of_the_guardian_stands_there() -> None:
    assert rows("Rules that judge a request") == {code for code, _ in RULES}


def test_every_check_of_the_gate_stands_there() -> None:
    checks = {code for code, _ in (*ENTRY_CHECKS, *REDUCING_CHECKS, *RATE_CHECKS)}
    chapter = PAGE.split("## Checks at the gate")[1].split("\n## ")[0]
    assert set(re.findall(r"`([A-Z_]+)`", chapter)) == checks


def test_every_trigger_stands_there() -> None:
    of_packages = {key.code for key in KEYS if key.name.startswith("unwind.")}
    assert rows("When an open package is given up") == of_packages


def test_both_profiles_have_the_defaults_that_are_shipped() -> None:
    cells = re.findall(r"^\| `([a-z_]+)` \|([^|]*)\|([^|]*)\|$", PAGE, re.MULTILINE)
    told = {name: (one.strip(), two.strip()) for name, one, two in cells}
    profiles = LIMITS["profiles"]
    names = {name for profile in profiles.values() for name in profile}
    shipped = {
        name: tuple(str(profiles[which].get(name, "")) for which in ("personal", "desk"))
        for name in names
    }
    assert told == shipped


def test_every_other_default_is_the_one_that_is_shipped() -> None:
    told = dict(re.findall(r"^\| `(\w+\.\w+)` \| (\S+) \|$", PAGE, re.MULTILINE))
    shipped = {
        f"{section}.{key}": str(value)
        for section, values in LIMITS.items()
        if section != "profiles"
        for key, value in values.items()
    }
    assert told == shipped
