"""Six digits from a shared secret and the time: RFC 4226 and RFC 6238 as every app computes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

PERIOD = 30
DIGITS = 6
# Telephones' clocks are half a minute off.
TOLERANCE = 1


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def at_counter(secret: str, counter: int) -> str:
    mac = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def counter_of(secret: str, code: str, moment: datetime, after: int = 0) -> int | None:
    """The period this code belongs to, if that is now (more or less) and not yet used."""
    now = int(moment.timestamp()) // PERIOD
    for counter in range(now - TOLERANCE, now + TOLERANCE + 1):
        if counter > after and hmac.compare_digest(at_counter(secret, counter).encode(), code.encode()):
            return counter
    return None


def address(secret: str, *, issuer: str, label: str) -> str:
    """What the QR code says to the app."""
    return f"otpauth://totp/{quote(issuer)}:{quote(label)}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
