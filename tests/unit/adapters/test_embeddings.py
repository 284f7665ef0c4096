"""A folder of embeddings is read as it was written, or refused in one line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foreshock.adapters.embeddings import StaticEmbeddings, load_embeddings
from foreshock.core.domain.errors import ConfigError

RECORDED = Path(__file__).resolve().parents[4] / "shared/data/embeddings/minilm-model2vec-int8"
VOCABULARY = ["[PAD]", "[UNK]", "fed", "cut", "##s", "rate", ",", "café", "cafe"]
VECTORS = np.array(
    [[0, 0], [9, 9], [3, 0], [0, 4], [4, 0], [0, 1], [1, 1], [9, 0], [2, 0]], np.int8
)


def write(folder: Path, vectors: np.ndarray[Any, Any] = VECTORS, **model: object) -> Path:
    plain: dict[str, object] = {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "vocab": {piece: number for number, piece in enumerate(VOCABULARY)},
    }
    (folder / "tokenizer.json").write_text(json.dumps({"model": plain | model}), encoding="utf8")
    kinds = {"int8": "I8", "float16": "F16", "float32": "F32", "int64": "I64"}
    entry = {
        "dtype": kinds[str(vectors.dtype)],
        "shape": list(vectors.shape),
        "data_offsets": [0, vectors.nbytes],
    }
    header = json.dumps({"embeddings": entry}).encode()
    raw = len(header).to_bytes(8, "little") + header + vectors.tobytes()
    (folder / "model.safetensors").write_bytes(raw)
    return folder


def test_a_text_is_the_mean_of_its_pieces_of_length_one(tmp_path: Path) -> None:
    found = load_embeddings(write(tmp_path))(["Fed cuts", "fed, rate", "FED"])
    assert found.dtype == np.float32
    assert np.allclose(found, [[7, 4] / np.sqrt(65), [4, 2] / np.sqrt(20), [1, 0]])


def test_accents_fold_and_unknown_words_say_nothing(tmp_path: Path) -> None:
    found = load_embeddings(write(tmp_path))(["CAFÉ", "fed zzz cutx", "zzz", "", "\x00\u200b"])
    assert found.tolist() == [[1, 0], [1, 0], [0, 0], [0, 0], [0, 0]]


@pytest.mark.parametrize("kind", ["float16", "float32"])
def test_other_number_formats_mean_the_same(tmp_path: Path, kind: str) -> None:
    found = load_embeddings(write(tmp_path, VECTORS.astype(kind)))(["fed cut"])
    assert np.allclose(found, [[0.6, 0.8]])


def test_the_digest_tells_one_set_of_vectors_from_another(tmp_path: Path) -> None:
    first = load_embeddings(write(tmp_path)).digest
    assert load_embeddings(write(tmp_path)).digest == first
    assert load_embeddings(write(tmp_path, VECTORS[:, ::-1])).digest != first


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tokenizer.json", None),
        ("model.safetensors", None),
        ("tokenizer.json", b"{}"),
        ("tokenizer.json", b"nonsense"),
        ("model.safetensors", b""),
        ("model.safetensors", b"\xff" * 100),
    ],
)
def test_a_spoilt_file_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    write(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    refuses(tmp_path)


def test_vectors_cut_short_too_few_or_of_unknown_numbers_are_refused(tmp_path: Path) -> None:
    tensors = write(tmp_path) / "model.safetensors"
    tensors.write_bytes(tensors.read_bytes()[:-3])
    refuses(tmp_path)
    refuses(write(tmp_path, VECTORS[:4]))
    refuses(write(tmp_path, VECTORS.astype(np.int64)))
    refuses(write(tmp_path, type="Unigram"))


def refuses(folder: Path) -> None:
    with pytest.raises(ConfigError, match="no static embeddings in") as refused:
        load_embeddings(folder)
    assert "\n" not in str(refused.value)


@pytest.fixture(scope="module")
def recorded() -> StaticEmbeddings:
    if not RECORDED.is_dir():
        pytest.skip("../shared/data is absent: no real embeddings")
    return load_embeddings(RECORDED)


def test_real_vectors_bring_a_subject_together_and_know_no_direction(
    recorded: StaticEmbeddings,
) -> None:
    cut, hike, rain = recorded([
        "Will the Fed cut rates in March?",
        "Will the Fed hike rates in March?",
        "Rain in Paris?",
    ])
    assert float(cut @ hike) > 0.8  # hence similarity proposes and never decides
    assert float(cut @ rain) < 0.3
