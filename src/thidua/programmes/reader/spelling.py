"""Words that plans use, found again when their dấu were lost or misplaced (`Giai đọan`, `sang kien`).

Only dấu are put back, so every place in the text keeps its offset; the source line stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata

from thidua.kernel import text

# Two syllables and more: without dấu they can hardly be other words.
_PHRASES = [
    "giai đoạn",
    "đợt thi đua",
    "sáng kiến",
    "phấn đấu",
    "mục tiêu",
    "chỉ tiêu",
    "ít nhất",
    "tối thiểu",
    "không dưới",
    "không quá",
    "trở lên",
    "trở xuống",
    "nơi nhận",
    "tổ chức thực hiện",
    "kế hoạch",
    "chương trình",
    "phong trào",
    "cuộc vận động",
    "thi đua",
    "đoàn viên",
    "công đoàn",
    "cơ sở",
    "người lao động",
    "liên đoàn",
    "lao động",
    "chủ đề",
    "căn cứ",
    "thực hiện",
    "khẩu hiệu",
    "ban thường vụ",
    "ban chấp hành",
    "chủ tịch",
    "hướng dẫn",
    "triển khai",
    "doanh nghiệp",
    "cơ quan",
    "đơn vị",
    "sự nghiệp",
    "công chức",
    "viên chức",
    "công nhân",
    "báo cáo",
    "định kỳ",
    "hằng tháng",
    "hàng tháng",
    "hằng quý",
    "vướng mắc",
    "khó khăn",
    "phản ánh",
    "sơ kết",
    "tổng kết",
    "khen thưởng",
    "xây dựng",
    "phát động",
    "đẩy mạnh",
    "tuyên truyền",
    "văn phòng",
    "kết nạp",
    "thành lập",
    "đối thoại",
    "thỏa ước",
    "ban hành",
    "trách nhiệm",
    "hết tháng",
    "từ tháng",
    "từ ngày",
    "từ nay",
    "đến ngày",
    "đến hết",
    "đến tháng",
    "trước ngày",
    "hết năm",
    "đầu năm",
    "cuối năm",
    "tổng hợp",
    "đôn đốc",
    "ngày ký",
    "nghị quyết",
    "quyết định",
    "chỉ thị",
    "công văn",
    "ngày",
]
# Single syllables, put back only in a paper written without any dấu.
_SYLLABLES = [
    "số",
    "tháng",
    "năm",
    "từ",
    "đến",
    "hết",
    "trước",
    "đạt",
    "trên",
    "hơn",
    "của",
    "về",
    "tỉnh",
    "huyện",
    "các",
    "đợt",
    "và",
    "mỗi",
    "có",
    "tổ",
    "bộ",
]


def _pattern(phrases: list[str] | tuple[str, ...]) -> re.Pattern[str]:
    folded = sorted({text.fold(p) for p in phrases}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(folded) + r")(?!\w)")


_BY_FOLDED = {text.fold(p): unicodedata.normalize("NFC", p) for p in (*_PHRASES, *_SYLLABLES)}
_ALWAYS = _pattern([p for p in _PHRASES if " " in p])
_IN_BARE = _pattern([*_PHRASES, *_SYLLABLES])


def mend(written: str, *, is_bare: bool = False) -> str:
    """The text with dấu of known phrases set right; same length."""
    folded = text.fold(written)
    if len(folded) != len(written):
        return written  # characters beyond Vietnamese: offsets would not hold

    def right(match: re.Match[str]) -> str:
        known = _BY_FOLDED[match.group()]
        original = written[match.start() : match.end()]
        return "".join(k.upper() if o.isupper() else k for k, o in zip(known, original, strict=True))

    pieces, last = [], 0
    for match in (_IN_BARE if is_bare else _ALWAYS).finditer(folded):
        pieces += [written[last : match.start()], right(match)]
        last = match.end()
    return "".join([*pieces, written[last:]])


def is_bare(content: str) -> bool:
    """Vietnamese words without a single dấu in a hundred letters."""
    letters = [c for c in content[:20000] if c.isalpha()]
    accented = sum(ord(c) > 127 for c in letters)
    return len(letters) > 200 and accented * 100 < len(letters) and bool(_ALWAYS.search(text.fold(content[:20000])))


def unaccented(written: str) -> str:
    """Without dấu, capitals kept: values of a paper that has none are given as they stand in it."""
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
