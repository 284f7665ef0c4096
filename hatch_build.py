"""What goes into a wheel besides the sources? The built dashboard and the default configuration.

An editable install reads both from the tree, so it builds and copies nothing.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INDEX = Path("src/foreshock/webui/index.html")
SCRIPT = Path("scripts/build_ui.py")


class DashboardHook(BuildHookInterface[BuilderConfig]):
    """Builds the UI when the tree does not hold a built one, and takes config/ along."""

    def dependencies(self) -> list[str]:
        """The Node package, where a build is due and the system has no fit Node."""
        return self.run_script("--needs-node-package").stdout.split()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raises: SystemExit after the script's one line on stderr."""
        if version == "editable":
            return
        build_data["force_include"]["config"] = "foreshock/config"
        if not (Path(self.root) / INDEX).is_file() and self.run_script().returncode:
            raise SystemExit(1)

    def run_script(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the one place that knows about Node; what it has to tell goes to stderr."""
        command = [sys.executable, str(Path(self.root) / SCRIPT), *arguments]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
