"""OpenID Connect providers, read from the environment: one set of variables for each name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypedDict


class Provider(TypedDict):
    name: str
    label: str
    metadata: str
    client_id: str
    client_secret: str
    scope: str
    match: list[str]
    code_claim: str


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Provider]:
    """THIDUA_OIDC=keycloak,vneid and THIDUA_OIDC_KEYCLOAK_ISSUER, _CLIENT_ID, … (docs/operate/sign-in.md)."""
    return {name: _read(environment, name) for name in environment.get("THIDUA_OIDC", "").split(",") if name.strip()}


def _read(environment: Mapping[str, str], name: str) -> Provider:
    prefix = f"THIDUA_OIDC_{name.upper().replace('-', '_')}_"

    def value(key: str, default: str = "") -> str:
        return environment.get(prefix + key, default).strip()

    missing = [prefix + key for key in ("ISSUER", "CLIENT_ID") if not value(key)]
    if missing:
        raise SystemExit(f"THIDUA_OIDC names {name!r}, but these are not set: {', '.join(missing)}")
    return Provider(
        name=name,
        label=value("LABEL", name),
        metadata=value("ISSUER").rstrip("/") + "/.well-known/openid-configuration",
        client_id=value("CLIENT_ID"),
        client_secret=value("CLIENT_SECRET"),
        scope=value("SCOPE", "openid profile email phone"),
        match=[way for way in value("MATCH", "email").split(",") if way],
        code_claim=value("CODE_CLAIM"),
    )
