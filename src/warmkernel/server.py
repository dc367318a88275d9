"""One warm process that becomes kernels: it imports the stack once, then forks a kernel for whoever asks.

It stays single-threaded, so that forking is safe, and holds no notebook's state: a kernel gets what a freshly started
one would have, plus modules that are already imported and what a function of the user's has prepared. Run as ``python
-m warmkernel.server FD PREPARE ARGUMENT MODULE …`` with a listening Unix socket inherited as FD, a function
``module:function`` (or nothing) and its argument as JSON, and a standard input that ends when whoever runs notebooks
ends.

A request is one JSON line (``argv``, ``env``, ``cwd``) with the descriptors of the standard streams attached; the
answer is the new process's id, and, when it has ended, its exit code, each on a line of its own. Whoever hangs up
earlier has its kernel killed.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from types import SimpleNamespace

LAUNCHER, KERNEL = "ipykernel_launcher", "ipykernel.kernelapp"
INLINE = "matplotlib_inline.backend_inline"  # hooks itself into the kernel that imports it: never before there is one
LONGEST = 1 << 20


@contextlib.contextmanager
def as_in_a_kernel() -> Iterator[None]:
    """Let modules that ask where they run hear "in a kernel": pandas asks once, when it is imported."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
    encoding = sys.stdout.encoding
    sys.stdout.reconfigure(encoding="UTF-8")  # so spelt by a kernel's own stream
    try:
        yield
    finally:
        sys.stdout.reconfigure(encoding=encoding)
        del builtins.get_ipython


def warm(modules: Iterable[str], prepare: str = "", argument: object = None) -> None:
    """Import the modules and call the function `prepare`, ``module:function``, with its argument.

    Raises RuntimeError when that leaves a state in which kernels would differ or forks be unsafe. What a module says
    while it is imported belongs in the notebook that imports it, so saying something counts too.
    """
    os.environ.setdefault("MPLBACKEND", f"module://{INLINE}")  # as a kernel does before anything is imported
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read when the kernel's class is made; it ends with its parent
    with as_in_a_kernel():
        for name in (LAUNCHER, KERNEL, *modules):
            importlib.import_module(name)
    if prepare:
        module, _, function = prepare.partition(":")
        with contextlib.suppress(Exception):  # each kernel will say itself what is wrong
            getattr(importlib.import_module(module), function)(argument)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.lseek(2, 0, os.SEEK_CUR):
        raise RuntimeError("importing says something")
    if INLINE in sys.modules:
        raise RuntimeError(f"{INLINE} was imported before there was a kernel")
    if started := threads_left():
        raise RuntimeError(f"importing starts threads: {', '.join(started)}")
    gc.collect()
    gc.freeze()


def threads_left(patience: float = 3.0) -> list[str]:
    """Return the names of threads other than this one that are still there after some seconds (a few end by then)."""
    end = time.monotonic() + patience
    while (names := other_threads()) and time.monotonic() < end:
        time.sleep(0.01)
    return names


def other_threads() -> list[str]:
    """Return the names of this process's other threads, those that only the system sees among them."""
    names = [thread.name for thread in threading.enumerate() if thread is not threading.current_thread()]
    with contextlib.suppress(OSError):  # a system that does not tell
        tasks = os.listdir("/proc/self/task")  # noqa: PTH208
        names += [f"{_task_name(task)} of the system" for task in tasks if int(task) != os.getpid()]
    return names


def _task_name(task: str) -> str:
    """Return what the system calls a thread; one that has just ended has no name any more, and counts once more."""
    with contextlib.suppress(OSError), open(f"/proc/self/task/{task}/comm", encoding="utf-8") as stream:  # noqa: PTH123
        return stream.read().strip()
    return task


class Server:
    """Answers requests until its user ends; in a forked child, `serve` returns what to become."""

    def __init__(self, listener: socket.socket, lifeline: int = 0) -> None:
        """Serve `listener` until `lifeline`, a readable descriptor, ends."""
        self.listener, self.lifeline = listener, lifeline
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.woken, self.waker = socket.socketpair()
        self.waker.setblocking(False)

    def serve(self) -> dict | None:
        """Return None when its user has ended, and, in each child, its request."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker.fileno())
        for readable in (self.listener, self.lifeline, self.woken):
            self.selector.register(readable, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in self.selector.select()}
            if self.lifeline in ready:
                self.end()
                return None
            if self.woken in ready:
                self.woken.recv(LONGEST)
            self.reap()
            for pid in [pid for pid, client in self.kernels.items() if client in ready]:
                self.kill(pid)
            if self.listener in ready:
                request = self.fork()
                if request:
                    return request

    def fork(self) -> dict | None:
        """Take one request and fork; return the request in the child and None in the parent."""
        client, _ = self.listener.accept()
        try:
            request, streams = receive(client)
            pid = os.fork()
        except (OSError, ValueError):  # it hung up, or there is no room: whoever asked starts a plain kernel
            client.close()
            return None
        if pid:
            for stream in streams:
                os.close(stream)
            self.kernels[pid] = client
            self.selector.register(client, selectors.EVENT_READ)
            return None
        os.setsid()
        client.sendall(f"{os.getpid()}\n".encode())
        client.close()
        self.let_go()
        return {**request, "streams": streams}

    def let_go(self) -> None:
        """Close, in a child, all that is the server's: a client must see the end when the server dies."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        for mine in (self.listener, self.woken, self.waker, *self.kernels.values()):
            mine.close()

    def reap(self) -> None:
        """Tell clients of the kernels that have ended."""
        for pid in list(self.kernels):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                client = self.kernels.pop(pid)
                with contextlib.suppress(KeyError):  # it hung up
                    self.selector.unregister(client)
                with contextlib.suppress(OSError):
                    client.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
                client.close()

    def kill(self, pid: int) -> None:
        """Kill a kernel, and what it started, that nobody waits for any more."""
        with contextlib.suppress(KeyError):
            self.selector.unregister(self.kernels[pid])
        for send in (os.killpg, os.kill):  # a child that has not come to setsid yet has no group
            with contextlib.suppress(OSError):
                send(pid, signal.SIGKILL)
                return

    def end(self) -> None:
        """Leave no kernel behind."""
        for pid in list(self.kernels):
            self.kill(pid)


def receive(client: socket.socket) -> tuple[dict, list[int]]:
    """Read one request and the descriptors that come with it."""
    text, streams, _, _ = socket.recv_fds(client, LONGEST, 2)
    while not text.endswith(b"\n"):
        more = client.recv(LONGEST)
        if not more:
            raise ValueError("a request without an end")
        text += more
    return json.loads(text), streams


def become(request: dict) -> None:
    """Turn this forked child into the kernel that was asked for: as a new process would, in the same order."""
    standard = [os.open(os.devnull, os.O_RDONLY), *request["streams"]]
    for target, stream in enumerate(standard):
        os.dup2(stream, target)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
    os.chdir(request["cwd"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # the legacy generator was seeded when it was imported
    sys.argv = [sys.modules[LAUNCHER].__file__, *request["argv"]]
    sys.modules[KERNEL].launch_new_instance()


def main() -> None:
    """Warm up, serve, and in each child run a kernel."""
    descriptor, prepare, argument, *modules = sys.argv[1:]
    if sys.path[0] in {"", os.getcwd()}:  # noqa: PTH109
        del sys.path[0]  # the kernel itself puts it back, as after any other start
    listener = socket.socket(fileno=int(descriptor))
    warm(modules, prepare, json.loads(argument))
    request = Server(listener).serve()
    if request:
        become(request)


if __name__ == "__main__":
    main()
