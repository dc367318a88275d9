"""A reader of the built book: a Chromium of this machine, one page at a time, with all that the page says and asks for.

Used by the tests of pages. Nothing here writes into the book, and the server takes a free port, so that several
processes can read side by side.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from collections.abc import Collection, Iterator
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from bookpress.paths import Project

PROJECT = Project(Path(__file__).resolve().parents[1])
HTML = PROJECT.html
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDTHS = (1280, 400)
SCHEMES = ("light", "dark")
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def all_pages() -> list[str]:
    """Return the book's pages by their address inside the book."""
    found = (path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html"))
    return sorted(name for name in found if not name.startswith("_")) or ["index.html"]


#: Pages of the book's own, without what Sphinx adds and without the page for addresses that are not there.
CONTENT = [name for name in all_pages() if name not in {"404.html", "genindex.html", "search.html"}]


@cache
def parsed(name: str) -> LexborHTMLParser:
    """Return a page, parsed once (all of them in 0.2 s, for which Beautiful Soup takes 13)."""
    return LexborHTMLParser((HTML / name).read_text(encoding="utf-8"))


def pages_with(selector: str) -> list[str]:
    """Return the pages that hold such an element."""
    return [name for name in CONTENT if (HTML / name).is_file() and parsed(name).css_first(selector)]


def needed(reason: str) -> None:
    """Skip for want of something; where everything must be there, fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def chromium() -> Iterator:
    """Start a Chromium of this machine; Playwright's own download is not available everywhere."""
    named = os.environ.get("SECONDLOOK_CHROMIUM")
    executable = named or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if executable is None:
        needed("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves the book as GitHub Pages does: nothing logged, 404.html for what is not there."""

    def log_message(self, *_) -> None:
        """Say nothing."""

    def send_error(self, code, message=None, explain=None) -> None:
        """Answer an address that is not there with the book's own page."""
        page = HTML / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Serve the book on a free port; yield its address, which ends in a slash."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(HTML))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class Visit:
    """One page opened from disk, or below the address of a server, with everything that it said and asked for."""

    def __init__(self, browser, name: str, scheme: str, width: int = WIDTHS[0], server: str = "", **options) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.missing: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", lambda answer: answer.status >= 400 and self.missing.append(answer.url))
        self.server = server
        self.go(name)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_) -> None:
        self.context.close()

    def _failed(self, request) -> None:
        # A request that was under way when the reader went on to another page was not in vain.
        if request.failure != "net::ERR_ABORTED":
            self.missing.append(request.url)

    def forget(self) -> None:
        """Forget what was said and asked for."""
        for heard in (self.said, self.asked, self.missing):
            heard.clear()

    def go(self, name: str) -> None:
        """Open a page of the book."""
        self.page.goto(self.address(name))

    def address(self, name: str) -> str:
        """Return the address of a page of the book, perhaps with parameters and an anchor."""
        if self.server:
            return self.server + name
        path = re.split("[?#]", name, maxsplit=1)[0]
        return (HTML / path).as_uri() + name.removeprefix(path)

    def errors(self) -> list[str]:
        """Return what the page complained of, and what it asked for in vain."""
        return [line for line in self.said if line.startswith(("error", "warning"))] + self.missing

    def requests_elsewhere(self) -> list[str]:
        """Return every request that left the disk, or the server of the book."""
        own = {"data", "blob"} | (set() if self.server else {"file"})
        away = [url for url in self.asked if urlsplit(url).scheme not in own]
        return [url for url in away if not (self.server and url.startswith(self.server))]

    def scroll(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return self.page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")

    def beyond(self) -> list[str]:
        """Return the names of figures and tables that go on beyond their right edge, save for the two long tables."""
        return self.page.evaluate(
            """async () => {
              const drawn = () => new Promise(requestAnimationFrame);
              for (let i = 0; i < 3; i++) await drawn(); // what was just unfolded or resized is laid out anew
              return [...document.querySelectorAll('.sl-scroll')].filter(
                 box => box.scrollWidth - box.clientWidth > 2 && !box.querySelector('.sl-filterable')
               ).map(box => box.getAttribute('aria-label'));
            }"""
        )

    def dress(self, scheme: str, width: int) -> None:
        """Change the scheme and the width, and wait until the theme has followed (it lets a resize rest for 0.3 s)."""
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.wait_for_timeout(400)
        if self.page.evaluate("'theme' in document.documentElement.dataset"):
            self.page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)

    def undrawn(self) -> list[str]:
        """Return the images without a picture, and the formulas that are not drawn or are drawn as an error."""
        if self.page.locator("article .math").count():
            self.page.wait_for_function("window.MathJax?.startup?.promise?.then(() => true)")
        return self.page.evaluate(
            """() => {
              document.querySelectorAll('details').forEach(fold => fold.open = true);
              const images = [...document.querySelectorAll('article img')].filter(i => i.loading !== 'lazy');
              const empty = images.filter(i => !(i.complete && i.naturalWidth > 0)).map(i => i.src);
              const bare = [...document.querySelectorAll('article .math')].filter(
                m => !m.querySelector('mjx-container svg')).map(m => m.textContent);
              const wrong = [...document.querySelectorAll('[data-mjx-error], merror')].map(m => m.outerHTML);
              return [...empty, ...bare, ...wrong];
            }"""
        )

    def idle(self) -> float:
        """Return after how many milliseconds the page had loaded and its main thread had come to rest."""
        return self.page.evaluate("new Promise(done => requestIdleCallback(() => done(performance.now())))")

    def violations(self, *rules: str, without: Collection[str] = (), within: str = "html") -> list[str]:
        """Return what axe finds by these rules, or by all of its rules `without` some, one line per rule and element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate("axe => (0, eval)(axe)", AXE.read_text(encoding="utf-8"))
        # a colour on its way to another is neither of them
        self.page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
        # preload would fetch style sheets, which file:// forbids
        options = {"preload": False, "resultTypes": ["violations"], "rules": {r: {"enabled": False} for r in without}}
        options |= {"runOnly": list(rules)} if rules else {}
        found = self.page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:200]}"
            for rule in found["violations"]
            for node in rule["nodes"][:3]
        ]
