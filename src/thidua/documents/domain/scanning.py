"""Ask ClamAV, when the installation has one: the INSTREAM command of clamd over a socket."""

from __future__ import annotations

import socket
import struct

from django.conf import settings
from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused

TIMEOUT_SECONDS = 30
PIECE = 64 * 1024


def refuse_infected(content: bytes, name: str) -> None:
    """Raises Refused when the scanner finds something, or cannot be asked although one is set."""
    if not settings.CLAMD:
        return
    try:
        said = _ask(settings.CLAMD, content)
    except OSError as error:
        raise Refused(
            _("Chưa kiểm tra được vi-rút trong tệp «%(name)s»: hãy gửi lại sau ít phút.") % {"name": name}, field="file"
        ) from error
    if said.endswith("FOUND"):
        raise Refused(_("Tệp «%(name)s» có mã độc nên không được nhận.") % {"name": name}, field="file")
    if not said.endswith("OK"):
        raise Refused(
            _("Chưa kiểm tra được vi-rút trong tệp «%(name)s»: hãy gửi lại sau ít phút.") % {"name": name}, field="file"
        )


def _ask(address: str, content: bytes) -> str:
    with _connected(address) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        said = b""
        while b"\0" not in said and (more := line.recv(4096)):
            said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    """'/run/clamav/clamd.ctl' or 'host:3310'."""
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT_SECONDS)
        line.connect(address)
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
