"""``python -m secondlook.build``: the build's commands without the rest of the command line."""

import click

from secondlook.build.command import build, pairs

main = click.Group("secondlook.build", commands={"build": build, "pairs": pairs})

if __name__ == "__main__":  # worker processes import this module too
    main(prog_name="secondlook")
