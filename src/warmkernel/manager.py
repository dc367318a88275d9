"""Kernels forked from one warm process: a kernel manager that papermill accepts, and the process behind it.

Most of a small notebook's time goes into importing pandas, matplotlib and their like. Here one process imports them
once (:mod:`warmkernel.server`) and becomes each notebook's kernel by forking. Time-outs, interrupts and
kills act on the forked process as on any other; whatever goes wrong before a kernel exists leads to a plain start.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type, Unicode

LAUNCH = ["-m", "ipykernel_launcher"]
PATIENCE = 60.0  # seconds until a request that is not answered is given up for a plain start


def possible() -> bool:
    """Say whether kernels can be forked here: on Linux; macOS has fork, but its own libraries do not survive it."""
    return sys.platform == "linux"


class ForkedProcess:
    """A forked kernel, with the methods of :class:`subprocess.Popen` that a provisioner uses.

    Raises OSError or ValueError when the server does not answer.
    """

    stdin = stdout = stderr = None

    def __init__(self, server: str, argv: list[str], env: Mapping[str, str], cwd: str) -> None:
        """Ask the server at the socket `server` for a kernel."""
        self.returncode: int | None = None
        self.connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.connection.settimeout(PATIENCE)
            self.connection.connect(server)
            request = json.dumps({"argv": argv, "env": dict(env), "cwd": cwd}).encode() + b"\n"
            sent = socket.send_fds(self.connection, [request], [1, 2])
            self.connection.sendall(request[sent:])
            self.pid = int(b"".join(iter(lambda: self.connection.recv(1).strip(), b"")))
        except (OSError, ValueError):
            self.connection.close()
            raise
        self.connection.settimeout(0)

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None while the kernel lives."""
        if self.returncode is None:
            with contextlib.suppress(BlockingIOError):
                line = self.connection.recv(32)  # empty: the server is gone, and its kernels with it
                self.returncode = int(line or -signal.SIGKILL)
                self.connection.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raise :class:`subprocess.TimeoutExpired` when it does not come in time."""
        start = time.monotonic()
        while self.poll() is None:
            if timeout is not None and time.monotonic() - start > timeout:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class ForkProvisioner(LocalProvisioner):
    """Launches by forking where it can, plainly otherwise; all else is the local provisioner's."""

    async def launch_kernel(self, cmd: list[str], **kwargs):
        """Launch a kernel; return its connection information."""
        if LAUNCH[1] not in cmd:  # some other kind of kernel
            return await super().launch_kernel(cmd, **kwargs)
        argv = cmd[cmd.index(LAUNCH[1]) + 1 :]
        env = kwargs.get("env") or dict(os.environ)
        cwd = str(kwargs.get("cwd") or Path.cwd())
        try:
            self.process = ForkedProcess(self.parent.server, argv, env, cwd)
        except (OSError, ValueError):
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the end of the kernel, more attentively than once in 100 ms."""
        while self.process and await self.poll() is None:
            await asyncio.sleep(0.005)
        return await super().wait()


class PromptClient(AsyncKernelClient):
    """A client that takes a kernel for ready as soon as it has answered and is idle.

    Its parent waits for 200 ms of silence after the answer, a third of what a small notebook takes.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers; raise RuntimeError when it dies or does not answer within `timeout` s."""
        end = time.monotonic() + (math.inf if timeout is None else timeout)
        while time.monotonic() < end:
            asked = self.kernel_info()
            with contextlib.suppress(queue.Empty):  # it is not there yet, or was not heard: it is asked again
                reply = await self._answer(self.get_shell_msg, asked, "kernel_info_reply", 1)
                await self._answer(self.get_iopub_msg, asked, "status", 0.2, execution_state="idle")
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it was ready")
        raise RuntimeError(f"the kernel was not ready after {timeout:g} seconds")

    async def _answer(self, receive, asked: str, kind: str, patience: float, **content) -> dict:
        """Return the message of that kind, with that content, which answers a request; let all others pass."""
        while True:
            message = await receive(timeout=patience)
            answers = message["parent_header"].get("msg_id") == asked and message["msg_type"] == kind
            if answers and content.items() <= message["content"].items():
                return message


class ForkedKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels come from the warm process at the socket `server`."""

    client_factory = Type(PromptClient)
    server = Unicode(help="Path of the socket at which the warm process answers.").tag(config=True)

    async def _async_pre_start_kernel(self, **kw):
        if self.provisioner is None:
            self.provisioner = ForkProvisioner(kernel_id="forked", kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kw)


@contextlib.contextmanager
def warm_process(
    modules: Iterable[str],
    env: Mapping[str, str],
    cwd: Path,
    say: Callable[[str], None] = print,
    prepare: str = "",
    argument: object = None,
    folder: Path | None = None,
) -> Iterator[str]:
    """Start a warm process with `modules` imported; yield its socket at once, and end it and its kernels afterwards.

    Whoever asks while it is still importing waits for it. If it fails to become what it should, the socket answers
    nobody, and kernels start plainly and say themselves what is wrong; `say` is told once, at the end. `prepare`, a
    function ``module:function``, is called once with `argument`, of kinds that JSON knows. The socket lies in `folder`,
    whose path must be short; each kernel has the environment and folder that it is started with, not `env` and `cwd`.
    """
    folder = Path(tempfile.mkdtemp(prefix="warm-", dir=folder))
    address = str(folder / "fork")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, (folder / "log").open("wb") as log:
        listener.bind(address)
        listener.listen(64)
        command = [sys.executable, "-m", "warmkernel.server", str(listener.fileno()), prepare, json.dumps(argument)]
        process = subprocess.Popen(
            [*command, *modules],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=cwd,
            env=dict(env),
            pass_fds=[listener.fileno()],
            start_new_session=True,  # Ctrl-C is for the build, which then ends this process
        )
    try:
        yield address
    finally:
        if process.poll():
            last = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            say(f"kernels were not forked: {''.join(last) or 'the warm process ended'}")
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)
