from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from foreshock.dashboard.static import Pages

PAGE = b"<!doctype html><title>page</title>"
PLAIN = Headers()


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    root = tmp_path / "webui"
    (root / "_app" / "immutable").mkdir(parents=True)
    (root / "index.html").write_bytes(PAGE)
    (root / "icon.svg").write_bytes(b"<svg/>")
    (root / "_app" / "version.json").write_bytes(b"{}")
    script = root / "_app" / "immutable" / "start.js"
    script.write_bytes(b"plain")
    script.with_name("start.js.br").write_bytes(b"brotli")
    script.with_name("start.js.gz").write_bytes(b"gzip")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return Pages(root)


def test_hashed_files_may_be_kept_for_ever_and_nothing_else(pages: Pages) -> None:
    kept = pages.answer("/_app/immutable/start.js", PLAIN)
    assert "immutable" in kept.headers["cache-control"]
    assert kept.headers["content-type"] == "text/javascript; charset=utf-8"
    for path in ("/", "/edges", "/icon.svg", "/_app/version.json"):
        assert pages.answer(path, PLAIN).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/edges", "/edges/some:id", "/login", "/index.html"])
def test_the_page_answers_for_every_route_of_its_own(pages: Pages, path: str) -> None:
    assert pages.answer(path, PLAIN).body == PAGE


def test_a_missing_script_is_not_answered_with_the_page(pages: Pages) -> None:
    missing = pages.answer("/_app/immutable/old.js", PLAIN)
    assert missing.status_code == HTTPStatus.NOT_FOUND
    assert "cache-control" not in missing.headers


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/_app/../../secret.txt",
        "/%2e%2e/secret.txt",
        "//etc/passwd",
        "/..\\secret.txt",
    ],
)
def test_no_path_leads_outside(pages: Pages, path: str) -> None:
    assert b"secret" not in pages.answer(path, PLAIN).body
    assert b"root:" not in pages.answer(path, PLAIN).body


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("br, gzip", "br", b"brotli"),
        ("gzip, deflate", "gzip", b"gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", b"gzip"),
        ("", None, b"plain"),
        ("identity", None, b"plain"),
    ],
)
def test_a_compressed_twin_goes_to_who_takes_it(
    pages: Pages, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = pages.answer("/_app/immutable/start.js", Headers({"accept-encoding": accepted}))
    assert answer.body == body
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    answer = Pages(tmp_path / "webui").answer("/", PLAIN)
    assert answer.status_code == HTTPStatus.OK
    assert b"make ui" in answer.body


def test_a_build_made_meanwhile_is_found(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    assert b"make ui" in pages.answer("/", PLAIN).body
    (tmp_path / "index.html").write_bytes(PAGE)
    assert pages.answer("/", PLAIN).body == PAGE
