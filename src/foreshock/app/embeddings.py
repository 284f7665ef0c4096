"""Which embeddings, if any, help this desk to find candidates?

A run records the folder and the digest of its files: a replay with others would compare other
contracts, so it is refused.
"""

from pathlib import Path

import msgspec

from foreshock.adapters.embeddings import load_embeddings
from foreshock.core.domain.errors import ConfigError
from foreshock.core.matching.candidates import Embed


class EmbeddingsUsed(msgspec.Struct, frozen=True):
    """A folder and what was in it when the run began."""

    folder: str
    digest: str


def embeddings_used(folder: str) -> EmbeddingsUsed | None:
    """What a setting names, None for the empty one. Raises ConfigError when it cannot be read."""
    if not folder:
        return None
    path = Path(folder).expanduser()
    return EmbeddingsUsed(str(path), load_embeddings(path).digest)


def embedder(used: EmbeddingsUsed | None) -> Embed | None:
    """What turns texts into vectors. Raises ConfigError when the folder is gone or changed."""
    if used is None:
        return None
    found = load_embeddings(Path(used.folder))
    if found.digest != used.digest:
        raise ConfigError(
            f"the embeddings in {used.folder} are not those this run began with "
            f"({found.digest}, not {used.digest}): put the former ones back"
        )
    return found
