"""The teaching kit: solutions are left out, plans become slides, zips are the same for the same files; and all of it opens.

Authority: the guide and the chapters; ISO 14289-1 (PDF/UA-1), to which Typst checks what it writes.
"""

import io
import json
import re
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from kit import __main__ as kit
from kit import book, decks, papers, source
from tiny_book import REAL

from bookpress.build import is_current, stamp
from bookpress.errors import BuildError
from bookpress.files import digests
from bookpress.paths import Project

GUIDE = """## 45 minutes: true?

**Before:** a table. **On the board:** the row,

> HR 1.2

| minutes | what happens | expected answers |
|---|---|---|
| 0–5 | Vote on \\|z\\|. | *cannot tell* |
| 5–15 | Go on. | as there |

From z to p: a table.

> more of it

## Next
"""


def test_a_plan_becomes_slides_with_each_answer_on_its_own():
    [deck] = decks.plans(GUIDE)
    assert (deck.name, deck.title) == ("plan-45-minutes", "45 minutes: true?")
    assert deck.pages == [
        ("On the board", "The row,\n\n> HR 1.2"),
        ("Minutes 0–5", "Vote on \\|z\\|."),
        ("Minutes 0–5: expected answers", "*cannot tell*"),
        ("Minutes 5–15", "Go on."),
        ("For the teacher", "From z to p: a table.\n\n> more of it"),
    ]


def test_an_answer_that_begins_with_a_number_numbers_no_list(tmp_path):
    """Markdown takes ``40. On that day`` for the fortieth of a list; the box of aims has its title once."""
    pytest.importorskip("pypandoc", reason="no pandoc: make kit")
    chapter = decks._Chapter("a", tmp_path)
    chapter.read("# A\n\n> **In this chapter**\n>\n> **You will** see.\n\n## B")
    chapter.ask("<div data-ask><p>When?</p><ul></ul><details><p>40. On that day.</p></details></div>")
    written = decks.Deck("a", "A", "", chapter.pages()).source()
    assert "\\40. On that day." in written
    assert "enum" not in written
    assert written.count("In this chapter") == 1


def test_every_plan_of_the_guide_is_found():
    guide = (ROOT / "book" / "teachers-guide.md").read_text(encoding="utf-8")
    assert [deck.name for deck in decks.plans(guide)] == [f"plan-{n}-minutes" for n in (45, 90, 180)]


def test_a_chapter_without_the_sections_of_slides_is_refused(tmp_path):
    told = decks._Chapter("40-short", tmp_path)
    told.read("# Short\n\nAims.\n\n## Predict before you reveal\n\nGuess.\n\n## Key takeaways\n\n- One.")
    with pytest.raises(BuildError, match="40-short: no section Exercises, of which the kit makes slides"):
        told.check()
    told.read("## Exercises\n\n### Exercise: count\n\n> How many?\n\nHint.")
    told.check()
    assert [title for title, _ in told.pages()] == [
        "In this chapter", "Predict before you reveal", "Key takeaways", "Exercise: count"
    ]  # fmt: skip


def cell(kind, text):
    return getattr(nbformat.v4, f"new_{kind}_cell")(text)


def test_solutions_are_left_out_and_nothing_else():
    begin, end = "::::{solution-start} a\n:class: dropdown\n::::", "::::{solution-end}\n::::"
    notebook = nbformat.v4.new_notebook(
        cells=[
            cell("markdown", f"Exercise.\n\n{begin}\n\nThink."),
            cell("code", "answer = 42"),
            cell(
                "markdown", f"So it is 42.\n\n{end}\n\nNext.\n\n:::{{solution}} b\n:class: dropdown\nNo.\n:::\n\nLast."
            ),
            cell("code", "shown = 1"),
        ]
    )
    kept = [re.sub(r"\n+", " ", each.source).strip() for each in source.unsolved(notebook).cells]
    assert kept == ["Exercise.", "Next. Last.", "shown = 1"]


def test_a_zip_is_the_same_for_the_same_files(tmp_path):
    files = [("b/2.txt", b"two"), ("a/1.txt", b"one")]
    for name, order in (("one", files), ("other", files[::-1])):
        book.pack(tmp_path / name, order)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    with zipfile.ZipFile(tmp_path / "one") as packed:
        assert packed.namelist() == ["a/1.txt", "b/2.txt"]
        assert packed.read("b/2.txt") == b"two"


