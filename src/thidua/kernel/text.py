"""Vietnamese text: one normal form, one folding, one sort key. Used by search, pickers, imports."""

import itertools
import re
import unicodedata
from functools import lru_cache

# Letters that look alike but are typed from other alphabets or legacy keyboards.
_LOOKALIKES = str.maketrans(
    {
        "Ð": "Đ",
        "ð": "đ",
        "Ɖ": "Đ",
        "А": "A",
        "В": "B",
        "Е": "E",
        "К": "K",
        "М": "M",
        "Н": "H",
        "О": "O",
        "Р": "P",
        "С": "C",
        "Т": "T",
        "Х": "X",
        "а": "a",
        "е": "e",
        "о": "o",
        "р": "p",
        "с": "c",
        "х": "x",
        "у": "y",
        "\u00a0": " ",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\ufeff": "",
        "\u00ad": "",
    }
)
# Greek, Armenian, small capitals and stray letters inside words: folded only, since formulas write them on purpose.
_FOLDED_LOOKALIKES = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρικυχεІіЈјѕԁɡհӏıɑɩνⅼЅԌԚԜҮӀһквмнтпьгиүԛԝѵѡҝɴʜʙʟᴄᴋᴍᴏᴘᴛᴜᴠοσητωցսոօʀѐ",
    "ABEZHiKMNOPTYXoavpikuxeiiJjsdghliaivlSGQWYlhkbmhtnbruyqwvwknhblckmoptuvoontwgunore",
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
# "kĩ thuật" and "kỹ thuật", "lí do" and "lý do": one word, two spellings.
_LAST_I = re.compile(r"^([hklmst]|qu)[iy]$")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_TONES = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_ALPHABET = {letter: f"{index:02d}" for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_SHAPES = {"\u0306", "\u0302", "\u031b"}
# "hoà" and "hòa" are the same word; the older placement is brought to the newer one.
_OLD_TONES = {
    f"{vowels[0]}{unicodedata.normalize('NFC', vowels[1] + tone)}": (
        f"{unicodedata.normalize('NFC', vowels[0] + tone)}{vowels[1]}"
    )
    for vowels in ("oa", "oe", "uy")
    for tone in _TONES
    if tone
}
_OLD_TONE = re.compile("(?<!q)(" + "|".join(_OLD_TONES) + r")(?!\w)", re.IGNORECASE)


def nfc(text: str) -> str:
    """Composed form, look-alike letters and invisible characters mended; line breaks kept."""
    return unicodedata.normalize("NFC", text.translate(_LOOKALIKES))


def tidy(text: str) -> str:
    """`nfc` with runs of white space as one space."""
    return _SPACES.sub(" ", nfc(text)).strip()


def fold(text: str) -> str:
    """Lower case without dấu, đ as d: the form in which 'vat tu' meets 'Vật tư'."""
    decomposed = unicodedata.normalize("NFD", nfc(text).lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


def visible(text: str) -> str:
    """`nfc` without the characters nobody sees; what `spans` counts its places in."""
    return _INVISIBLE.sub("", nfc(text))


def plain(text: str) -> str:
    """`fold` for comparing what people wrote on purpose to look different: compatibility forms too."""
    spelled = unicodedata.normalize("NFKD", visible(text).translate(_FOLDED_LOOKALIKES)).lower()
    return "".join(c for c in spelled if not unicodedata.combining(c)).replace("đ", "d")


@lru_cache(maxsize=50_000)
def _syllable(word: str) -> str:
    return _LAST_I.sub(r"\1i", "".join(_WORD.findall(plain(word))))


def spans(shown: str) -> list[tuple[str, int, int]]:
    """(plain syllable, start, end) of every word of a `visible` text; i and y at its end are one."""
    return [(_syllable(m.group()) or "-", m.start(), m.end()) for m in _WORD.finditer(shown)]


def syllables(text: str) -> list[str]:
    """Plain syllables in order: the terms of search and likeness."""
    return [_syllable(word) or "-" for word in _WORD.findall(visible(text))]


@lru_cache(maxsize=50_000)
def _accented_syllable(word: str) -> str:
    shown = accented(word)
    decomposed = unicodedata.normalize("NFD", shown)
    is_either = _LAST_I.match("".join(c for c in decomposed if not unicodedata.combining(c)))
    return unicodedata.normalize("NFC", decomposed.replace("y", "i")) if is_either else shown


def accented_syllables(text: str) -> list[str]:
    """Syllables in order with their dấu, as many as `syllables` gives."""
    return [_accented_syllable(word) for word in _WORD.findall(visible(text))]


def syllables_both_ways(text: str) -> list[tuple[str, str]]:
    """(plain, with its dấu) of every syllable in order; what search reads of millions of texts."""
    return [(_syllable(word) or "-", _accented_syllable(word)) for word in _WORD.findall(visible(text))]


def accented(text: str) -> str:
    """Lower case with dấu, tone placement unified ('hoà' -> 'hòa'): for matches that keep dấu."""
    return _OLD_TONE.sub(lambda m: _OLD_TONES.get(m.group().lower(), m.group()), tidy(text).lower())


def words(text: str) -> list[str]:
    """Folded words in order."""
    return _WORD.findall(fold(text))


def pairs(text: str) -> list[str]:
    """Adjacent folded words joined, e.g. 'cong_doan': Vietnamese words are mostly two syllables."""
    found = words(text)
    return [f"{a}_{b}" for a, b in itertools.pairwise(found)]


def sort_key(text: str) -> str:
    """A string whose byte order is the Vietnamese dictionary order (a ă â b … đ; then tone)."""
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFC", tidy(text).lower()):
        parts = unicodedata.normalize("NFD", character)
        tone = next((c for c in parts if c in _TONES), "")
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        letters.append(_ALPHABET.get(base, f"~{base}" if base.isalpha() else base))
        tones.append(str(_TONES[tone]))
    # The separator sorts before everything, so that a word stands before its continuations.
    return "".join(letters) + "\x01" + "".join(tones)


def name_sort_key(full_name: str) -> str:
    """Vietnamese people are listed by given name (the last word) first."""
    parts = tidy(full_name).split(" ")
    return sort_key(" ".join([parts[-1], *parts[:-1]]))
