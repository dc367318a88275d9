"""The buttons in the head of a page: each leads to the file in the repository that a reader means.

The theme takes a page's address for the path of its source. Here that needs three corrections: the landing page is
staged as ``index`` (its source is ``landing_source`` in ``html_context``); what is edited of a chapter is its ``.py``,
of which the ``.ipynb`` beside it is made; and what Binder and Colab open are the executed copies, which lie on a branch
of their own (``copies_branch``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: a link to Binder or Colab, up to the branch
LAUNCH = re.compile(r"^(https://[^/]+/(?:v2/gh/[^/]+/[^/]+|github/[^/]+/[^/]+/blob))/[^/?]+")
LAST = 900  # after the theme, which adds its buttons at 501


def buttons(context: dict) -> Iterator[dict]:
    """Yield all buttons of a page's head, those inside groups too."""
    for button in context.get("header_buttons", ()):
        yield from button.get("buttons", [button])


def at_source(page: str, landing: str, copies: str = "") -> Callable[[str], str]:
    """Return the function that turns the theme's link for a page into the one meant.

    >>> at_source("index", "notebooks/00-o", "x")("https://mybinder.org/v2/gh/o/r/main?urlpath=lab/tree/index.ipynb")
    'https://mybinder.org/v2/gh/o/r/x?urlpath=lab/tree/notebooks/00-o.ipynb'
    >>> at_source("notebooks/04-x", "", "x")("https://colab.research.google.com/github/o/r/blob/main/notebooks/04-x.ipynb")
    'https://colab.research.google.com/github/o/r/blob/x/notebooks/04-x.ipynb'
    >>> at_source("notebooks/04-x", "")("https://github.com/o/r/edit/main/notebooks/04-x.ipynb")
    'https://github.com/o/r/edit/main/notebooks/04-x.py'
    """

    def mend(url: str) -> str:
        if page == "index" and landing and "://" in url and url.endswith("/index.ipynb"):  # a download keeps its place
            url = url.removesuffix("index.ipynb") + f"{landing}.ipynb"
        if "/edit/" in url and url.endswith(".ipynb"):
            url = url.removesuffix(".ipynb") + ".py"
        return LAUNCH.sub(rf"\1/{copies}", url) if copies else url

    return mend


def mend_buttons(app, pagename, templatename, context, doctree) -> None:
    """Correct the links of a page's buttons (Sphinx event ``html-page-context``)."""
    mend = at_source(pagename, context.get("landing_source", ""), context.get("copies_branch", ""))
    for button in buttons(context):
        if "url" in button:
            button["url"] = mend(button["url"])


def setup(app) -> dict[str, object]:
    """Register the extension with Sphinx."""
    app.connect("html-page-context", mend_buttons, priority=LAST)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
