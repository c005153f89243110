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
