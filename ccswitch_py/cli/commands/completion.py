"""``ccswitch completion SHELL``: print the completion script."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.cli.main import COMMANDS
from ccswitch_py.core.language import _
from ccswitch_py.targets.registry import TARGETS

NAMED = ("show", "edit", "rename", "duplicate", "remove", "use", "test", "ask", "run", "env", "export", "models")
"""The commands whose first argument is a profile's name."""

_BASH = """\
_ccswitch() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}"
  if [ "${{COMP_WORDS[COMP_CWORD - 1]}}" = --target ]; then
    COMPREPLY=($(compgen -W "{targets} all" -- "$word"))
  elif [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{commands} help" -- "$word"))
  elif [ "$COMP_CWORD" -eq 2 ]; then
    case "${{COMP_WORDS[1]}}" in
      {named}) COMPREPLY=($(compgen -W "$(ccswitch list --names 2>/dev/null)" -- "$word")) ;;
      launcher) COMPREPLY=($(compgen -W "{targets}" -- "$word")) ;;
      help) COMPREPLY=($(compgen -W "{commands}" -- "$word")) ;;
      keys) COMPREPLY=($(compgen -W "list set remove status" -- "$word")) ;;
      providers) COMPREPLY=($(compgen -W "new" -- "$word")) ;;
    esac
  fi
}}
complete -o default -F _ccswitch ccswitch"""

_ZSH = """\
#compdef ccswitch
_ccswitch() {{
  if [[ "$words[CURRENT-1]" == --target ]]; then
    compadd -- {targets} all
  elif (( CURRENT == 2 )); then
    compadd -- {commands} help
  elif (( CURRENT == 3 )); then
    case "$words[2]" in
      {named}) compadd -- ${{(f)"$(ccswitch list --names 2>/dev/null)"}} ;;
      launcher) compadd -- {targets} ;;
      help) compadd -- {commands} ;;
      keys) compadd -- list set remove status ;;
      providers) compadd -- new ;;
      *) _files ;;
    esac
  else
    _files
  fi
}}
compdef _ccswitch ccswitch"""

_FISH_COMMAND = "complete -c ccswitch -n __fish_use_subcommand -f -a {command} -d '{text}'"
_FISH_NAMES = (
    "complete -c ccswitch -n '__fish_seen_subcommand_from {named}' -f -a '(ccswitch list --names 2>/dev/null)'"
)

_FISH_TARGETS = (
    "complete -c ccswitch -l target -x -a '{targets} all'",
    "complete -c ccswitch -n '__fish_seen_subcommand_from launcher' -f -a '{targets}'",
    "complete -c ccswitch -n __fish_use_subcommand -f -a help",
    "complete -c ccswitch -n '__fish_seen_subcommand_from help' -f -a '{commands}'",
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=["bash", "zsh", "fish"])


def run(args: Namespace) -> Result:
    """Print the script for the shell's startup file to source."""
    words = {"commands": " ".join(COMMANDS), "targets": " ".join(TARGETS)}
    if args.shell == "fish":
        lines = [
            _FISH_COMMAND.format(command=name, text=_(text).replace("'", r"\'"))
            for name, (text, _example) in COMMANDS.items()
        ]
        lines.append(_FISH_NAMES.format(named=" ".join(NAMED)))
        lines += [line.format(**words) for line in _FISH_TARGETS]
        return Result("\n".join(lines), for_programs=True)
    script = _BASH if args.shell == "bash" else _ZSH
    return Result(script.format(named="|".join(NAMED), **words), for_programs=True)
