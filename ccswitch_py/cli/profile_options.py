"""The options that describe a profile, for ``add`` and ``edit`` alike."""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ccswitch_py.cli.full_parser import nonempty, wrong_argument
from ccswitch_py.cli.output.terminal import hidden_input, print_note
from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.protocol import DELIVERIES, MAIN_ROLES, ROLES, Role
from ccswitch_py.model.validation_messages import error_location, error_reason
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.profiles.setup import Draft
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import catalogue_ids, did_you_mean
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.targets.claude_code.target import ClaudeCode
from ccswitch_py.targets.registry import find_target
from ccswitch_py.vault.pasted_key import clean_key

_ATTEMPTS = 3
"""How often a prompt for a key is repeated, as by ssh."""


def add_profile_options(parser: argparse.ArgumentParser) -> None:
    """Declare provider, base URL, models, key and more."""
    parser.add_argument("--provider", type=nonempty, metavar="ID", help=_("a known provider; see `ccswitch providers`"))
    parser.add_argument("--base-url", metavar="URL", help=_("its base URL for Claude Messages, without /v1"))
    models = parser.add_argument_group(_("models"))
    for role in ROLES:
        text = (
            _("the model for {role}", role=role)
            if role in MAIN_ROLES
            else _("the model for {role}; '' for none", role=role)
        )
        kind = nonempty if role in MAIN_ROLES else str
        models.add_argument(f"--{role}", type=kind, metavar="ID", help=text)
    models.add_argument("--same-as-main", action="store_true", help=_("use the main model for all roles"))
    key = parser.add_argument_group(_("key")).add_mutually_exclusive_group()
    key.add_argument("--key-stdin", action="store_true", help=_("read the key from standard input into the keyring"))
    key.add_argument("--key-env", type=nonempty, metavar="VAR", help=_("take the key from this environment variable"))
    key.add_argument("--key", type=nonempty, metavar="NAME", help=_("use a stored key; see `ccswitch keys list`"))
    more = parser.add_argument_group(_("more"))
    more.add_argument("--allow-http", action="store_true", default=None, help=_("allow plain http"))
    more.add_argument("--delivery", choices=DELIVERIES, help=_("how the tool gets the key"))
    more.add_argument("--target", metavar="T", help=_("the tool that --delivery is for (default: all)"))
    more.add_argument("--bearer-only", action=argparse.BooleanOptionalAction, help=_("never send the key as x-api-key"))
    more.add_argument("--context-window", type=int, metavar="TOKENS", help=_("the models' context window, in tokens"))
    more.add_argument("--max-output-tokens", type=int, metavar="TOKENS", help=_("maximum output tokens"))
    for option, sign, text in (
        ("--header", ":", _("an extra header for the gateway (repeatable); an empty VALUE removes it")),
        ("--switch", "=", _("a compatibility switch of Claude Code (repeatable); an empty VALUE removes it")),
    ):
        more.add_argument(option, action="append", type=nonempty, metavar=f"NAME{sign}VALUE", help=text)


def with_options(paths: Paths, draft: Draft, args: argparse.Namespace, command: str) -> tuple[Draft, list[str]]:
    """Return the draft with the options of ``add`` or ``edit`` applied, and notes about the key; raises ``BadInput``.

    An empty base URL stands for the provider's, an empty model of an optional role for none.
    """
    if args.base_url == "" and not draft.provider:
        raise wrong_argument("--base-url", _("must not be empty"), command)
    named: dict[Role, str] = {role: getattr(args, role) for role in ROLES if getattr(args, role) is not None}
    models = {**draft.models, **named}
    if args.same_as_main and "main" in models:
        models = {**models, **dict.fromkeys(MAIN_ROLES, models["main"]), **named}
    key, notes = _key(paths, args)
    changes: dict[str, Any] = {
        "models": models,
        "key": key,
        "base_url": args.base_url,
        "allow_http": args.allow_http,
        "delivery": None if args.target else args.delivery,
    }
    changed = replace(draft, **{name: value for name, value in changes.items() if value is not None})
    if args.target:
        changed = _with_delivery(changed, args.target, args.delivery)
    return changed.with_options_for(ClaudeCode.id, _options(draft.options_for(ClaudeCode.id), args, command)), notes


