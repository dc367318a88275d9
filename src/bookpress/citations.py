"""Citations in words: the author and the year of an entry of the book's bibliography, with a link to what is cited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def roles(folder: Path) -> dict[str, Callable[[str], str]]:
    """Return the roles that cite from the ``.bib`` files of a folder: in brackets, and as part of a sentence."""
    entries: dict = {}

    def read() -> dict:
        if not entries:
            from pybtex.database import parse_file

            for file in sorted(folder.glob("*.bib")):
                entries.update(parse_file(file).entries)
        return entries

    def bracketed(text: str) -> str:
        return f"({'; '.join(_linked(read(), key, '{}, {}') for key in text.split(','))})"

    def in_sentence(text: str) -> str:
        return " and ".join(_linked(read(), key, "{} ({})") for key in text.split(","))

    return {"cite": bracketed, "cite:p": bracketed, "cite:t": in_sentence}


def _linked(entries: dict, key: str, form: str) -> str:
    entry = entries.get(key.strip())
    if entry is None:
        raise ValueError(f"{key.strip()} is not in the bibliography")
    words = form.format(authors(entry), entry.fields.get("year", "no year"))
    address = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields.get("url", "")
    return f"[{words}]({address.replace('(', '%28').replace(')', '%29')})" if address else words


def authors(entry) -> str:
    """Return who wrote an entry as a citation says it: one name, two, or the first and all others."""
    people = entry.persons.get("author") or entry.persons.get("editor") or ()
    names = [" ".join(map(str, (*person.rich_prelast_names, *person.rich_last_names))) for person in people]
    if not names:
        return str(entry.fields.get("organization", entry.fields.get("title", entry.key)))
    if len(names) == 2 and names[1] != "others":
        return " and ".join(names)
    return names[0] if len(names) == 1 else f"{names[0]} et al."
