"""MyST as plain Markdown: what only a book's builder understands becomes what every notebook editor shows.

Blocks are found by MyST's own parser; within them roles and links are replaced where they stand, so that all else stays
as its author wrote it. What has no plain form is an error that names it: nothing raw is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

#: An escape, a role or a span of code (CommonMark 6.1: as many backticks as began it), or the target of a link.
INLINE = re.compile(
    r"\\.|(?:\{(?P<role>[A-Za-z][\w:.+-]*)\})?(?P<ticks>`+)(?P<text>.+?)(?<!`)(?P=ticks)(?!`)|\]\((?P<target>[^)\s]*)\)",
    re.DOTALL,
)
TITLED = re.compile(r"(?P<title>.*?)\s*<(?P<target>[^<>]+)>\s*", re.DOTALL)
DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*)")
OPTION = re.compile(r":(?P<name>[\w-]+):\s*(?P<value>.*)")
BREAK = "\f"
EXTENSIONS = ("amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist", "tasklist")
ADMONITIONS = ("attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip", "warning")


@dataclass
class Page:
    """What the text of one notebook may refer to, and whether a solution that began has not ended yet.

    ``roles`` renders a role from its text, ``link`` turns a target into its address and its title (None: it is an
    address already), and ``glued`` renders the directive ``glue`` from its key.
    """

    roles: Mapping[str, Callable[[str], str]]
    link: Callable[[str], tuple[str, str] | None]
    glued: Callable[[str], str]
    solving: bool = False


def titled(text: str) -> tuple[str, str]:
    """Split the text of a role into what is shown and what is meant: ``words <target>``, or one for both."""
    found = TITLED.fullmatch(text)
    return (found["title"], found["target"]) if found else (text, text)


def plain(text: str, page: Page) -> list[str]:
    """Return a text cell as plain Markdown, in one piece or, where a solution goes on in other cells, in several.

    Each piece is of a solution, or is not.

    Raises
    ------
    ValueError
        For a role or a directive that has no plain form; the message names it.
    """
    goes_on = page.solving
    parts = list(_blocks(text, page))
    if goes_on:
        parts.insert(0, "<details><summary>Answer, continued</summary>\n")
    if page.solving:
        parts.append("\n</details>")
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip("\n")
    joined = re.sub(r"<details><summary>Answer(, continued)?</summary>\n+</details>", "", joined)
    pieces = joined.split(BREAK) if goes_on or page.solving else [joined.replace(BREAK, "")]
    return [piece.strip("\n") for piece in pieces if piece.strip()]


@lru_cache(maxsize=1)
def _parser():
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    return create_md_parser(MdParserConfig(enable_extensions=set(EXTENSIONS)), RendererHTML)


def _blocks(text: str, page: Page) -> Iterator[str]:
    """Yield the pieces of a text, each rendered: its blocks, and the blank lines between them."""
    lines, done = text.split("\n"), 0
    for token in _parser().parse(text):
        if token.level or token.map is None or token.nesting < 0:
            continue
        first, after = token.map
        yield from lines[done:first]
        yield from _block(token, "\n".join(lines[first:after]), page)
        done = max(done, after)
    yield from lines[done:]


def _block(token, source: str, page: Page) -> Iterator[str]:
    directive = DIRECTIVE.match(token.info) if token.type in ("fence", "colon_fence") else None
    if directive:
        yield _directive(directive["name"], directive["argument"].strip(), token.content, page)
    elif token.type in ("myst_target", "myst_line_comment", "myst_block_break"):
        return
    elif token.type in ("fence", "code_block", "html_block", "math_block", "math_block_label", "amsmath"):
        yield source
    else:
        yield inline(source, page)


def inline(text: str, page: Page) -> str:
    """Return a text with its roles and the targets of its links rendered; spans of code stay as they are."""

    def rendered(found: re.Match) -> str:
        if found["target"] is not None:
            place = page.link(found["target"])
            if place is None:
                return found[0]
            return f"{place[1] if text[: found.start()].endswith('[') else ''}]({place[0]})"
        if found["role"] is None:
            return found[0]
        if found["role"] not in page.roles:
            raise ValueError(f"the role {found['role']} has no plain form")
        return page.roles[found["role"]](" ".join(found["text"].split()))

    return INLINE.sub(rendered, text)


def _directive(name: str, argument: str, content: str, page: Page) -> str:
    options, lines = {}, content.rstrip("\n").split("\n")
    while lines and (option := OPTION.match(lines[0])):
        options[option["name"]] = option["value"]
        del lines[0]
    if name == "solution-start":
        page.solving = True
        return f"{BREAK}<details><summary>Answer</summary>\n"
    if name == "solution-end":
        page.solving = False
        return f"\n</details>{BREAK}"
    if name == "glue":
        return page.glued(argument)
    if name == "math":
        return "\n".join(["$$", *lines, "$$"])
    body = "\n".join(_blocks("\n".join(lines).strip("\n"), page))
    title = _title(name, inline(argument, page))
    if name == "exercise":  # where an answer that is folded below a heading of its own ends, at the latest
        return "\n".join([f"### {title}", "", *(f"> {line}".rstrip() for line in body.split("\n"))])
    if name == "solution" or "dropdown" in options.get("class", ""):
        return f"<details><summary>{title or 'More'}</summary>\n\n{body}\n\n</details>"
    text = f"**{title}**\n\n{body}" if title else body
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _title(name: str, argument: str) -> str:
    if name == "admonition":
        return argument
    if name == "exercise":
        return f"Exercise: {argument}" if argument else "Exercise"
    if name == "solution":
        return "Answer"
    if name == "margin":
        return argument
    if name in ADMONITIONS:
        return argument or {"seealso": "See also"}.get(name, name.capitalize())
    raise ValueError(f"the directive {name} has no plain form")
