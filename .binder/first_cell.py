# Sets up this notebook: finds the folder of its project.
# That is here or above. Where there is none and an address is given, the project is fetched from there, and what the
# notebook imports is installed (about a minute).
import subprocess
import sys
from pathlib import Path

address, commit = "", ""
mark = Path("data", "published", "layout.toml")
here = Path.cwd()


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"In {here} this failed: {' '.join(command)}\n{done.stderr or done.stdout}")


root = next((folder for folder in (here, *here.parents) if (folder / mark).is_file()), None)
if root is None and address:
    root = here / address.rpartition("/")[2]
    if not (root / mark).is_file():
        run("git", "clone", "--quiet", address, str(root))
        if commit:
            run("git", "-C", str(root), "checkout", "--quiet", commit)
        run(sys.executable, "-m", "pip", "install", "--quiet", "--editable", f"{root}[notebooks]")
if root is None:
    raise SystemExit(
        f"This notebook needs its project, and you are in {here}: "
        f"{here / mark} is not there, nor in a folder above. Open it inside the checkout, "
        "or write where the repository lies into `address` above and run this cell again."
    )
sys.path.insert(0, str(root / "src"))  # the package of this checkout and no other
try:
    from secondlook.pages import notebook
except ModuleNotFoundError as missing:
    install = f"{sys.executable} -m pip install -r {root / 'requirements.txt'}"
    raise SystemExit(f"{missing.name} is not installed for this kernel. In a terminal: {install}") from None
notebook.begin(root / ".binder" / "notebook.css")
