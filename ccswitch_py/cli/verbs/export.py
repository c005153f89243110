"""``ccswitch export NAME``: write a profile for elsewhere."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.result import Result
from ccswitch_py.errors import BadInput
from ccswitch_py.jobs.interchange import KEY_PLACE, Format, export, write_export
from ccswitch_py.language import together, tr
from ccswitch_py.paths import find_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``export``."""
    parser.add_argument("name", help=tr("the profile"))
    parser.add_argument("--format", choices=[form.value for form in Format], default=Format.TOML.value)
    parser.add_argument("-o", "--output", metavar="FILE", help=tr("write there (0600) instead of showing it"))
    parser.add_argument("--include-key", action="store_true", help=tr("write the key too, in clear text; needs -o"))


def run(args: argparse.Namespace) -> Result:
    """The text, or the file; the key is in it only with ``--include-key``."""
    if args.include_key and not args.output:
        raise BadInput(tr("A key is not shown on the screen."), tr("Say where to write it with -o FILE."))
    text = export(find_paths(), args.name, Format(args.format), include_key=args.include_key)
    if not args.output:
        return Result(text.rstrip("\n"), for_programs=True)
    write_export(args.output, text)
    written = tr("{file} is written.", file=args.output)
    if args.include_key:
        note = tr(
            "{file} holds the key in clear text: give it to nobody else, and delete it after use.", file=args.output
        )
        return Result(written, notes=[note])
    if KEY_PLACE not in text:
        return Result(written)
    return Result(together(written, tr("The key is not in it; put it where {place} stands.", place=KEY_PLACE)))
