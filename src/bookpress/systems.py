"""What systems differ in, and what serves where one has less.

Windows has no ``fcntl``, no Unix sockets and no groups of processes, and Linux alone tells a process that the other end
of a pipe is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import IO

try:
    import fcntl
except ImportError:
    fcntl = None

#: Whether kernels can talk over sockets in a folder; elsewhere they take ports of this machine.
UNIX_SOCKETS = hasattr(socket, "AF_UNIX")
#: Whether a process that is ended can take with it what it has started.
GROUPS = hasattr(os, "killpg")
PAUSE = 0.2  # seconds between two attempts


def lock(file: IO, wait: bool = False) -> bool:
    """Lock an open file for this process, if need be when another one has let go of it; say whether it is locked.

    The lock goes with the file's closing, and with the end of the process.
    """
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
    import msvcrt

    while True:
        with contextlib.suppress(OSError):
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        if not wait:
            return False
        time.sleep(PAUSE)


def kill(process: subprocess.Popen) -> None:
    """End a process, and what it has started in its session where that can be done."""
    with contextlib.suppress(ProcessLookupError):
        if GROUPS:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def end_with(descriptor: int) -> None:
    """End this process, and all of its session, when whoever holds the other end of a pipe is gone.

    Linux sends SIGIO then, which ends a process that does not say otherwise: no thread waits, so that forking stays
    safe. Elsewhere a thread waits; on Windows, where one that reads blocks others, the process goes on to its end.
    """
    if sys.platform == "linux" and fcntl is not None:
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    elif GROUPS:
        threading.Thread(target=_end_after, args=(descriptor,), daemon=True).start()


def _end_after(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)
