"""The edition of notebooks for Jupyter: plain Markdown that says what the book says, and one address or none.

Authorities: CommonMark 0.31 (spans of code, escapes), the Jupyter notebook format 4.5 (ids, ``jupyter.source_hidden``).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from tiny_book import REAL, make_project, rewrite

from bookpress import copies, edition, pairs, repository, results, stage
from bookpress.errors import BuildError
from bookpress.execute import Job
from bookpress.keys import Keys
from bookpress.markdown import Page, plain
from secondlook.pages import palette

#: What only a builder of books understands: a role, a fence with a directive, a label.
RAW = re.compile(r"\{[A-Za-z][\w:.+-]*\}`|^[ >]*(?::{3,}|`{3,}\{)|^[ >]*\([\w.:-]+\)=", re.MULTILINE)
PAIRS = sorted(REAL.notebooks.glob("*.ipynb"))


@pytest.fixture
def page():
    """A page whose one role and one link are known."""
    links = {"known": ("other.ipynb", "Other")}
    return Page({"up": str.upper, "glue:text": lambda key: f"<{key}>"}, links.get, lambda key: f"table {key}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a {up}`b` c", "a B c"),
        ("a {up}`b\nc` d", "a B C d"),
        ("code ``{up}`b` `` stays", "code ``{up}`b` `` stays"),
        (r"\{up} and `{up}`", r"\{up} and `{up}`"),
        (
            "[words](known), [](known) and [far](https://x.org)",
            "[words](other.ipynb), [Other](other.ipynb) and [far](https://x.org)",
        ),
        ("(here)=\n## Head", "## Head"),
        ("% a comment\n\ntext", "text"),
        (":::{note}\nbody {up}`b`\n:::", "> **Note**\n>\n> body B"),
        (":::{admonition} Title {up}`t`\n:class: tip\nbody\n\nmore\n:::", "> **Title T**\n>\n> body\n>\n> more"),
        (
            ":::{admonition} Open\n:class: dropdown\n| a |\n|---|\n| {up}`b` |\n:::",
            "<details><summary>Open</summary>\n\n| a |\n|---|\n| B |\n\n</details>",
        ),
        ("::::{margin}\n:::{tip} Inner\nx\n:::\n::::", "> > **Inner**\n> >\n> > x"),
        (":::{exercise} Count\n:label: c\nHow many?\n:::", "### Exercise: Count\n\n> How many?"),
        ("```python\nx = '{up}`b`'\n```", "```python\nx = '{up}`b`'\n```"),
        ("```{glue} t\n```", "table t"),
        ("```{math}\nx^2\n```", "$$\nx^2\n$$"),
        ("1. one {up}`b`\n   - two\n\n> quoted {up}`b`", "1. one B\n   - two\n\n> quoted B"),
    ],
)
def test_myst_becomes_plain_markdown(page, text, said):
    assert plain(text, page) == [said]


@pytest.mark.parametrize(
    ("text", "named"), [("a {nope}`b`", "the role nope"), (":::{figure} x.png\n:::", "the directive figure")]
)
def test_what_has_no_plain_form_is_refused_by_name(page, text, named):
    with pytest.raises(ValueError, match=named):
        plain(text, page)


def test_a_solution_is_folded_from_its_beginning_to_its_end_through_all_its_cells(page):
    cells = [":::{solution-start} c\n:class: dropdown\n:::\nOne.", "Two.", "Three.\n\n:::{solution-end}\n:::\n\nAfter."]
    (first,), (second,), (third, after) = (plain(text, page) for text in cells)
    assert first == "<details><summary>Answer</summary>\n\nOne.\n\n</details>"
    assert second == "<details><summary>Answer, continued</summary>\n\nTwo.\n\n</details>"
    assert third == "<details><summary>Answer, continued</summary>\n\nThree.\n\n</details>"
    assert after == "After."
    assert not page.solving
    assert plain(":::{solution-start} c\n:::\nAll.\n\n:::{solution-end}\n:::", page) == [
        "<details><summary>Answer</summary>\n\nAll.\n\n</details>"
    ]


# --- pairs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.stem)
def test_no_text_of_a_committed_pair_holds_what_only_a_builder_of_books_understands(pair):
    cells = nbformat.read(pair, as_version=4).cells
    code = {cell.id for cell in cells if cell.cell_type == "code"}
    for cell in cells:
        if cell.cell_type == "markdown":
            assert not RAW.findall(cell.source), cell.source[:300]
            assert cell.source.count("<details>") == cell.source.count("</details>")
            pointed = "*⟨…⟩ is computed when the notebook runs" in cell.source
            named = cell.source.replace("*⟨…⟩", "")
            leading = re.findall(r"\[⟨[^⟩]+⟩\]\(#cell-id=([\w-]+)\)", named)
            assert named.count("⟨") == len(leading), "a computed number is no link to its cell"
            assert [bool(leading), set(leading) - code] == [pointed, set()]
            assert not re.search(r"<summary>[^\n]*\]\(", named), "a link in a summary is not read as Markdown"
        elif {"remove-cell", "hide-input", "remove-input"} & set(cell.metadata.get("tags", ())):
            assert cell.metadata["jupyter"]["source_hidden"] is True


def test_the_search_for_what_is_raw_finds_it():
    """The sources hold what the pairs may not: the pattern above would see it."""
    texts = [cell.source for source in pairs.sources(REAL) for cell in pairs.load(source).cells]
    assert sum(len(RAW.findall(text)) for text in texts) > 1000


def test_links_of_committed_pairs_lead_to_files_that_are_there():
    for pair in PAIRS:
        for cell in nbformat.read(pair, as_version=4).cells:
            either = r"\]\(([^)\s]+)\)|href=\"([^\"]+)\""
            found = re.findall(either, cell.source) if cell.cell_type == "markdown" else ()
            links = [one or other for one, other in found]
            for link in links:
                file = link.partition("#")[0]
                assert "://" in link or not file or (pair.parent / file).is_file(), (pair.name, link)


def test_no_committed_pair_names_a_repository():
    for pair in PAIRS:
        first = nbformat.read(pair, as_version=4).cells[0]
        assert 'address, commit = "", ""' in first.source
        assert not re.search(r"github\.(com|io)", first.source)


# --- executed copies --------------------------------------------------------------------------------------------------


EXECUTED = """\
# %% tags=["parameters", "remove-cell"]
published, alpha, cohort = "data/published", 0.05, ""

