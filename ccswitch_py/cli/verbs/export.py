"""``ccswitch export NAME``: write a profile for elsewhere."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.result import Result
from ccswitch_py.errors import BadInput
from ccswitch_py.jobs.interchange import KEY_PLACE, Format, export, write_export
from ccswitch_py.paths import find_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``export``."""
    parser.add_argument("name", help="the profile")
    parser.add_argument("--format", choices=[form.value for form in Format], required=True)
    parser.add_argument("-o", "--output", metavar="FILE", help="write there (0600) instead of showing it")
    parser.add_argument("--include-key", action="store_true", help="write the key too, in clear text; needs -o")


def run(args: argparse.Namespace) -> Result:
    """The text, or the file; the key is in it only with ``--include-key``."""
    if args.include_key and not args.output:
        raise BadInput("A key is not shown on the screen.", "Say where to write it with -o FILE.")
    text = export(find_paths(), args.name, Format(args.format), include_key=args.include_key)
    if not args.output:
        return Result(text.rstrip("\n"))
    write_export(args.output, text)
    if args.include_key:
        note = f"{args.output} holds the key in clear text: give it to nobody else, and delete it after use."
        return Result(f"{args.output} is written.", notes=[note])
    place = f" The key is not in it; put it where {KEY_PLACE} stands." if KEY_PLACE in text else ""
    return Result(f"{args.output} is written.{place}")
