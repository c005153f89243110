#!/bin/sh
# install.sh VENV WHAT PIP-ARGUMENT...: pip install; in a terminal one line shows where it is, errors are pip's own.
venv=$1
echo "Installing $2 into $venv"
shift 2
{
  "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off --no-deps "$@" || echo failed
} | while read -r step name _; do
  name=${name##*/}
  case $step in
    failed) exit 1 ;;
    Installing) name="the packages" ;;
    Collecting | Downloading | Building) ;;
    *) continue ;;
  esac
  [ ! -t 1 ] || printf '\r\033[K  %s %s\r' "$step" "${name%%[-=]*}"
done || exit 1
[ ! -t 1 ] || printf '\033[K'
