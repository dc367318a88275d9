# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
import hashlib
import json
import platform
import re
from html import escape

from myst_nb import glue

from secondlook.checkout import find_root
from secondlook.pages import present

root = find_root()
lock = (root / "requirements.lock").read_bytes()
locked = re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.decode(), re.MULTILINE)
hashes = lock.decode().count("--hash=sha256:")
wanted = (root / "requirements.txt").read_text(encoding="utf-8")
chosen = dict(re.findall(r"^([\w.-]+)==(\S+)", wanted, re.MULTILINE))
results = root / "bench" / "results.json"
measured = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {}
told = {
    "python": ".".join(platform.python_version_tuple()[:2]),
    "packages": len(locked),
    "checksums": f"{hashes:,}",
    "digest": hashlib.sha256(lock).hexdigest()[:16],
    "runs": " or ".join(map(str, sorted({part["repetitions"] for part in measured.values()}))) or "no",
}
for name, text in told.items():
    glue(name, str(text), display=False)

# %% [markdown]
# # How this book was built
#
# :::{admonition} What this page is for
# :class: note
# **You will** see what made these pages and what keeps them the same. **Use it** to build the book yourself, to trust that a build of
# yours is the same bytes, or to copy the way for a book of your own {cite}`sandve2013`. **You need** to have used a command line once.
# :::
#
# One command, `make book`, sets up Python's packages, executes the notebooks and turns them into these pages. This page
# says with what, what is held fixed so that two builds are the same bytes, and how long it takes beside the usual ways.
#
# ## With what
#
# Python {glue:text}`python` and {glue:text}`packages` packages, each in one version and with the checksums of its files, {glue:text}`checksums` in all:
# an installer that finds another file refuses it. They are listed in `requirements.lock`, whose own SHA-256 begins with {glue:text}`digest`. The
# packages that we ask for ourselves:

# %% tags=["remove-input"]
rows = [[f"<code>{escape(name)}</code>", escape(version)] for name, version in sorted(chosen.items())]
present.table(["package", "version"], rows, "packages that the book asks for, with their versions")

# %% [markdown]
# ## What is held fixed
#
# A notebook's result is filed under a key made from its text, the modules of this project that it can come to import,
# all data, the lock, the parameters and the version of Python; no time stamp plays a part. What has its result there is
# not executed again. The finished book is known by the digest of each of its files: a page that is gone or altered is
# noticed, and built again.
#
# Kernels and Jupyter Book get an environment of the build's own. Of the reader's, only the places of programs and
# libraries go in: no configuration, home or display of whoever builds has a say.
#
# Kernels are forked from one process which has already imported the libraries, so that each notebook starts from the
# same fresh state and none pays for the imports. Where a system cannot fork safely, and with `make book PLAIN=1`, each
# kernel is a new process; the outputs are the same bytes, and a test compares them.
#
# | what | how |
# |---|---|
# | order of sets | one hash seed |
# | time zone, language | UTC, and C with UTF-8 |
# | threads of the linear algebra | one |
# | random numbers | seeded where they are drawn |
# | figures | SVG with seeded ids and without a date |
# | cells | ids made from their text; no times of execution |
# | pages | one date for all files, and a fresh folder for every build |
# | warnings | errors, in notebooks, pages and tests alike |
#
# What the build uses of Python beyond its everyday parts:
#
# | feature | for |
# |---|---|
# | `os.fork` | kernels from one warm process (Linux) |
# | `socket.send_fds` | a kernel writes to the terminal of its build |
# | `signal.set_wakeup_fd` | the end of a kernel is noticed at once, without a thread |
# | `ast` | the modules that a notebook could come to import |
# | `gc.freeze` | kernels share the memory of what was imported |
# | `hashlib.file_digest` | keys of content |
# | `tomllib` | the layout of the paper |
# | `fractions` and `decimal` | ends of intervals of printed numbers, exactly |
#
# ## What the pages weigh
#
# A page is its text, its previews and its own figures; pages open from disk and load nothing from elsewhere. The tests
# open each of them in a browser, and none may weigh more than a megabyte.

