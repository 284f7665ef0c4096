from pathlib import Path

import pytest

from foreshock.app.config import config_folder
from foreshock.app.models_file import MODELS_FILE, load_keys, load_models
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Money

SHIPPED = config_folder() / MODELS_FILE
OWN = """
[mine]
wire = "openai"
provider = "own"
base_url = "{url}"
input_dollars = "{price}"
output_dollars = "1"
"""


def own(folder: Path, url: str = "http://127.0.0.1:8000/v1", price: str = "0.5") -> Path:
    path = folder / MODELS_FILE
    path.write_text(OWN.format(url=url, price=price))
    return path


def test_every_shipped_model_can_be_named() -> None:
    names = "claude-haiku-5-5, claude-sonnet-5-5, gpt-5.4-mini, deepseek-v4-flash, sonar"
    models = load_models(names, [SHIPPED])
    assert [model.name for model in models] == names.split(", ")
    assert models[0].input_price == Money(100_000)


def test_none_are_asked_when_none_is_named() -> None:
    assert load_models(" , ", [SHIPPED]) == ()


def test_a_table_of_ones_own_is_added(tmp_path: Path) -> None:
    (mine,) = load_models("mine", [SHIPPED, own(tmp_path)])
    assert (mine.wire, mine.base_url) == ("openai", "http://127.0.0.1:8000/v1")


def test_a_data_folder_that_is_not_there_has_no_table(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert load_models("", [SHIPPED, tmp_path / "file" / "home" / MODELS_FILE]) == ()


def test_an_unknown_name_tells_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'gpt-4o', which is in none of .*claude-haiku-5-5"):
        load_models("gpt-4o", [SHIPPED])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://models.test/v1"}, "must start with https://"),
        ({"url": "http://127.0.0.1.evil.test/v1"}, "must start with https://"),
        ({"url": "file:///etc/passwd"}, "must start with https://"),
        ({"price": "-1"}, "a price below nothing"),
        ({"price": "cheap"}, "model mine"),
    ],
)
def test_a_bad_row_names_the_model_and_what_is_wrong(
    tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        load_models("mine", [own(tmp_path, **changes)])


def test_more_models_than_a_chain_takes_are_refused() -> None:
    with pytest.raises(ConfigError, match="names 6 models"):
        load_models(",".join("abcdef"), [SHIPPED])


def test_a_key_lies_in_a_file_nobody_else_reads(tmp_path: Path) -> None:
    models = load_models("mine", [own(tmp_path)])
    with pytest.raises(ConfigError, match=r"own\.key"):
        load_keys(models, tmp_path)
    path = tmp_path / "keys" / "own.key"
    path.parent.mkdir()
    path.write_text("secret-1\n")
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        load_keys(models, tmp_path)
    path.chmod(0o600)
    assert load_keys(models, tmp_path) == {"own": "secret-1"}


@pytest.mark.parametrize("text", ["", "\n", "two\nlines", "\x00"])
def test_a_file_without_a_key_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys" / "own.key"
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="holds no key"):
        load_keys(load_models("mine", [own(tmp_path)]), tmp_path)
