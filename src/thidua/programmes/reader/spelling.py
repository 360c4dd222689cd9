"""Words that plans use, found again when their dấu were lost or misplaced (`Giai đọan`, `sang kien`).

The source line stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from thidua.kernel import text

# Two syllables and more: without dấu they can hardly be other words.
_PHRASES = (
    "giai đoạn|đợt thi đua|sáng kiến|phấn đấu|mục tiêu|chỉ tiêu|ít nhất|tối thiểu|không dưới|"
    "không quá|trở lên|trở xuống|nơi nhận|tổ chức thực hiện|kế hoạch|chương trình|phong trào|"
    "cuộc vận động|thi đua|đoàn viên|công đoàn|cơ sở|người lao động|liên đoàn|lao động|chủ đề|"
    "căn cứ|thực hiện|khẩu hiệu|ban thường vụ|ban chấp hành|chủ tịch|hướng dẫn|triển khai|"
    "doanh nghiệp|cơ quan|đơn vị|sự nghiệp|công chức|viên chức|công nhân|báo cáo|định kỳ|"
    "hằng tháng|hàng tháng|hằng quý|vướng mắc|khó khăn|phản ánh|sơ kết|tổng kết|khen thưởng|"
    "xây dựng|phát động|đẩy mạnh|tuyên truyền|văn phòng|kết nạp|thành lập|đối thoại|thỏa ước|"
    "ban hành|trách nhiệm|hết tháng|từ tháng|từ ngày|từ nay|đến ngày|đến hết|đến tháng|"
    "trước ngày|hết năm|đầu năm|cuối năm|tổng hợp|đôn đốc|ngày ký|nghị quyết|quyết định|chỉ thị|"
    "công văn|việt nam|tháng công nhân"
)
# Single syllables, put back only in a paper written without any dấu.
_SYLLABLES = (
    "số|ngày|tháng|năm|từ|đến|hết|trước|đạt|trên|hơn|của|về|tỉnh|huyện|các|đợt|và|mỗi|có|triệu|nghìn|quý|sau|sẽ"
)
_MANY, _ONE = _PHRASES.split("|"), _SYLLABLES.split("|")


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    folded = sorted({text.fold(p) for p in phrases}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(folded) + r")(?!\w)")


_BY_FOLDED: dict[str, list[str]] = {}
for _known in (*_MANY, *_ONE):
    _BY_FOLDED.setdefault(text.fold(_known), []).append(unicodedata.normalize("NFC", _known))
_ALWAYS = _pattern(_MANY)
_IN_BARE = _pattern([*_MANY, *_ONE])


def mend(written: str, *, is_bare: bool = False) -> str:
    """The text with dấu of known phrases set right and words run together taken apart."""
    folded = text.fold(written)
    if len(folded) != len(written):
        return written  # characters beyond Vietnamese: offsets would not hold

    def right(match: re.Match[str]) -> str:
        original = written[match.start() : match.end()]
        known = _nearest(original, _BY_FOLDED[match.group()])
        return "".join(k.upper() if o.isupper() else k for k, o in zip(known, original, strict=True))

    pieces, last = [], 0
    for match in (_IN_BARE if is_bare else _ALWAYS).finditer(folded):
        pieces += [written[last : match.start()], right(match)]
        last = match.end()
    return _unglued("".join([*pieces, written[last:]]))


_GLUED = re.compile(
    r"\b(giai đoạn|đợt|tháng|ngày|năm|quý)(?=\d|[IVX]+\b)|\b(từ|đến|hết)(?=(?:hết|tháng|ngày|nay|cuối|đầu)\b)|(?<=\d)(?=sáng kiến\b)",
    re.I,
)


def _unglued(written: str) -> str:
    """Words that a scan ran together (`hếttháng`, `Giai đoạn2`) apart again."""
    return _GLUED.sub(lambda m: f"{m.group()} ", written) if _GLUED.search(written) else written


def _nearest(original: str, known: list[str]) -> str:
    """The known phrase, when the dấu of the original are some of its own; else the original as it stands."""
    own = _marks(original)
    if original.lower() in known:
        return original.lower()
    if not own:
        return known[0]
    for phrase in known:
        # "đến ngay" is not "đến ngày": a phrase that differs by one mark alone may be another word.
        if own == _marks(phrase) or (not phrase.endswith("ngày") and not own - _marks(phrase)):
            return phrase
    return original.lower()


def _marks(phrase: str) -> Counter[str]:
    decomposed = unicodedata.normalize("NFD", phrase.lower())
    return Counter(c for c in decomposed if unicodedata.combining(c) or c == "đ")


def is_bare(content: str) -> bool:
    """Vietnamese words without a single dấu in a hundred letters."""
    letters = [c for c in content[:20000] if c.isalpha()]
    accented = sum(ord(c) > 127 for c in letters)
    return len(letters) > 200 and accented * 100 < len(letters) and bool(_ALWAYS.search(text.fold(content[:20000])))


def unaccented(value: Any) -> Any:
    """Without dấu, capitals kept: values of a paper that has none are given as they stand in it."""
    if isinstance(value, list):
        return [unaccented(item) for item in value]
    if isinstance(value, dict):
        return {key: unaccented(item) for key, item in value.items()}
    return _unaccented(value) if isinstance(value, str) else value


def _unaccented(written: str) -> str:
    decomposed = unicodedata.normalize("NFD", written.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_VIETNAMESE = re.compile("[ăđơưạ-ỹĂĐƠƯẠ-Ỹ]")
_TCVN3 = re.compile("[®µ¸¶·¹©«¬¨¦§­¢£¤¥¾»¼½Æ]")
_VNI = re.compile("(?:[aeouyAEOUYñÑ](?:ø|ù|û|õ|ï|â|á|à|å|ã|ä|ë|é|è|ú|ü)|ñ)")


def is_legacy(content: str) -> bool:
    """Letters of TCVN3 or VNI fonts that a conversion left as they were (`C«ng ®oµn`, `Coâng ñoaøn`)."""
    sample = content[:20000]
    count = sum(c.isalpha() for c in sample)
    strange = max(len(_TCVN3.findall(sample)), len(_VNI.findall(sample)))
    return count > 40 and strange * 20 > count and len(_VIETNAMESE.findall(sample)) * 50 < count
