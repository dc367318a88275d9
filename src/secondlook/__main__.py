"""Run the command line: ``python -m secondlook``."""

from secondlook.cli import main

main(prog_name="secondlook")
