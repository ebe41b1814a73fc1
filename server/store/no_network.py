"""A process without a network: it ends, by SIGSYS, if it opens a socket (Linux, seccomp).

This reliably detects whether a query calls another endpoint, whatever its text looks like.
seccomp(2), the kernel's BPF filters; no privileges are needed.
"""

import ctypes
import platform
import struct
import sys

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_ALLOW, _REFUSE, _END = 0x7FFF0000, 0x00050000 | 13, 0x80000000  # 13: EACCES

_MACHINES = {
    # Machine: audit architecture, numbers of socket and io_uring_setup.
    "x86_64": (0xC000003E, 41, 425),
    "aarch64": (0xC00000B7, 198, 425),
}

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_FOREIGN_CALLS = 0x40000000
"""System calls of the x32 ABI have numbers from here on."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def give_up_network() -> bool:
    """Give up sockets for the rest of this process's life; False if that is not possible."""
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, opening, by_ring = known
    steps = [
        (_LOAD, 0, 0, 4),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),
        # Each jump skips this number of the steps below it.
        (_IF_AT_LEAST, 3, 0, _FOREIGN_CALLS),
        (_IF_EQUAL, 3, 0, opening),
        (_IF_EQUAL, 1, 0, by_ring),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _END),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p).value)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program)) == 0)
