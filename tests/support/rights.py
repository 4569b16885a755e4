"""The rights of files, which do not bind root."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

CAPABILITIES_VERSION_3 = 0x20080522
IGNORE_RIGHTS = 0b1110
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER, of capabilities(7)."""


@contextmanager
def bound_by_rights() -> Iterator[None]:
    """Bind this thread by the rights of files as any user, also if it is root's."""
    if sys.platform != "linux" or os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    before = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, twice
    if libc.capget(header, before):
        raise OSError(ctypes.get_errno(), "capget")
    bound = (ctypes.c_uint32 * 6)(*before)
    bound[0] &= ~IGNORE_RIGHTS
    if libc.capset(header, bound):
        raise OSError(ctypes.get_errno(), "capset")
    try:
        yield
    finally:
        libc.capset(header, before)