# %% [markdown]
# # Other
#
# (here)=
# ## Result {glue:text}`n`
#
# There are {glue:text}`n` of {glue:text}`share:.1f` %; see [](here), [first](/notebooks/00-landing.ipynb).

# %% tags=["hide-input"] mystnb={"figure": {"name": "f", "caption": "All {glue:text}`n`."}}
tell(n=12, share=1 / 3)
"""


def executed(project, address: str = ""):
    """Return the cells of an executed copy whose outputs are those that myst-nb's glue leaves."""
    (project.notebooks / "01-other.py").write_text(EXECUTED, encoding="utf-8")
    notebook = pairs.load(project.notebooks / "01-other.py")
    for name, said in {"n": "'12'", "share": "33.333"}.items():
        output = nbformat.v4.new_output("display_data", data={f"{edition.GLUE}text/plain": said})
        output.metadata = nbformat.from_dict({"scrapbook": {"name": name, "mime_prefix": edition.GLUE}})
        notebook.cells[-1].outputs.append(output)
    link = nbformat.v4.new_output("display_data", data={"text/html": '<a href="../index.html#x">x</a>'})
    notebook.cells[-1].outputs.append(link)
    book = edition.Book.of(project, address=address)
    return [cell for cell, _ in edition.Writer(book, "01-other", notebook, executed=True).cells()]


def test_an_executed_copy_has_its_numbers_in_the_text_and_leads_to_the_notebooks_beside_it(tmp_path):
    _, text, code, caption = executed(make_project(tmp_path / "p"))
    assert text.source == (
        "# Other\n\n## Result 12\n\nThere are 12 of 33.3 %; see [Result 12](#Result-12), [first](00-landing.ipynb)."
    )
    assert code.metadata["jupyter"]["source_hidden"] is True
    assert code.outputs[-1]["data"]["text/html"] == '<a href="00-landing.ipynb">x</a>'
    assert caption.source == "**Figure.** All 12."


