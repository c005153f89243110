"""``ccswitch export NAME``: export a profile."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.cli.full_parser import nonempty
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.interchange import KEY_PLACE, ExportFormat, export, write_export


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("--format", choices=[form.value for form in ExportFormat], default=ExportFormat.TOML.value)
    parser.add_argument(
        "-o", "--output", type=nonempty, metavar="FILE", help=_("write to this file (mode 0600) instead of stdout")
    )
    parser.add_argument("--include-key", action="store_true", help=_("include the key in clear text; needs -o"))


def run(args: Namespace) -> Result:
    """Print or write the profile, with the key only on request."""
    if args.include_key and not args.output:
        raise BadInput(_("A key is never printed."), _("Write it to a file with -o FILE."))
    text = export(find_paths(), args.name, ExportFormat(args.format), include_key=args.include_key)
    if not args.output:
        return Result(text.rstrip("\n"), for_programs=True)
    write_export(args.output, text)
    written = _("{file} is written.", file=args.output)
    if args.include_key:
        note = _(
            "{file} contains the key in clear text: share it with nobody, and delete it after use.", file=args.output
        )
        return Result(written, notes=[note])
    if KEY_PLACE not in text:
        return Result(written)
    return Result(join_sentences(written, _("The key is not in it; put it where {place} stands.", place=KEY_PLACE)))
