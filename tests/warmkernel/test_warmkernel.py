"""Kernels forked from a warm process: they are ready at once, they stop when told to, and none is left behind.

Authority: jupyter_client's own managers, and the system's table of processes. Nothing here knows a book.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from warmkernel import manager

pytestmark = pytest.mark.skipif(not manager.possible(), reason="kernels are forked on Linux only")
README = Path(manager.__file__).with_name("README.md")


def environment_of(**more: str) -> dict[str, str]:
    """Return an environment for kernels: this process's own, with one thread and without the reader's configuration."""
    return {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **more}


def test_the_example_of_the_readme_runs(tmp_path):
    """Two notebooks; the second one says what it found imported, and what the first one has left."""
    (code,) = re.findall("```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    for name, text in {"one": "import builtins; builtins.left = 1", "two": SAYS}.items():
        cells = [nbformat.v4.new_code_cell(text)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "not forked" not in done.stdout
    executed = nbformat.read(tmp_path / "two-executed.ipynb", as_version=4)
    said = "".join(out.text for out in executed.cells[-1].outputs if out.get("name") == "stdout")
    assert said == "forked True left False\n"


SAYS = """\
import builtins, os
from pathlib import Path
parent = Path(f"/proc/{os.getppid()}/cmdline").read_text()
print("forked", "warmkernel.server" in parent, "left", hasattr(builtins, "left"))
"""


def test_it_stays_small_and_by_itself():
    """Authority: design, section 8; nothing of ours is imported but its own parts."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in README.parent.glob("*.py")}
    assert sum(len(text.splitlines()) for text in texts.values()) <= 443
    ours = {"secondlook", "bookpress", "lookalike"}
    assert not [name for name, text in texts.items() if ours & set(re.findall(r"\w+", text))]


def test_what_was_prepared_every_kernel_has(tmp_path):
    (tmp_path / "mine.py").write_text("seen = []\ndef see(argument): seen.append(argument)\n", encoding="utf-8")
    environment = environment_of(PYTHONPATH=str(tmp_path))
    with manager.warm_process([], environment, tmp_path, prepare="mine:see", argument={"a": [1]}) as address:
        code = f"import mine; open('{tmp_path}/said', 'w').write(repr(mine.seen)); import os; os._exit(0)"
        assert start((address, environment, tmp_path), code).wait(60) == 0
    assert (tmp_path / "said").read_text(encoding="utf-8") == "[{'a': [1]}]"


def test_what_cannot_be_prepared_each_kernel_will_say_itself(tmp_path):
    environment = environment_of()
    with manager.warm_process([], environment, tmp_path, prepare="nowhere:at_all") as address:
        assert start((address, environment, tmp_path), "import os; os._exit(3)").wait(60) == 3


def test_a_kernel_is_ready_as_soon_as_it_is_idle_and_what_others_asked_is_let_pass():
    """An answer to somebody else, and the busy before the idle, are no answer."""
    assert manager.ForkedKernelManager().client_factory is manager.PromptClient
    said = [("other", "status", "idle"), ("mine", "status", "busy"), ("mine", "stream", ""), ("mine", "status", "idle")]
    waiting = [
        {"parent_header": {"msg_id": asked}, "msg_type": kind, "content": {"execution_state": state}}
        for asked, kind, state in said
    ]

    async def receive(timeout: float) -> dict:
        return waiting.pop(0)

    answer = manager.PromptClient()._answer(receive, "mine", "status", 1, execution_state="idle")
    assert asyncio.run(answer)["content"] == {"execution_state": "idle"}
    assert waiting == []


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A warm process with nothing but the kernel's own modules imported, and the environment that it has."""
    folder, environment = tmp_path_factory.mktemp("warm"), environment_of()
    with manager.warm_process([], environment, folder) as address:
        yield address, environment, folder


def start(server, code: str) -> manager.ForkedProcess:
    """Fork a kernel that runs `code` before it serves anybody."""
    address, environment, folder = server
    argv = ["-f", str(folder / "connection.json"), "--log-level=CRITICAL", f"--IPKernelApp.exec_lines={code}"]
    return manager.ForkedProcess(address, argv, environment, str(folder))


