"""Keeps secrets of this process out of core dumps and TLS key logs."""

from __future__ import annotations

import os
import sys

_PR_SET_DUMPABLE = 4


def protect_process() -> None:
    """Forbid core dumps and TLS key logs; call it before a secret is read.

    Child processes inherit the limit and the missing ``SSLKEYLOGFILE``. A collector such as systemd-coredump ignores
    the limit, so on Linux the process is not dumpable either.
    """
    os.environ.pop("SSLKEYLOGFILE", None)
    if os.name == "nt":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform.startswith("linux"):
        _call_prctl(_PR_SET_DUMPABLE, 0)


def _call_prctl(option: int, value: int) -> None:
    try:
        import _ctypes  # the package `ctypes` around it costs ten times as much

        prctl = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")  # pyright: ignore
        _ctypes.call_function(prctl, (option, value, 0, 0, 0))  # pyright: ignore
    except (ImportError, AttributeError, OSError):  # a Python that is built without it
        return
