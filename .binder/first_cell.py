# Sets up this notebook: on Binder or after `make setup` it goes to the root of the repository; on Colab it fetches
# the repository and installs what the notebooks import (about a minute).
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("secondlook") is None:
    clone = Path("second-look").resolve()
    if not clone.is_dir():
        address = "https://github.com/second-look/second-look"
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", address, str(clone)], check=True)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "-e", f"{clone}[notebooks]"], check=True)
    sys.path.insert(0, str(clone / "src"))

from bookpress.paths import ROOT

os.chdir(ROOT)
