"""What may lie in the place of a small file, and would hold up whoever reads it to the end."""

import os
from pathlib import Path


def a_pipe(path: Path) -> None:
    """Nobody writes into it."""
    os.mkfifo(path)


def an_endless_device(path: Path) -> None:
    """A link to what never ends."""
    path.symlink_to("/dev/zero")


def a_huge_file(path: Path) -> None:
    """A terabyte of which nothing is on the disk."""
    with path.open("wb") as file:
        file.truncate(1 << 40)
