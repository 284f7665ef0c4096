"""Which code is running? A hash over the package's own source files."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

DIGITS = 12


@cache
def build_hash() -> str:
    """Twelve hex digits that change with any source file; read once: what runs does not change."""
    root = Path(str(files("foreshock")))
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:DIGITS]
