"""``ccswitch ask NAME "prompt"``: send one prompt to a model of a profile, and print the answer as it arrives."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.core.errors import BadInput, Interrupted
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.probe.prompt import MAX_TOKENS, Prompt, PromptResult, send_prompt
from ccswitch_py.services.ask import failure_line, plan_prompt, read_image, remarks, summary_line
from ccswitch_py.services.live_test.interruptible import finish

MAX_PROMPT_BYTES = 1024 * 1024


def add_arguments(parser: ArgumentParser) -> None:
    # Without it Python 3.11 reports a missing prompt if an option stands between it and the name.
    parser.parse_args = parser.parse_intermixed_args
    parser.add_argument("name", metavar="NAME", help=_("the profile"))
    parser.add_argument(
        "prompt", nargs="?", metavar="PROMPT", help=_("the prompt; without it, or with -, read from stdin")
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--role", metavar="R", help=_("ask the profile's model for this role (default: main)"))
    which.add_argument("--model", metavar="ID", help=_("ask this model, even if the profile does not use it"))
    parser.add_argument("--system", metavar="S", help=_("the system prompt"))
    parser.add_argument("--temperature", type=float, metavar="X", help=_("from 0 to 1 (default: the gateway's)"))
    parser.add_argument(
        "--max-tokens",
        type=int,
        default=MAX_TOKENS,
        metavar="N",
        help=_("maximum output tokens (default: {limit})", limit=MAX_TOKENS),
    )
    parser.add_argument(
        "--image",
        action="append",
        metavar="FILE",
        help=_("attach a PNG, JPEG, GIF or WebP file (repeatable)"),
    )
    parser.add_argument("--no-stream", action="store_true", help=_("don't stream the answer"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Send one request; exit code 1 if no whole answer came."""
    images: list[str] = args.image or []
    prompt = Prompt(
        text=_prompt_text(args.prompt),
        system=args.system,
        temperature=args.temperature,
        max_tokens=args.max_tokens,
        images=tuple(read_image(path) for path in images),
        stream=not args.no_stream,
    )
    plan, model = plan_prompt(find_paths(), args.name, role=args.role, model=args.model)
    pieces: list[str] = []
    try:
        result = finish(send_prompt(plan, model, prompt, pieces.append if args.json else _print_piece))
    except KeyboardInterrupt:
        if not args.json:
            raise
        facts = {"name": args.name, "requested_model": model, "text": "".join(pieces), "interrupted": True}
        return Result(data=facts, exit_code=Interrupted.exit_code)
    exit_code = 0 if result.is_answered else 1
    if args.json:
        return Result(data=result.as_json(), exit_code=exit_code)
    if result.text and not result.text.endswith("\n"):
        print(flush=True)
    return Result(exit_code=exit_code, notes=_notes(result, prompt))


def _notes(result: PromptResult, prompt: Prompt) -> list[str]:
    if not result.is_answered:
        return [f"ccswitch: {failure_line(result)}"]
    return [*remarks(result, streaming=prompt.stream), summary_line(result, prompt.max_tokens)]


def _prompt_text(given: str | None) -> str:
    if given not in (None, "-"):
        return given
    if not sys.stdin or (given is None and sys.stdin.isatty()):
        raise BadInput(_("There is no prompt."), _("Write it after the profile's name, or pipe it in."))
    data = sys.stdin.buffer.read(MAX_PROMPT_BYTES + 1)
    if len(data) > MAX_PROMPT_BYTES:
        raise BadInput(_("The prompt is longer than 1 MiB."), _("Shorten it; nothing was sent."))
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise BadInput(_("The prompt is not UTF-8 text."), _("Convert it first, as with `iconv -t utf-8`.")) from error


def _print_piece(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
