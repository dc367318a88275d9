"""A JupyterLab of this environment with a checkout of its own, and a reader of it in a browser.

Lab lays text, outputs and links out in its own way; only it can show what a chapter looks like there. What is run
there is a copy: neither this checkout nor the user's own settings of Jupyter are read or written.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from reader import PROJECT, needed
from tiny_book import job_of

from bookpress import edition, execute

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
#: Cells are all there from the beginning, and nobody is asked whether news are wanted.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
OURS = ("BOOKPRESS_ROOT", "PYTHONPATH", "PYTEST_CURRENT_TEST")
PATIENCE = 600  # seconds for all cells of a chapter, on a machine that does much else


def told(notebook) -> dict[str, str]:
    """Return every value that the outputs of a notebook hold for its text."""
    return {name: value.get("text/plain", "") for name, value in edition._glued(notebook)}


def in_the_book(name: str) -> dict[str, str]:
    """Return the values that a chapter told when the book was built."""
    result = execute.result_path(PROJECT, job_of(PROJECT, name))
    if not result.is_file():
        needed(f"{name} has not been executed as it is now: make book")
    return told(nbformat.read(result, as_version=4))


def checkout(root: Path) -> Path:
    """Lay a checkout as somebody has it who has just cloned this one: its own notebooks, and links to what they read."""
    root.mkdir(parents=True)
    files = ("_config.yml", "pyproject.toml", "requirements.lock", "requirements.txt")
    for name in ("data", "src", "book", "bench", ".binder", *files):
        (root / name).symlink_to(PROJECT.root / name)
    shutil.copytree(PROJECT.notebooks, root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return root


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment in which nothing of this user's Jupyter, and nothing of a build, is found."""
    own = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("JUPYTER")}
    return {**own, "HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1", **more}


@contextlib.contextmanager
def server(root: Path, home: Path, python: str | Path = sys.executable) -> Iterator[str]:
    """Run JupyterLab in a folder, as `make lab` does; yield its address."""
    for name, values in SETTINGS.items():
        file = home / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    own = ["--no-browser", "--port=0", "--allow-root", "--IdentityProvider.token=", "--expose-app-in-browser"]
    log = home / "lab.log"
    with log.open("w") as said:
        command = [str(python), "-m", "jupyterlab", *own, f"--ServerApp.root_dir={root}"]
        process = subprocess.Popen(command, env=clean_environment(home), cwd=root, stdout=said, stderr=said)
    try:
        yield _address(process, log)
    finally:
        process.kill()  # told to end, it would wait for kernels first, which end with it
        process.wait()


def _address(process: subprocess.Popen, log: Path) -> str:
    limit = time.monotonic() + 120
    while time.monotonic() < limit and process.poll() is None:
        if found := re.search(r"(http://(?:localhost|127\.0\.0\.1):\d+/)lab", log.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


class Chapter:
    """One notebook open in JupyterLab."""

    def __init__(self, browser, address: str, path: str, scheme: str = "light", height: int = 1000) -> None:
        """Open `path`, from the root of the server, in the light or the dark theme."""
        self.context = browser.new_context(viewport={"width": 1280, "height": height}, reduced_motion="reduce")
        self.context.set_default_timeout(120_000)  # a busy machine is slow, not wrong
        self.page = self.context.new_page()
        self.page.goto(f"{address}lab/tree/{path}?reset")
        self.page.wait_for_function(
            """path => window.jupyterapp?.shell.currentWidget?.context?.path === path
               && window.jupyterapp.shell.currentWidget.context.isReady""",
            arg=path,
        )
        self.command("apputils:change-theme", {"theme": THEMES[scheme]})
        self.page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === String(light)", arg=scheme == "light"
        )
        self.page.locator(".jp-Notebook .jp-RenderedMarkdown h1").first.wait_for()

    def __enter__(self) -> Chapter:
        return self

    def __exit__(self, *_) -> None:
        """Leave without the kernel, and without saving."""
        self.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.context.close()

    def command(self, name: str, arguments: dict | None = None):
        """Run a command of Lab's and wait for its end."""
        return self.page.evaluate("([name, args]) => jupyterapp.commands.execute(name, args)", [name, arguments or {}])

    def run_all(self) -> None:
        """Run all cells, from the menu as it were, and wait until the last one is done."""
        ready = "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(ready)
        self.page.evaluate(
            "void jupyterapp.commands.execute('notebook:run-all-cells').then(done => { window.ranAll = done; })"
        )
        self.page.wait_for_function("'ranAll' in window", timeout=1000 * PATIENCE)

    def notebook(self) -> dict:
        """Return the notebook as it stands in Lab."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON()")

    def errors(self) -> list[str]:
        """Return what failed: name and message of each error, and what was written to standard error."""
        outputs = [output for cell in self.notebook()["cells"] for output in cell.get("outputs", ())]
        failed = [f"{out['ename']}: {out['evalue']}" for out in outputs if out["output_type"] == "error"]
        said = ["".join(out["text"]) for out in outputs if out.get("name") == "stderr"]
        return failed + [text for text in said if "font cache" not in text]  # told once, on a slow machine
