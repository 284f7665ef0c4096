"""`make bench` runs from end to end; how fast is never asserted."""

import sys

import pytest

from benchmarks import __main__ as bench


def test_a_tiny_run_prints_every_target(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = (
        "--pairs 5 --frames 300 --rounds 1 --markets 20 --pause-frames 200 --no-startup --no-volume"
    )
    argv = ["benchmarks", *tiny.split(), "--candidates", "70 170 --relations 60 --no-labelled"]
    monkeypatch.setattr(sys, "argv", argv)
    monkeypatch.delenv("NAUTILUS_PYTHON", raising=False)
    bench.main()
    printed = capsys.readouterr().out
    for line in ("our books equal the bot's", "P1 ", "P3 ", "P5 ", "P8 ", "P13 ", "NautilusTrader"):
        assert line in printed
