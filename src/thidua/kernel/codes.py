"""Short codes people can read aloud: no 0/O, 1/I/L confusion, with a check character."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def _check(body: str) -> str:
    weighed = sum((position + 2) * ALPHABET.index(letter) for position, letter in enumerate(body))
    return ALPHABET[weighed % len(ALPHABET)]


def new_code(prefix: str, length: int = 7) -> str:
    """`new_code("SK")` -> 'SK-7K2M9QF4': random body and one check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{prefix}-{body}{_check(body)}"


def tidy(code: str) -> str:
    """What a person typed, as stored: upper case, no stray spaces."""
    return code.strip().upper().replace(" ", "")


def is_plausible(code: str) -> bool:
    """False when the check character shows a typing error."""
    body = tidy(code).rpartition("-")[2]
    return len(body) > 2 and all(c in ALPHABET for c in body) and _check(body[:-1]) == body[-1]
