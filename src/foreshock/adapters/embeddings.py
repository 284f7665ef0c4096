"""What does a folder of static word-piece embeddings say a text is about?

Reads a model2vec folder (`tokenizer.json` of the WordPiece kind and `model.safetensors`) with numpy
alone: a text is the mean of its pieces' vectors, of length one. Nothing is downloaded.
Source: the safetensors and tokenizers file formats, November 2026.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from foreshock.core.domain.errors import ConfigError

TENSOR: Final = "embeddings"
NUMBERS: Final = {"I8": np.int8, "F16": np.float16, "F32": np.float32}
HEADER_BYTES_MAX: Final = 1_000_000
PIECES_MAX: Final = 512
WORD_CHARS_MAX: Final = 100
LENGTH_BYTES: Final = 8
DIGEST_CHARS: Final = 16


class StaticEmbeddings:
    """Vectors of texts, always the same ones for a text. digest: of the files they rest on."""

    def __init__(
        self, vocabulary: Mapping[str, int], vectors: NDArray[Any], unknown: str, digest: str
    ) -> None:
        self.digest = digest
        self._vocabulary = vocabulary
        self._vectors = vectors
        self._unknown = vocabulary.get(unknown, -1)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (texts, dimensions), each row of length one; all zero where no piece is known."""
        found = np.zeros((len(texts), self._vectors.shape[1]), np.float32)
        for row, text in enumerate(texts):
            pieces = [p for p in self._pieces(text) if p != self._unknown]
            if pieces:
                mean = self._vectors[pieces[:PIECES_MAX]].mean(axis=0, dtype=np.float32)
                length = float(np.linalg.norm(mean))
                found[row] = mean / length if length else mean
        return found

    def _pieces(self, text: str) -> Iterator[int]:
        for word in _words(text):
            yield from self._pieces_of(word)

    def _pieces_of(self, word: str) -> list[int]:
        """The longest known beginning, then of the rest, and so on; one unknown spoils the word."""
        if len(word) > WORD_CHARS_MAX:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if mark + word[start:e] in self._vocabulary), None)
            if end is None:
                return [self._unknown]
            found.append(self._vocabulary[mark + word[start:end]])
            start = end
        return found


def load_embeddings(folder: Path) -> StaticEmbeddings:
    """The embeddings in a folder. Raises ConfigError when it holds none that can be read."""
    try:
        tokenizer = (folder / "tokenizer.json").read_bytes()
        tensors = (folder / "model.safetensors").read_bytes()
        model = json.loads(tokenizer)["model"]
        vectors = _tensor(tensors)
        is_whole = model["type"] == "WordPiece" and max(model["vocab"].values()) < len(vectors)
        digest = hashlib.sha256(tokenizer + tensors).hexdigest()[:DIGEST_CHARS]
        embeddings = StaticEmbeddings(model["vocab"], vectors, model["unk_token"], digest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"no static embeddings in {folder}: {error}") from error
    if not is_whole:
        raise ConfigError(f"no static embeddings in {folder}: not WordPiece, or vectors missing")
    return embeddings


def _tensor(raw: bytes) -> NDArray[Any]:
    """The one tensor: eight bytes of header length, a JSON header, then the numbers."""
    length = int.from_bytes(raw[:LENGTH_BYTES], "little")
    if not 0 < length <= min(HEADER_BYTES_MAX, len(raw)):
        raise ValueError("not a safetensors file")
    entry = json.loads(raw[LENGTH_BYTES : LENGTH_BYTES + length])[TENSOR]
    start, end = entry["data_offsets"]
    numbers = raw[LENGTH_BYTES + length :][start:end]
    rows, columns = entry["shape"]
    return np.frombuffer(numbers, NUMBERS[entry["dtype"]]).reshape(rows, columns)


def _words(text: str) -> list[str]:
    """Lower case without accents, each punctuation mark a word of its own."""
    plain = unicodedata.normalize("NFD", text.lower())
    spaced = "".join(f" {c} " if _is_mark(c) else c for c in plain if _is_kept(c))
    return spaced.split()


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return category != "Mn" and (category[0] != "C" or char in "\t\n\r")


def _is_mark(char: str) -> bool:
    is_ascii_mark = char.isascii() and char.isprintable() and not char.isalnum() and char != " "
    return is_ascii_mark or unicodedata.category(char)[0] == "P" or "\u4e00" <= char <= "\u9fff"
