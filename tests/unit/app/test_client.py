"""A desk that does not answer, or not in our words, is told apart from one that refuses."""

import os
from pathlib import Path

import msgspec
import pytest

from foreshock.app.client import ask, mint_link, require_running, tell
from foreshock.app.exits import CommandError, Exit
from foreshock.app.instance import FILE_NAME, Instance
from foreshock.core.domain.units import Instant
from foreshock.dashboard.views import HaltView
from tests.unit.app.cli.fake_desk import fake_desk


def test_nobody_there_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no desk is running") as caught:
        require_running(tmp_path)
    assert caught.value.exit_code is Exit.FAILED
    assert "foreshock demo" in caught.value.hint


def test_an_answer_is_decoded_strictly(tmp_path: Path) -> None:
    with fake_desk(tmp_path) as desk:
        halt = HaltView("all", "me", "why", 5)
        desk.lay("/api/x", [halt])
        instance = require_running(tmp_path)
        assert ask(instance, "/api/x", list[HaltView]) == [halt]
        desk.lay("/api/x", [{"scope": "all"}])
        with pytest.raises(CommandError, match="is not understood") as caught:
            ask(instance, "/api/x", list[HaltView])
    assert caught.value.code == "VERSIONS_DIFFER"


def test_a_desk_that_went_silent_is_named_with_its_pid(tmp_path: Path) -> None:
    with fake_desk(tmp_path):
        instance = require_running(tmp_path)
    with pytest.raises(CommandError, match=f"pid {os.getpid()}\\) does not answer"):
        tell(instance, "/api/halt", {})
    with pytest.raises(CommandError, match="does not answer"):
        mint_link(instance)


def test_a_refusal_that_is_no_view_keeps_its_status(tmp_path: Path) -> None:
    with fake_desk(tmp_path) as desk:
        desk.answers["/api/halt"] = (502, b"<html>a proxy</html>")
        with pytest.raises(CommandError, match="the desk answered 502"):
            tell(require_running(tmp_path), "/api/halt", {})


def test_the_token_is_never_shown(tmp_path: Path) -> None:
    gone = Instance(2**22 + 1, "http://127.0.0.1:9", "secret-token", "demo", Instant(1))
    (tmp_path / FILE_NAME).write_bytes(msgspec.json.encode(gone))
    with pytest.raises(CommandError) as caught:
        ask(gone, "/api/state", HaltView)
    assert "secret-token" not in f"{caught.value} {caught.value.hint} {gone!r}"
