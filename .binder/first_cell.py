# Sets up this notebook: finds the folder of its project, here or above. Where there is none and an address is given,
# fetches the project from there and installs what the notebook imports (about a minute).
import os
import subprocess
import sys
from pathlib import Path

address, commit = "", ""
mark = Path("data", "published", "layout.toml")
here = Path.cwd()
root = next((folder for folder in (here, *here.parents) if (folder / mark).is_file()), None)
if root is None and address:
    root = here / address.rpartition("/")[2]
    if not (root / mark).is_file():
        subprocess.run(["git", "clone", "--quiet", address, str(root)], check=True)
        if commit:
            subprocess.run(["git", "-C", str(root), "checkout", "--quiet", commit], check=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "-e", f"{root}[notebooks]"], check=True)
if root is None:
    raise SystemExit(
        f"This notebook needs its project, and you are in {here}: "
        f"{here / mark} is not there, nor in a folder above. Open it inside the checkout, "
        "or write where the repository lies into `address` above and run this cell again."
    )
sys.path.insert(0, str(root / "src"))  # the package of this checkout and no other
os.chdir(root)
style = root / ".binder" / "notebook.css"
if style.is_file() and "IPython" in sys.modules:
    from IPython.display import HTML, display

    display(HTML(f"<style>\n{style.read_text(encoding='utf-8')}</style>"))
