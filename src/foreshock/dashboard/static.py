"""Which files are the page? The built UI, read once; without a build, how to make one."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response

INDEX = "/index.html"
IMMUTABLE = "/_app/immutable/"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""Best first."""
DEPTH_MAX = 8
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Fixed here: what the machine's own tables say differs from one to the next."""
UNBUILT = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Foreshock</title>
<h1>The dashboard is not built</h1>
<p>The desk runs and its API answers, but this copy carries no pages. In the source folder, run</p>
<pre>make ui</pre>
<p>and load this page again. <code>foreshock status</code> and <code>foreshock edges</code> work
meanwhile.</p>
"""


class Asset(msgspec.Struct):
    """One file. encoded: its precompressed twins by encoding."""

    data: bytes
    media_type: str
    encoded: dict[str, bytes] = msgspec.field(default_factory=dict[str, bytes])


class Pages:
    """The files of the UI by URL path. Only what was found is served: no path can lead outside."""

    def __init__(self, root: Traversable | None = None) -> None:
        self._root = files("foreshock").joinpath("webui") if root is None else root
        self._assets: dict[str, Asset] = {}

    def answer(self, path: str, headers: Headers, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """The file at a path, else the page itself: it knows its own routes."""
        if INDEX not in self._assets:
            self._assets = read_assets(self._root)
        if path.startswith("/_app/") and path not in self._assets:
            return Response("no such file\n", HTTPStatus.NOT_FOUND, media_type="text/plain")
        asset = self._assets.get(path) or self._assets.get(INDEX)
        if asset is None:
            unbuilt = {"cache-control": "no-cache"}
            return Response(UNBUILT, status, unbuilt, TYPES[".html"])
        is_immutable = path.startswith(IMMUTABLE)
        return _response(asset, headers, status, is_immutable=is_immutable)


def read_assets(root: Traversable) -> dict[str, Asset]:
    """Every file below a folder by URL path; empty when there is no folder."""
    found = {path: file.read_bytes() for path, file in _walk(root, "", DEPTH_MAX)}
    assets: dict[str, Asset] = {}
    for path, data in found.items():
        if not path.endswith((".br", ".gz")):
            twins = {name: found[path + end] for name, end in ENCODINGS if path + end in found}
            assets[path] = Asset(data, _media_type(path), twins)
    return assets


def _walk(folder: Traversable, prefix: str, depth: int) -> Iterator[tuple[str, Traversable]]:
    if depth == 0 or not folder.is_dir():
        return
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_file():
            yield path, entry
        else:
            yield from _walk(entry, path, depth - 1)


def _media_type(path: str) -> str:
    suffix = path[path.rfind(".") :].lower()
    return TYPES.get(suffix, "application/octet-stream")


def _response(
    asset: Asset, headers: Headers, status: HTTPStatus, *, is_immutable: bool
) -> Response:
    wanted = _accepted(headers.get("accept-encoding", ""))
    named = {"cache-control": "public, max-age=31536000, immutable" if is_immutable else "no-cache"}
    data = asset.data
    if asset.encoded:
        named["vary"] = "Accept-Encoding"
    for name, _ in ENCODINGS:
        if name in asset.encoded and name in wanted:
            named["content-encoding"] = name
            data = asset.encoded[name]
            break
    return Response(data, status, named, asset.media_type)


def _accepted(header: str) -> set[str]:
    """Encodings a browser takes; one with weight 0 it refuses."""
    accepted: set[str] = set()
    for part in header.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip())
    return accepted
