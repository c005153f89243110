#!/bin/sh
# What the tests need beyond Python: installed where that is possible, named where it is not (those tests then skip).
set -u
CLAUDE_CODE=$(sed -n 's/.*"@anthropic-ai.claude-code": "\(.*\)".*/\1/p' locks/claude-code/package.json)
# program:package of Debian
NEEDED="gnome-keyring-daemon:gnome-keyring dbus-daemon:dbus-daemon tmux:tmux pass:pass gpg:gnupg strace:strace"

missing=""
for one in $NEEDED; do
  command -v "${one%%:*}" >/dev/null || missing="$missing ${one#*:}"
done
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing:$missing"
    # shellcheck disable=SC2086 (a list of words)
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
  else
    echo "not installed (their tests are skipped):$missing"
  fi
fi

claude=.tools/claude-code-$CLAUDE_CODE
if [ ! -d "$claude/node_modules/@anthropic-ai/claude-code" ]; then
  if command -v npm >/dev/null; then
    echo "installing: Claude Code $CLAUDE_CODE"
    mkdir -p "$claude" && cp locks/claude-code/package*.json "$claude" &&
      npm ci --silent --ignore-scripts --no-audit --no-fund --prefix "$claude" || echo "Claude Code could not be installed"
  else
    echo "not installed (its tests are skipped): Claude Code, because npm is missing"
  fi
fi
exit 0
