"""What stands around the book: workflow, link check, Binder, contributor notes.

Authorities: GitHub's JSON schema of workflows (in check-jsonschema), repo2docker's documented files.
"""

import hashlib
import http.server
import os
import re
import runpy
import subprocess
import sys
import threading
from types import SimpleNamespace

import conftest
import pytest
import yaml
from conftest import ROOT
from xdist.remote import Producer

from bookpress import pairs
from bookpress.paths import Project

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_a_workflow_follows_the_schema_and_pins_what_it_uses(path):
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used), used
    assert "cache" not in re.sub(r"#.*", "", text)


def test_a_job_may_do_what_it_must_and_no_more():
    """What publishes runs no code of the repository; what runs it can write nothing, and keeps no token.

    One script of main's own puts executed copies on their branch: it alone may write.
    """
    workflow = yaml.load((ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in workflow["jobs"]["publish"]["steps"]] == ["actions/deploy-pages"]
    writing = {name for name, job in workflow["jobs"].items() if job.get("permissions", {}).get("contents") == "write"}
    assert writing == {"copies"}
    assert workflow["jobs"]["copies"]["if"] == workflow["jobs"]["publish"]["if"] == "github.ref == 'refs/heads/main'"
    copied = [step["run"].split(" _build")[0] for step in workflow["jobs"]["copies"]["steps"] if "run" in step]
    assert copied == ["bash .ci/copies"]
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] == "false"


