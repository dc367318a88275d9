"""Try every link of the built book that leads to another site; print those that answer with an error, and fail then.

Publishers and code hosts turn robots away (403, 429, 999): such an answer says that the address exists.
usage: python .ci/links.py FOLDER
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

ROBOTS_UNWELCOME = {401, 403, 405, 406, 418, 429, 503, 999}
#: Made for a reader's click, not pages: the book's own buttons (their files are tested elsewhere).
BUTTONS = ("/edit/main/", "/issues/new?", "https://mybinder.org/", "https://colab.research.google.com/")
AGENT = "Mozilla/5.0 (compatible; second-look-links/1)"
TRIES, PAUSE, TIMEOUT, WORKERS = 3, 5, 30, 8


class Links(HTMLParser):
    """Collects the addresses of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note the address of a link."""
        href = dict(attributes).get("href")
        if tag == "a" and href:
            self.found.append(href)


def links(folder: Path) -> dict[str, list[str]]:
    """Return each address of another site without its anchor, with the pages that link to it."""
    pages: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.html")):
        parser = Links()
        parser.feed(path.read_text(encoding="utf-8"))
        name = path.relative_to(folder).as_posix()
        for href in dict.fromkeys(link.partition("#")[0] for link in parser.found):
            if href.startswith(("http://", "https://")) and not any(part in href for part in BUTTONS):
                pages[href].append(name)
    return dict(pages)


def problem(address: str) -> str:
    """Return what is wrong with an address, or nothing; what may pass by is tried again."""
    request = urllib.request.Request(address, headers={"User-Agent": AGENT})
    for attempt in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT):
                return ""
        except urllib.error.HTTPError as error:
            if error.code in ROBOTS_UNWELCOME:
                return ""
            said = f"HTTP {error.code}"
        except (OSError, ValueError) as error:
            said = str(error)
        if attempt < TRIES - 1:
            time.sleep(PAUSE)
    return said


def main() -> int:
    """Print one line for each broken link and return how many there are, at most 1."""
    found = links(Path(sys.argv[1]))
    with ThreadPoolExecutor(WORKERS) as pool:
        said = dict(zip(found, pool.map(problem, found), strict=True))
    broken = {address: text for address, text in said.items() if text}
    for address, text in broken.items():
        print(f"- {address}: {text}, in {', '.join(found[address])}")
    print(f"{len(found)} links to other sites, {len(broken)} broken")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
