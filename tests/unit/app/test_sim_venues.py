"""Does the program that serves simulated venues end when it is told to, and say why when it cannot?"""

import subprocess
import sys
from pathlib import Path

SECONDS_MAX = 60


def test_an_input_without_an_end_to_wait_for_is_refused_in_words(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "foreshock", "sim-venues", "--until-input-ends"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
        env={"FORESHOCK_HOME": str(tmp_path)},
    )
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert ended.stderr.startswith("error: --until-input-ends needs a pipe or a terminal")