def test_the_book_is_built_and_what_takes_long_is_tried_every_week():
    workflow = yaml.load((ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert re.fullmatch(r"\d+ \d+ \* \* \d", workflow["on"]["schedule"][0]["cron"])
    said = {name: [step.get("run", "") for step in job["steps"]] for name, job in workflow["jobs"].items()}
    assert "bash .ci/run" in said["test"]
    assert any("make links" in line for line in said["links"])
    assert "bash .ci/run weekly" in said["slow"]
    [weekly] = re.findall(r"for target in (.*); do make", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert {"test-weekly", "lab-test", "repeat", "fuzz", "faults", "mutants"} <= set(weekly.split())
    for name in ("links", "slow"):
        assert "schedule" in workflow["jobs"][name]["if"]


def test_a_file_of_tests_goes_to_one_process_and_what_takes_long_goes_first(pytestconfig):
    """Marks of groups had no effect for weeks, which nobody saw."""
    assert [name for name in conftest.LONGEST if not (ROOT / name).exists()] == []
    config = SimpleNamespace(option=SimpleNamespace(), getvalue=lambda name: ["2*popen"] if name == "tx" else None)
    shares = conftest.pytest_xdist_make_scheduler(config, Producer("tried"))
    names = [f"{file}::test_x[a@b::c]" for file in ("tests/z.py", "tests/lookalike/a.py", "tests/lookalike/b.py")]
    assert [shares._split_scope(name) for name in names] == ["tests/z.py", "tests/lookalike/", "tests/lookalike/"]
    assert config.option.loadscopereorder is False
    items = [SimpleNamespace(nodeid=name) for name in names]
    conftest.pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == [*names[1:], names[0]]
    assert (
        pytestconfig.pluginmanager.hook.pytest_xdist_make_scheduler.get_hookimpls()[-1].plugin.__file__
        == conftest.__file__
    )


def test_the_core_is_tried_on_the_three_systems():
    workflow = yaml.load((ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    job = workflow["jobs"]["systems"]
    assert {each.partition("-")[0] for each in job["strategy"]["matrix"]["os"]} == {"ubuntu", "macos", "windows"}
    said = "\n".join(step.get("run", "") for step in job["steps"])
    named = re.findall(r"tests/[\w/.]+", said)
    assert "tests/bookpress/test_systems.py" in named
    assert all((ROOT / each).exists() for each in named)
    assert "python -m bookpress build" in said


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def test_links_that_lead_nowhere_are_named_and_robots_that_are_turned_away_are_not(tmp_path, monkeypatch, capsys):
    links = runpy.run_path(str(ROOT / ".ci" / "links.py"))
    monkeypatch.setitem(links["problem"].__globals__, "PAUSE", 0)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}"
        page = "".join(f'<a href="{site}/{code}#here">x</a>' for code in (200, 404, 403))
        (tmp_path / "a.html").write_text(f'{page}<a href="b.html">b</a><a href="{site}/edit/main/x">e</a>', "utf-8")
        monkeypatch.setattr(sys, "argv", ["links.py", str(tmp_path)])
        assert links["main"]() == 1
        said = capsys.readouterr().out.splitlines()
        server.shutdown()
    assert said == [f"- {site}/404: HTTP 404, in a.html", "3 links to other sites, 1 broken"]


def test_vendored_files_are_the_registrys_bytes():
    """Authority: digests stored when npm fetched them; `make vendor` fetches anew and compares with the same."""
    stored = dict(line.split()[::-1] for line in (ROOT / ".ci" / "vendor.sha256").read_text("utf-8").splitlines())
    places = [*(ROOT / "book" / "_static" / "vendor").rglob("*"), *(ROOT / "tests" / "vendor").rglob("*")]
    files = {path.relative_to(ROOT).as_posix(): path for path in places if path.is_file()}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == stored


def test_the_list_of_licences_is_of_what_is_here():
    """Authority: the metadata of what is installed; what the lock holds for other systems is not, and so not compared."""
    licences = runpy.run_path(str(ROOT / ".ci" / "licences.py"))
    listed = (ROOT / "LICENSES-of-others.md").read_text(encoding="utf-8")
    assert listed.startswith(licences["HEAD"])
    asked = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.glob("requirements*.txt"))
    direct = {licences["normal"](name) for name in re.findall(r"^([\w.-]+)==", asked, re.MULTILINE)}
    rows = {row[0]: row for row in licences["rows"]()}
    assert all(re.search(rf"^\| {re.escape(name)} \|", listed, re.MULTILINE) for name in direct), "make licences"
    alone = "\n".join((ROOT / f"requirements-{name}.txt").read_text(encoding="utf-8") for name in ("kit", "lab"))
    apart = {licences["normal"](name) for name in re.findall(r"^([\w.-]+)==", alone, re.MULTILINE)}
    assert direct - set(rows) <= apart, "a test run does without what the kit or Lab alone needs, and nothing else"
    direct &= set(rows)
    own = {name for name in rows if name.startswith("`")}
    fetched = (ROOT / ".ci" / "vendor.sha256").read_text(encoding="utf-8")
    assert len(own) == sum("LICENSE" not in line for line in fetched.splitlines())
    for name in direct | own:
        assert f"\n| {' | '.join(rows[name])} |\n" in listed, f"{name}: make licences"
    assert not [row for row in rows.values() if row[2] == "not stated"]


def test_contributor_notes_fit_one_screen_and_the_readme_leads_there():
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 48
    assert "](CONTRIBUTING.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_make_has_the_targets_that_the_notes_name():
    help_text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in ("CONTRIBUTING.md", "README.md"):
        for target in re.findall(r"make ([a-z]+(?:-[a-z]+)?)\b", (ROOT / name).read_text(encoding="utf-8")):
            assert f"make {target} " in help_text, (name, target)


def test_binder_installs_the_lock_under_a_python_that_it_is_made_for():
    version = (ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"python-3\.1[1-3]", version)
    script = ROOT / ".binder" / "postBuild"
    assert os.access(script, os.X_OK)
    installs = [line for line in script.read_text(encoding="utf-8").splitlines() if "pip install" in line]
    assert [" --require-hashes -r " in line for line in installs] == [True, True, False]
    assert "--no-build --require-hashes -r requirements.lock" in installs[1]
    assert installs[2].endswith(" --no-deps --no-build-isolation --editable .")  # this project itself
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


@pytest.mark.parametrize("folder", ["notebooks", "."])
def test_the_cell_that_sets_up_finds_the_root_of_the_repository(folder):
    environment = {name: value for name, value in os.environ.items() if name != "BOOKPRESS_ROOT"}
    code = f"{pairs.set_up(Project(ROOT))}\nprint(root)"
    options = {"cwd": ROOT / folder, "env": environment, "capture_output": True, "text": True, "check": True}
    assert subprocess.run([sys.executable, "-c", code], **options).stdout.strip() == str(ROOT)


def test_set_up_needs_no_home_that_can_be_written_to(tmp_path):
    """As for a user of a container who has none: uv would stop for want of a place for its cache."""
    other = [name for name in os.environ if name not in ("UV_CACHE_DIR", "XDG_CACHE_HOME")]
    for home, expected in ((tmp_path, 0), (tmp_path / "nowhere", 2)):
        variables = {**{name: os.environ[name] for name in other}, "HOME": str(home)}
        command = ["make", "--dry-run", "setup-dev", f"VENV={tmp_path / 'venv'}"]
        said = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True).stdout
        assert said.count("uv --no-cache pip install") >= expected
        assert ("--no-cache" in said) is bool(expected)
