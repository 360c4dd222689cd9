"""Text typed with the fonts of before Unicode (TCVN3, «.VnTime»): letters stand where others belong."""

from __future__ import annotations

import re

# Character codes of TCVN 5712:1993 (VN3), in the order of the letters on the right.
_CODES = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TABLE = str.maketrans(_CODES, _LETTERS)
# Signs that no Unicode Vietnamese text has inside its words.
_TELLTALE = re.compile(r"[a-zA-Z][µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòôõøö÷ùúýûüþ]")
_NEVER = re.compile(r"[µ¸¶·¹¨»¾¼½Æ®ªÖ×ÞßÇËÎÏÑÓ«åæç¬ëîïñöûþ§¦¥]")


def is_tcvn3(text: str) -> bool:
    return bool(_TELLTALE.search(text) or _NEVER.search(text)) and bool(_NEVER.search(text))


def from_tcvn3(text: str) -> str:
    return text.translate(_TABLE)
