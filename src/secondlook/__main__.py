"""Run the command line: ``python -m secondlook``."""

from secondlook.cli.main import main

main(prog_name="secondlook")
