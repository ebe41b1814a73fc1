"""Entry point of ``python -m gongkai``: the command line."""

from gongkai.commands.cli import main

if __name__ == "__main__":
    main(prog_name="gongkai")
