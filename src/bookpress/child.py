"""Calls a function in a process of its own, in an environment of its own, which ends when this process does.

``python -m bookpress.child MODULE:FUNCTION ARGUMENTS`` is that process; the arguments are a JSON list.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bookpress import systems
from bookpress.errors import told


def call(function: str, *arguments: object, env: Mapping[str, str], cwd: Path) -> tuple[int, str]:
    """Call ``module:function`` with arguments that JSON knows; return the exit code and all that was said.

    A :class:`ValueError`, and what the system refuses, end it with code 1 and their message alone.
    """
    command = [sys.executable, "-P", "-m", "bookpress.child", function, json.dumps(arguments)]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=cwd, env=dict(env), text=True, start_new_session=True, **streams) as process:
        try:
            said = process.stdout.read()
            return process.wait(), said
        finally:
            if process.poll() is None:
                systems.kill(process)


def main() -> None:
    """Be that process."""
    name, arguments = sys.argv[1:]
    systems.end_with(0)
    module, _, function = name.partition(":")
    try:
        getattr(importlib.import_module(module), function)(*json.loads(arguments))
    except OSError as problem:
        sys.exit(told(problem))
    except ValueError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
