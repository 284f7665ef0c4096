"""A desk uses the embeddings it was given, the very same ones in a replay, and none by default."""

from pathlib import Path

import numpy as np
import pytest

from foreshock.app.config import load_settings
from foreshock.app.embeddings import EmbeddingsUsed, embedder, embeddings_used
from foreshock.core.domain.errors import ConfigError
from tests.unit.adapters.test_embeddings import VECTORS, write


def test_the_shipped_setting_uses_none() -> None:
    assert embeddings_used(load_settings({}).matching.embeddings_folder) is None
    assert embedder(None) is None


def test_a_named_folder_is_used_and_remembered(tmp_path: Path) -> None:
    used = embeddings_used(str(write(tmp_path)))
    assert used is not None
    assert used.folder == str(tmp_path)
    embed = embedder(used)
    assert embed is not None
    assert np.allclose(embed(["fed cut"]), [[0.6, 0.8]])


def test_other_vectors_than_the_run_began_with_are_refused(tmp_path: Path) -> None:
    used = embeddings_used(str(write(tmp_path)))
    write(tmp_path, VECTORS[:, ::-1])
    with pytest.raises(ConfigError, match="not those this run began with"):
        embedder(used)


def test_an_absent_folder_is_refused(tmp_path: Path) -> None:
    for refused in (
        lambda: embeddings_used(str(tmp_path / "none")),
        lambda: embedder(EmbeddingsUsed(str(tmp_path), "0")),
    ):
        with pytest.raises(ConfigError, match="no static embeddings"):
            refused()
