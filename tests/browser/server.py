"""A real JupyterLab server, of its own: nothing of the user's settings plays a part."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

START_SECONDS = 60
STOP_SECONDS = 10
LOG_LINES_SHOWN = 60

# What asks the internet for something at every start.
DISABLED_EXTENSIONS = ("@jupyterlab/apputils-extension:announcements", "@jupyterlab/extensionmanager-extension")


class LabServer:
    """JupyterLab on a free port of the loopback interface, while the context lasts.

    Parameters
    ----------
    home
        An empty folder: configuration, data, workspaces and notebooks go there.
    options
        More of JupyterLab's command line.

    Attributes
    ----------
    url : str
        Where it is, without a slash at the end.
    token : str
        What it wants to know from visitors.
    notebooks : Path
        The folder that it shows.
    """

    def __init__(self, home: Path, options: Sequence[str] = ()) -> None:
        self.token = secrets.token_hex(16)
        self.notebooks = home / "notebooks"
        self._home = home
        self._options = options
        self._log = home / "server.log"

    def __enter__(self) -> Self:
        self.notebooks.mkdir(parents=True)
        self._configure()
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.notebooks,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self.url = self._wait_for_url()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def log(self) -> str:
        """The end of what the server and its kernels wrote."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:])

    def start_session(self, path: str) -> str:
        """Start the kernel of a notebook; returns the session's id."""
        session: dict[str, Any] = self._ask(
            "POST", "sessions", {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        )
        session_id: str = session["id"]
        return session_id

    def end_session(self, session_id: str) -> None:
        """Shut the kernel of a notebook down."""
        self._ask("DELETE", f"sessions/{session_id}")

    def forget_settings(self) -> None:
        """Forget what pages changed for all pages, such as the theme."""
        shutil.rmtree(self._home / "config" / "lab", ignore_errors=True)

    def _ask(self, method: str, resource: str, content: object = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/api/{resource}",
            method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"token {self.token}"},
        )
        # A proxy of the user's would not find our loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=START_SECONDS) as response:
            return json.loads(response.read() or b"null")

    def _configure(self) -> None:
        folder = self._home / "config" / "labconfig"
        folder.mkdir(parents=True)
        config = {
            "disabledExtensions": dict.fromkeys(DISABLED_EXTENSIONS, True),
            "buildCheck": False,  # whether to build JupyterLab anew is asked of Node, at each page
        }
        (folder / "page_config.json").write_text(json.dumps(config))

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "jupyterlab"),
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            "--port=0",
            f"--ServerApp.root_dir={self.notebooks}",
            "--ServerApp.terminals_enabled=False",
            "--LabApp.extension_manager=readonly",
            "--LabApp.expose_app_in_browser=True",
            *self._options,
        ]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        return inherited | {
            "JUPYTER_CONFIG_DIR": str(self._home / "config"),
            "JUPYTER_DATA_DIR": str(self._home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self._home / "runtime"),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "JUPYTER_TOKEN": self.token,
            "IPYTHONDIR": str(self._home / "ipython"),
        }

    def _wait_for_url(self) -> str:
        """The server writes its address to a file when it has a port, and answers a moment later."""
        runtime = self._home / "runtime" / f"jpserver-{self._process.pid}.json"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if runtime.exists() and (url := self._url_in(runtime)):
                return url
            time.sleep(0.05)
        raise RuntimeError(f"JupyterLab did not start. The end of its log:\n{self.log}")

    def _url_in(self, runtime: Path) -> str | None:
        try:
            self.url = str(json.loads(runtime.read_text())["url"]).rstrip("/")
            self._ask("GET", "status")
        except (ValueError, urllib.error.URLError):  # half written, or not listening yet
            return None
        return self.url

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