def test_guards_of_the_text_are_left_out_and_cells_are_counted_without_them(tmp_path):
    project = make_project(tmp_path / "p")
    source = project.notebooks / "01-other.py"
    guard = '# %% tags=["remove-cell", "guard"]\nassert 1 == 2, "a reader changed it"\n\n# %% [markdown]'
    plain_pair = pairs.paired(write(source, EXECUTED), edition.Book.of(project))
    guarded = pairs.paired(write(source, EXECUTED.replace("# %% [markdown]", guard, 1)), edition.Book.of(project))
    assert guarded == plain_pair


def test_the_cell_that_computes_is_named_below_the_sentence_and_above_the_next_heading(tmp_path):
    project = make_project(tmp_path / "p")
    text = EXECUTED.replace('\n# %% tags=["hide-input"]', '#\n# ## Next\n\n# %% tags=["hide-input"]')
    cells = pairs.paired(write(project.notebooks / "01-other.py", text), edition.Book.of(project)).cells
    computing, said = cells[2].id, cells[1].source
    assert f"There are [⟨n⟩](#cell-id={computing}) of" in said
    assert said.endswith("*⟨…⟩ is computed when the notebook runs, and then shown below cell [2].*\n\n## Next")


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_links_lead_to_the_published_book_where_an_address_is_given(tmp_path):
    _, text, code, _ = executed(make_project(tmp_path / "p"), "https://o.example/b/")
    assert "[Result 12](https://o.example/b/notebooks/01-other.html#here)" in text.source
    assert "[first](https://o.example/b/index.html)" in text.source
    assert code.outputs[-1]["data"]["text/html"] == '<a href="https://o.example/b/index.html#x">x</a>'


def test_a_number_that_no_output_holds_is_refused_with_its_cell(tmp_path):
    project = make_project(tmp_path / "p")
    (project.notebooks / "01-other.py").write_text(EXECUTED, encoding="utf-8")
    notebook = pairs.load(project.notebooks / "01-other.py")
    with pytest.raises(BuildError, match=r"01-other: cell 2 \(# Other\): no output holds n"):
        edition.Writer(edition.Book.of(project), "01-other", notebook, executed=True).cells()


def test_the_first_cell_of_an_executed_copy_knows_address_and_commit_and_brings_the_style():
    at = repository.Repository("https://example.org/o/n", "", "abc1")
    first = copies.first_cell(REAL, at)
    assert 'address, commit = "https://example.org/o/n", "abc1"' in first.source
    assert ".sl-verdict" in first.outputs[0]["data"]["text/html"]
    assert first.metadata["jupyter"]["source_hidden"] is True


def test_the_style_of_notebooks_has_the_colours_of_the_verdicts():
    style = (REAL.root / REAL.settings.style).read_text(encoding="utf-8")
    for verdict, (ground, ink) in palette.VERDICTS.items():
        assert f".sl-{verdict} {{ --sl-back: {ground}; --sl-text: {ink}; }}" in style


def test_no_box_of_injected_parameters_stands_above_a_title():
    """Papermill tags the cell that it puts in; a book shows nothing of a cell tagged ``remove-cell``."""
    cell = nbformat.v4.new_code_cell("alpha = 0.01", metadata={"tags": ["injected-parameters"]})
    made = results.clean("x", nbformat.v4.new_notebook(cells=[cell]), REAL.root)
    assert "remove-cell" in made.cells[0].metadata["tags"]


# --- where the repository lies -----------------------------------------------------------------------------------------


def test_without_a_repository_the_configuration_has_no_address_and_no_button():
    text = repository.configured(REAL.config.read_text(encoding="utf-8"), repository.NOWHERE)
    made = yaml.safe_load(text)
    assert "repository" not in made
    assert "launch_buttons" not in made
    assert not any(made["html"][name] for name in repository.BUTTONS)
    assert not {"html_baseurl", "ogp_site_url"} & set(made["sphinx"]["config"])
    assert "github" not in text


def test_with_a_repository_the_configuration_has_its_address_and_all_buttons():
    at = repository.of(REAL, "https://github.com/Owner/name.git", {"GITHUB_SHA": "abc1"})
    assert at == repository.Repository("https://github.com/Owner/name", "https://owner.github.io/name/", "abc1")
    made = yaml.safe_load(repository.configured(REAL.config.read_text(encoding="utf-8"), at))
    assert made["repository"]["url"] == "https://github.com/Owner/name"
    assert made["launch_buttons"]["binderhub_url"]
    assert made["launch_buttons"]["colab_url"]
    assert all(made["html"][name] for name in repository.BUTTONS)
    assert made["sphinx"]["config"]["html_baseurl"] == made["sphinx"]["config"]["ogp_site_url"] == at.pages