# %% tags=["remove-input"]
present.Html('<p class="sl-weights">Weighed when the pages are built.</p>')

# %% [markdown]
# ## How long it takes
#
# Seconds differ from machine to machine, so only ratios are kept: `make bench` measures all ways in turn, on one machine
# in one run, and compares the medians. The usual ways are three. Papermill, one notebook after another, followed by Jupyter
# Book, is what most people do; papermill on as many processes as ours, followed by Jupyter Book, is the fair comparison,
# since ours runs notebooks side by side too; and Jupyter Book has a cache of executed notebooks of its own. That cache
# looks at the cells alone, so after a change in a module or in the data it would show old results. A dash stands where it would,
# and where a way was not measured in the last run. Each number says how many times as long as ours the way takes.

# %% tags=["remove-input"]
BUILDS = {
    "clean": "the whole book, from nothing",
    "nothing": "again, nothing changed",
    "notebook": "again, one notebook changed",
    "module": "again, a module of the package changed",
    "data": "again, a cell of the data changed",
}
PARTS = {"audit": "audit, time per printed number", "fits": "four Cox fits of 60 patients"}
WAYS = {
    "papermill, then Jupyter Book": "papermill one by one, then Jupyter Book",
    "papermill in parallel, then Jupyter Book": "papermill on as many processes, then Jupyter Book",
    "Jupyter Book, cached": "Jupyter Book’s cache",
}
NAMES = {"×10": "a paper ten times as large", "×100": "a paper a hundred times as large"}


def times(part, way):
    """Return how many times as long as ours a way takes; a dash where it was not measured."""
    ratio = measured[part]["ratios"].get(way)
    return (
        "–" if ratio is None else f"{ratio:.2g}" if ratio < 0.1 else f"{ratio:,.2f}" if ratio < 10 else f"{ratio:,.0f}"
    )


builds = [part for part in BUILDS if part in measured]
rows = [[BUILDS[part], *(times(part, way) for way in WAYS), escape(measured[part].get("limit", ""))] for part in builds]
header = ["build", *WAYS.values(), "what takes our time"]
present.table(header, rows, "time of each build, as a multiple of ours", (1, 2, 3))

# %% [markdown]
# What is our own in the writing of pages has to earn its place: a tenth of a build after one notebook changed, which is hardly more
# than the writing of all pages. Each is measured alone, in one run, by the seconds of the processors
# (`python -m bench.pieces`). How many times as long the pages take without it:

# %% tags=["remove-input"]
PIECES = {
    "settings": "two settings of Python: less looking for garbage, and entry points looked up once",
    "forks": "several processes write pages",
    "store": "pages that did not change are repaired once",
}
rows = [[escape(what), times("pieces", name)] for name, what in PIECES.items() if name in measured["pieces"]["ratios"]]
present.table(["piece", "times as long"], rows, "what each piece saves, as a multiple of ours", (1,))

# %% [markdown]
# And of what the package itself does (medians of {glue:text}`runs` runs, here and above):

# %% tags=["remove-input"]
rows = [
    [PARTS[part], escape(NAMES.get(way, way)), times(part, way), escape(measured[part].get("limit", ""))]
    for part in PARTS if part in measured
    for way in list(measured[part]["ratios"])[1:]
]  # fmt: skip
header = ["work", "beside ours, or beside this paper", "times as long", "what takes our time"]
present.table(header, rows, "time of each part, as a multiple of the first", (2,))

# %% [markdown]
# Where four fits are compared, all programs fit from their start to the maximum. The step of the search, which it takes millions
# of times, is no fit: it asks for the score and the information at given coefficients, one step of what a fit iterates, and it is
# compiled; so its ratio says how much less is asked as much as how fast it is answered.
