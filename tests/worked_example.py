"""The commands of the page *If you have the records*, for the worked examples."""

import re
import shlex

from conftest import ROOT

PAGE = (ROOT / "book" / "if-you-have-the-records.md").read_text(encoding="utf-8")
EXAMPLES = ROOT / "data" / "examples"


def commands(ending):
    """Return the page's six commands as a shell reads them, of the example with this ending."""
    block = re.search(r"```bash\n(.*?)```", PAGE, re.DOTALL)[1]
    found = [
        shlex.split(line.replace("export.xlsx", str(EXAMPLES / f"export.{ending}"))) for line in block.splitlines()
    ]
    assert len(found) == 6
    return found