def _with_delivery(draft: Draft, target_id: str, delivery: str | None) -> Draft:
    model = find_target(target_id).options_model()
    if delivery is None or model is None or "delivery" not in model.model_fields:
        raise BadInput(
            _("{target} has no delivery of its own.", target=target_id),
            _("Omit --target to set it for all tools."),
        )
    return draft.with_options_for(target_id, model(**{**draft.options_for(target_id), "delivery": delivery}))


def has_profile_options(args: argparse.Namespace) -> bool:
    """Return whether any option of a profile was given."""
    ignored = {"name", "json", "test", "from_file"}
    return any(value is not None and value is not False for name, value in vars(args).items() if name not in ignored)


def catalogue_notes(paths: Paths, draft: Draft, args: argparse.Namespace) -> list[str]:
    """Warn of models given as options that the catalogue of the profile's provider doesn't list."""
    known = catalogue_ids(paths, draft.provider)
    given = dict.fromkeys(model for role in ROLES if (model := (getattr(args, role) or "").removesuffix("[1m]")))
    return [
        join_sentences(
            _(
                "The catalogue of '{provider}' does not list '{model}'.",
                provider=draft.provider,
                model=one,
            ),
            did_you_mean(one, known) or _("See `ccswitch models {provider}`.", provider=draft.provider),
        )
        for one in (given if known else ())
        if one not in known
    ]


def read_key_from_stdin() -> tuple[Secret, list[str]]:
    """Read the key from standard input, without echo on a terminal; raises ``BadInput``."""
    if sys.stdin.isatty():
        return _ask_for_key()
    return clean_key(sys.stdin.buffer.read(1024 * 1024).decode("utf-8", "replace"))


def _ask_for_key() -> tuple[Secret, list[str]]:
    for _attempt in range(_ATTEMPTS - 1):
        try:
            return clean_key(hidden_input(_("Key (it is not shown): ")))
        except BadInput as refusal:
            print_note(f"ccswitch: {refusal}")
    return clean_key(hidden_input(_("Key (it is not shown): ")))


def _key(paths: Paths, args: argparse.Namespace) -> tuple[Secret | KeyRef | None, list[str]]:
    if args.key_stdin:
        return read_key_from_stdin()
    if args.key_env:
        named: str = args.key_env
        if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", named) and named not in os.environ:
            raise BadInput(_("--key-env takes the name of a variable, not a key."), _("Use --key-env MY_KEY."))
        return KeyRef(env=args.key_env), []
    if args.key and args.key not in load_keys(paths):
        # Not quoted: it may be a key.
        raise KeyUnavailable(
            _("No key of that name is stored; --key takes a name from `ccswitch keys list`."),
            _("Enter a new key with --key-stdin."),
        )
    return KeyRef(name=args.key) if args.key else None, []


def _options(old: dict[str, Any], args: argparse.Namespace, command: str) -> ClaudeCodeOptions:
    typed = {name: getattr(args, name) for name in ("bearer_only", "context_window", "max_output_tokens")}
    values = {**old, **{name: value for name, value in typed.items() if value is not None}}
    values["headers"] = _changed(old.get("headers", {}), args.header or [], "--header", ":", command)
    values["switches"] = _changed(old.get("switches", {}), args.switch or [], "--switch", "=", command)
    try:
        return ClaudeCodeOptions(**values)
    except ValidationError as error:
        field = next(iter(error_location(error)), "switches")
        option = {"headers": "--header", "switches": "--switch"}.get(field, f"--{field.replace('_', '-')}")
        raise wrong_argument(option, error_reason(error), command) from error


def _changed(old: dict[str, str], typed: list[str], option: str, sign: str, command: str) -> dict[str, str]:
    """Set or (without a value) remove entries; the name of a header may be spelled in capitals or not."""
    changed = dict(old)
    for text in typed:
        name, found, value = (part.strip() for part in text.partition(sign))
        if not found or not name:
            raise wrong_argument(option, _("must have the form NAME{sign}VALUE", sign=sign), command)
        for same in [known for known in changed if known.lower() == name.lower()]:
            del changed[same]
        if value:
            changed[name] = value
    return changed
