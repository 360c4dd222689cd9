"""The colour of each state; the words come from the choices."""

_TONES = {
    "info": "submitted received given proposed registered running reviewing done",
    "warning": "returned disputed open corrected late",
    "success": "signed recognised issued accepted decided answered applied valid approved counted confirmed",
    "danger": "refused revoked declined",
}
_BY_STATE = {state: tone for tone, states in _TONES.items() for state in states.split()}


def tone_of(state: str) -> str:
    """Neutral for anything not named: drafts, withdrawn, closed."""
    return _BY_STATE.get(state, "muted")