def test_what_has_no_place_on_paper_is_an_error():
    with pytest.raises(ValueError, match="no place for @se"):
        papers._filled("@mean", {"@mean": "1", "@se": "2"})
    with pytest.raises(ValueError, match="nothing for @p"):
        papers._filled("@p", {})


def test_links_into_the_book_are_words_and_others_stay():
    text = "[Figure](28-patients.ipynb#x), [doi](https://doi.org/1), ![alt](a.svg)"
    assert source.unlinked(text) == "Figure, [doi](https://doi.org/1), ![alt](a.svg)"


def test_the_dictionary_has_every_column_of_the_data():
    registry = kit.load(ROOT / "data" / "published")
    rows = papers.dictionary(ROOT, registry)
    teaching = [(file.name, "teaching") for file in sorted((ROOT / "data" / "teaching").glob("*.csv"))
                if file.stem in ("patients", "scans", "draws")]  # fmt: skip
    for file, folder in (("synthetic.csv", "cohort"), *teaching):
        header = (ROOT / "data" / folder / file).read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert [column for each, column, *_ in rows if each == file] == header
    assert papers.dictionary_csv(rows).startswith("file,column,what it holds,cells\n")


def test_the_guide_has_a_place_for_the_link_as_its_page_is_written():
    source = (ROOT / "book" / "teachers-guide.md").read_text(encoding="utf-8")
    [place] = re.findall(r'^<p id="the-kit".*$', source, re.MULTILINE)
    tag = BeautifulSoup(place, "html.parser").p
    tag.attrs = dict(sorted(tag.attrs.items()))  # as the book's pages are written
    assert tag.decode() == book.PLACE


def test_the_guide_leads_to_a_kit_of_its_book_and_the_book_counts_as_built(tmp_path, capsys):
    project = Project(tmp_path)
    page = project.html / book.GUIDE
    page.parent.mkdir(parents=True)
    page.write_text(f"<h1>Guide</h1>{book.PLACE}", encoding="utf-8")
    stamp(project).write_text(json.dumps({"key": "k", "files": digests(project.html)}), encoding="utf-8")
    book.link(project)
    assert book.LINK not in page.read_text(encoding="utf-8")  # there is none
    (project.output / "kit").mkdir()
    (project.output / "kit" / "index.html").write_text("kit", encoding="utf-8")
    for other in (None, "another book's"):
        if other:
            (project.output / "kit" / book.OF).write_text(other, encoding="utf-8")
        book.link(project)
        assert book.LINK not in page.read_text(encoding="utf-8")
        assert "of another build: make kit" in capsys.readouterr().out
    book.mark(project, project.output / "kit")
    book.link(project)
    assert book.LINK in page.read_text(encoding="utf-8")
    assert is_current(project, "k")
    assert dict(book.pages(project))[f"second-look/{book.GUIDE}"].decode() == f"<h1>Guide</h1>{book.PLACE}"


@pytest.mark.weekly
def test_the_kit_opens_and_a_second_one_is_the_same(tmp_path):
    pytest.importorskip("pypandoc", reason="no pandoc: make kit")
    from pypdf import PdfReader

    made = kit.make(REAL)
    first = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    pdfs = [path for path in first if path.suffix == ".pdf"]
    assert len(pdfs) >= 3 + 10 + 3
    for path in pdfs:
        pdf = PdfReader(io.BytesIO(first[path]))
        assert pdf.metadata.title, path.name
        assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"], path.name
        assert path.with_suffix(".typ") in first
    assert len(PdfReader(made / "paper" / "handout.pdf").pages) == 2
    students = "".join(path.read_text(encoding="utf-8") for path in sorted(made.glob("notebooks/students/*")))
    assert "Answer, continued" not in students
    assert all(nbformat.validate(json.loads(first[path])) is None for path in first if path.suffix == ".ipynb")
    with zipfile.ZipFile(made / "second-look-book.zip") as packed:
        packed.extractall(tmp_path)
    assert (tmp_path / "second-look" / "index.html").is_file()
    assert b"../../kit" not in (tmp_path / "second-look" / "book" / "teachers-guide.html").read_bytes()
    kit.make(REAL)
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == first