def test_colab_which_opens_what_lies_on_github_has_a_button_for_that_alone():
    made = yaml.safe_load(
        repository.configured(REAL.config.read_text("utf-8"), repository.Repository("https://example.org/o/n"))
    )
    assert [made["launch_buttons"]["binderhub_url"], made["launch_buttons"]["colab_url"]] == [
        "https://mybinder.org",
        "",
    ]


def test_executed_copies_are_put_on_a_branch_of_their_own_with_all_else_as_it_is(tmp_path):
    """Authority: git, which shows of two commits what differs between them."""
    origin, book, remote = checkout(tmp_path / "origin"), tmp_path / "book", tmp_path / "remote.git"
    for name in ("notebooks/00-landing.ipynb", "notebooks/01-other.ipynb"):
        (origin / name).write_text("pair", encoding="utf-8")
    (book / "_sources" / "notebooks").mkdir(parents=True)
    for name in ("index.ipynb", "notebooks/01-other.ipynb"):
        (book / "_sources" / name).write_text(f"executed {name}", encoding="utf-8")
    git = ["git", "-C", str(origin), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["init", "-q", "--bare", str(remote)]):
        subprocess.run([*git, *words], check=True)
    for _ in range(2):  # a second time over the first
        subprocess.run(["bash", REAL.root / ".ci" / "copies", book, remote], cwd=origin, check=True)

    def shown(*words: str) -> str:
        return subprocess.run([*git, *words], capture_output=True, text=True, check=True).stdout

    subprocess.run([*git, "fetch", "-q", str(remote), "executed"], check=True)
    differing = "M\tnotebooks/00-landing.ipynb\nM\tnotebooks/01-other.ipynb\n"
    assert shown("diff", "--name-status", "HEAD", "FETCH_HEAD") == differing
    assert shown("show", "FETCH_HEAD:notebooks/00-landing.ipynb") == "executed index.ipynb"
    assert shown("rev-parse", "FETCH_HEAD~1") == shown("rev-parse", "HEAD")
    assert shown("status", "--porcelain") == ""


def test_the_caller_wins_over_the_run_and_the_run_over_the_settings(tmp_path):
    project = make_project(tmp_path / "p")
    run = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/run", "GITHUB_SHA": "abc1"}
    assert repository.of(project, "", {}) == repository.NOWHERE
    assert repository.of(project, "", run).url == "https://github.com/a/run"
    assert repository.of(project, "https://example.org/a/said", run).url == "https://example.org/a/said"
    rewrite(
        project.root / "pyproject.toml",
        "[tool.bookpress]\n",
        '[tool.bookpress]\nrepository = "https://example.org/a/set"\n',
    )
    changed = type(project)(project.root)
    assert repository.of(changed, "", {}).url == "https://example.org/a/set"
    assert repository.of(changed, "", run).url == "https://github.com/a/run"


@pytest.mark.parametrize("url", ["github.com/o/n", "https://example.org", "javascript:alert(1)", 'https://x.org/a/b"c'])
def test_what_is_no_address_of_a_repository_is_refused(url):
    with pytest.raises(BuildError, match="not the address of a repository"):
        repository.of(REAL, url, {})


def test_the_staged_book_is_configured_by_what_is_given(tmp_path):
    project = make_project(tmp_path / "p")
    for at in (repository.NOWHERE, repository.Repository("https://example.org/o/n")):
        stage.build_stage(project, [], None, at)
        staged = (project.stage / "_config.yml").read_text(encoding="utf-8")
        assert ("https://example.org/o/n" in staged) is bool(at.url)


def test_another_repository_is_another_book(tmp_path):
    project = make_project(tmp_path / "p")
    pages = {Keys(project, {}, repository.Repository(url)).site for url in ("", "https://example.org/o/n")}
    runs = {Keys(project, {}, repository.Repository(url)).state for url in ("", "https://example.org/o/n")}
    assert (len(pages), len(runs)) == (2, 1)


# --- the cell that sets up --------------------------------------------------------------------------------------------