def wait_for(file: Path, seconds: float = 20) -> None:
    """Wait until a file is there."""
    start = time.monotonic()
    while not file.exists():
        assert time.monotonic() - start < seconds, f"{file.name} never came"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Say whether a process exists and is not just waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_exit_code_comes_back(server):
    assert start(server, "import os; os._exit(3)").wait(20) == 3


def test_a_kill_ends_the_kernel_and_says_so(server):
    process = start(server, "import time; time.sleep(60)")
    assert process.poll() is None
    process.kill()
    assert process.wait(20) == -signal.SIGKILL
    process.kill()  # a second one does no harm


def test_waiting_has_a_limit(server):
    process = start(server, "import time; time.sleep(60)")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.1)
    process.kill()
    process.wait(20)


def test_a_kernel_that_nobody_waits_for_any_more_is_killed(server, tmp_path):
    process = start(server, f"open('{tmp_path}/up', 'w').close(); import time; time.sleep(60)")
    wait_for(tmp_path / "up")
    process.connection.close()
    limit = time.monotonic() + 20
    while alive(process.pid):
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_the_end_of_the_build_leaves_no_kernel_behind(tmp_path):
    environment = environment_of()
    with manager.warm_process([], environment, tmp_path) as address:
        process = start(
            (address, environment, tmp_path), f"open('{tmp_path}/up', 'w').close(); import time; time.sleep(60)"
        )
        wait_for(tmp_path / "up")
        folder = Path(address).parent
    assert process.wait(20) == -signal.SIGKILL
    assert not alive(process.pid)
    assert not folder.exists()


def until_it_has_ended(address: str) -> None:
    """Wait until nobody holds the socket any more, and a little longer, until the process is gone too."""
    with contextlib.suppress(ConnectionRefusedError):
        for _ in range(600):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.connect(address)
            time.sleep(0.1)
    time.sleep(1)


@pytest.mark.parametrize(
    "body",
    [
        "raise ImportError('broken')",
        "print('loud')",
        "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    ],
)
def test_a_process_that_is_no_good_to_fork_from_answers_nobody(tmp_path, body):
    (tmp_path / "bad.py").write_text(body, encoding="utf-8")
    environment = environment_of(PYTHONPATH=str(tmp_path))
    said = []
    with manager.warm_process(["bad"], environment, tmp_path, said.append) as address:
        with pytest.raises((OSError, ValueError)):
            manager.ForkedProcess(address, [], environment, str(tmp_path))
        until_it_has_ended(address)
    assert len(said) == 1
    assert said[0].startswith("kernels were not forked: ")
    assert any(word in said[0] for word in ("broken", "says something", "threads"))


def test_an_interrupt_reaches_the_cell_and_the_kernel_lives_on(server):
    """Authority: jupyter_client's own managers, whose interrupt raises KeyboardInterrupt in the cell that runs."""
    address, environment, folder = server
    kernels = manager.ForkedKernelManager(kernel_name="python3", transport="ipc", ip=str(folder / "k"), server=address)

    async def answer(client, asked: str) -> dict:
        """Return the answer to what was asked: a slow start leaves answers to other questions."""
        while (message := await client.get_shell_msg(timeout=30))["parent_header"].get("msg_id") != asked:
            pass
        return message

    async def interrupted() -> tuple[str, str]:
        await kernels.start_kernel(env=environment, cwd=str(folder), extra_arguments=["--log-level=CRITICAL"])
        client = kernels.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=30)
            # The cell says when it runs: an interrupt that comes between its announcement and its first line is lost.
            asked = client.execute("import time; print('on', flush=True); time.sleep(60)", stop_on_error=False)
            while (await client.get_iopub_msg(timeout=30))["msg_type"] != "stream":
                pass
            await kernels.interrupt_kernel()
            first = await answer(client, asked)
            second = await answer(client, client.execute("1"))
        finally:
            client.stop_channels()
            await kernels.shutdown_kernel()
        return first["content"].get("ename"), second["content"]["status"]

    assert asyncio.run(interrupted()) == ("KeyboardInterrupt", "ok")
    assert isinstance(kernels.provisioner, manager.ForkProvisioner)
