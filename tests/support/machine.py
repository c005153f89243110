"""The machine that the tests run on: what of it must not reach them."""

import ctypes
import os
import sys
import warnings

MANAGED_SETTINGS = "/etc/claude-code"
_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x20000, 0x4000, 0x40000


def hide_managed_settings() -> None:
    """Mount an empty folder over Claude Code's managed settings, for this process and its children; needs root."""
    if sys.platform != "linux" or not os.path.isdir(MANAGED_SETTINGS) or not os.listdir(MANAGED_SETTINGS):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if (
        libc.unshare(_CLONE_NEWNS)
        or libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None)
        or libc.mount(b"none", MANAGED_SETTINGS.encode(), b"tmpfs", 0, None)
    ):
        reason = os.strerror(ctypes.get_errno())
        warnings.warn(f"tests run with the settings in {MANAGED_SETTINGS}: {reason}", stacklevel=2)