def set_up(folder: Path, text: str) -> subprocess.CompletedProcess:
    own = {name: value for name, value in os.environ.items() if name not in ("BOOKPRESS_ROOT", "PYTHONPATH")}
    code = f"{text}\nimport secondlook; print(root); print(here); print(secondlook.__file__)"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=own, capture_output=True, text=True, check=False
    )


def checkout(root: Path) -> Path:
    """Lay what the cell looks for: the mark, and a package of that checkout's own."""
    for name in ("data/published/layout.toml", "src/secondlook/__init__.py", "notebooks/x"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "src/secondlook/pages").mkdir()
    (root / "src/secondlook/pages/notebook.py").write_text("def begin(style): pass\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("folder", ["", "notebooks"])
def test_setting_up_takes_the_checkout_one_stands_in_with_its_own_package(tmp_path, folder):
    root = checkout(tmp_path / "own name")
    done = set_up(root / folder, pairs.set_up(REAL))
    said = [str(root), str(root / folder), str(root / "src/secondlook/__init__.py")]
    assert done.stdout.splitlines() == said, done.stderr


def test_setting_up_ignores_another_project_and_says_where_one_stands(tmp_path):
    (tmp_path / "_config.yml").touch()
    done = set_up(tmp_path, pairs.set_up(REAL))
    assert done.returncode == 1
    assert f"you are in {tmp_path}" in done.stderr
    assert str(tmp_path / "data/published/layout.toml") in done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "_config.yml"]


def test_setting_up_fetches_the_commit_from_the_address_that_the_copy_knows(tmp_path):
    """The install itself is left to pip, which a stand-in records."""
    origin, empty = checkout(tmp_path / "origin"), tmp_path / "empty"
    empty.mkdir()
    git = ["git", "-C", str(origin), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([*git, "rm", "-q", "data/published/layout.toml"], check=True)
    subprocess.run([*git, "commit", "-qm", "two"], check=True)
    text = pairs.set_up(REAL, repository.Repository(str(origin), "", commit))
    install = 'run(sys.executable, "-m", "pip", '
    assert install in text
    done = set_up(empty, text.replace(install, "print('pip', "))
    assert f"pip install --quiet --editable {empty / 'origin'}[notebooks]" in done.stdout, done.stderr
    assert str(empty / "origin/src/secondlook/__init__.py") in done.stdout


def test_what_could_not_be_fetched_is_told_with_where_one_stands(tmp_path):
    nowhere = tmp_path / "nowhere"
    done = set_up(tmp_path, pairs.set_up(REAL, repository.Repository(str(nowhere))))
    assert done.returncode == 1
    assert f"In {tmp_path} this failed: git clone --quiet {nowhere} " in done.stderr
    assert "does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_kernel_without_what_the_notebook_needs_is_told_how_to_get_it(tmp_path):
    root = checkout(tmp_path / "p")
    (root / "src/secondlook/pages/notebook.py").write_text("import no_such_package\n", encoding="utf-8")
    done = set_up(root, pairs.set_up(REAL))
    assert done.returncode == 1
    install = f"{sys.executable} -m pip install -r {root / 'requirements.txt'}"
    assert f"no_such_package is not installed for this kernel. In a terminal: {install}" in done.stderr


def test_the_download_of_a_book_is_the_edition(tmp_path):
    project = make_project(tmp_path / "p")
    job = Job(project.notebooks / "00-landing.py", "", {}, "key")
    project.cache.mkdir(parents=True)
    nbformat.write(pairs.load(job.source), project.cache / "key.ipynb")
    copies.offer(project, [job], project.html, Keys(project, project.settings.parameters))
    first = (project.html / "_sources" / "index.ipynb").read_bytes()
    assert not RAW.search("\n".join(cell.source for cell in nbformat.reads(first.decode(), as_version=4).cells))
    copies.offer(project, [job], project.html, Keys(project, project.settings.parameters))
    assert (project.html / "_sources" / "index.ipynb").read_bytes() == first


def test_no_file_of_the_repository_names_a_repository_or_a_page_of_its_own():
    """What is the user's is given to a build; a file that is written down names nobody's."""
    own = "second-look"
    pattern = rf"{own}/{own}|{own}\.github\.io"
    found = subprocess.run(["git", "grep", "-nIE", pattern], cwd=REAL.root, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (1, "")
