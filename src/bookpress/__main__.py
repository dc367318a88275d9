"""``python -m bookpress``: the build's commands without the rest of the command line."""

import click

from bookpress.command import build, pairs

main = click.Group("bookpress", commands={"build": build, "pairs": pairs})

if __name__ == "__main__":  # worker processes import this module too
    main(prog_name="bookpress")
