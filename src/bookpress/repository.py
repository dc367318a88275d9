"""Where a project's repository lies: told to the build, found in a run of GitHub's Actions, or nowhere.

``build --repository`` (``make book REPOSITORY=…``) wins, then the run's own context, then ``repository`` of the
project's settings. Without one, no page and no notebook names an address, and no button leads to one.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bookpress.errors import BuildError
from bookpress.paths import Project

BUTTONS = ("use_edit_page_button", "use_repository_button", "use_issues_button")
ADDRESSES = ("html_baseurl", "ogp_site_url")


@dataclass(frozen=True)
class Repository:
    """Addresses of a repository and of the book that it publishes (with a final slash), and the commit.

    What is not known is empty.
    """

    url: str = ""
    pages: str = ""
    commit: str = ""
    branch: str = "main"


NOWHERE = Repository()


def of(project: Project, given: str = "", environment: Mapping[str, str] | None = None) -> Repository:
    """Return the repository of a build; `given` is what its caller said.

    Raises
    ------
    BuildError
        For what is no ``https://`` address of a repository.
    """
    environment = os.environ if environment is None else environment
    url = (given or _of_the_run(environment) or project.settings.repository).rstrip("/").removesuffix(".git")
    if not url:
        return NOWHERE
    if not re.fullmatch(r"https?://[\w.:-]+(/[\w.~-]+){2,}", url):
        raise BuildError(f"{url}: not the address of a repository, such as https://example.org/owner/name")
    return Repository(url, pages_of(url), environment.get("GITHUB_SHA", "") or _commit(project))


def _of_the_run(environment: Mapping[str, str]) -> str:
    server, name = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY")
    return f"{server}/{name}" if server and name else ""


def pages_of(url: str) -> str:
    """Return where a repository on GitHub publishes its pages; empty for any other host.

    >>> pages_of("https://github.com/Owner/name"), pages_of("https://example.org/owner/name")
    ('https://owner.github.io/name/', '')
    """
    parts = urlsplit(url)
    if parts.hostname != "github.com":
        return ""
    owner, name = parts.path.strip("/").split("/")[:2]
    home = f"https://{owner.lower()}.github.io/"
    return home if f"https://{name.lower()}/" == home else f"{home}{name}/"


def _commit(project: Project) -> str:
    command = ["git", "-C", str(project.root), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):  # no git, or no repository: then no commit
        return ""


def configured(text: str, repository: Repository) -> str:
    """Return Jupyter Book's configuration with the addresses of a repository, or without any and with no button.

    What the text says of buttons holds where there is a repository.
    """
    import yaml

    config = yaml.safe_load(text)
    html = config.setdefault("html", {})
    sphinx = config.setdefault("sphinx", {}).setdefault("config", {})
    config.pop("repository", None)
    for name in ADDRESSES:
        sphinx.pop(name, None)
    if repository.url:
        config["repository"] = {"url": repository.url, "branch": repository.branch}
    else:
        config.pop("launch_buttons", None)
        html |= dict.fromkeys(BUTTONS, False)
    if not repository.pages and "launch_buttons" in config:
        config["launch_buttons"]["colab_url"] = ""  # it opens what lies on GitHub, and nothing else
    if repository.pages:
        sphinx |= dict.fromkeys(ADDRESSES, repository.pages)
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
