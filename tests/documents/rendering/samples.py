"""Papers in the manner of the two real plans, for the tests of this folder."""

from dataclasses import replace
from datetime import date

from thidua.documents.rendering.certificates import Certificate
from thidua.documents.rendering.official import (
    Annex,
    Article,
    Bullet,
    Column,
    Heading,
    OfficialPaper,
    Paragraph,
    Run,
    Table,
)

BASE_LETTERS = "aăâeêioôơuưyđ"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LONG = (
    "Từng cán bộ, đoàn viên, người lao động nỗ lực vượt khó, không ngừng sáng tạo, đóng góp cho sự "
    "phát triển của cơ quan, doanh nghiệp, tổ chức Công đoàn và đất nước."
)
UNIT_ROWS = [[i, f"CĐCS Bệnh viện Đa khoa huyện số {i}", 120 * i, i] for i in range(1, 61)]
TARGETS = Table(
    columns=[
        Column("TT", align="center"),
        Column("Đơn vị"),
        Column("Số đoàn viên", align="right"),
        Column("Chỉ tiêu", align="right"),
    ],
    rows=UNIT_ROWS,
    total_row=["", "Tổng cộng", 219600, 1830],
)

PLAN = OfficialPaper(
    superior="Liên đoàn Lao động tỉnh Thái Bình",
    issuer="Công đoàn ngành Y tế",
    number=17,
    symbol="KH-CĐYT",
    place="Thái Bình",
    issued_on=date(2022, 1, 12),
    kind="KẾ HOẠCH",
    subject="Thực hiện Chương trình “01 triệu sáng kiến - nỗ lực vượt khó, sáng tạo, quyết tâm chiến thắng "
    "đại dịch Covid - 19” trong các cấp công đoàn tỉnh Thái Bình",
    opening=["Thực hiện Kế hoạch số 154/KH-LĐLĐ ngày 10/01/2022, Ban Thường vụ xây dựng kế hoạch như sau:"],
    blocks=[
        Heading(1, "I. MỤC ĐÍCH, YÊU CẦU"),
        *[Bullet(LONG) for _ in range(8)],
        Heading(1, "II. MỤC TIÊU"),
        Heading(2, "1. Yêu cầu"),
        Paragraph(runs=[Run("Chủ đề “"), Run("Học tập và làm theo", italic=True), Run("”.")]),
        *[Paragraph(LONG) for _ in range(4)],
        Paragraph("Nhận Kế hoạch này, đề nghị các Công đoàn cơ sở triển khai thực hiện."),
        Annex("Phân bổ chỉ tiêu", landscape=True),
        TARGETS,
        Annex("Biểu mẫu báo cáo"),
        Paragraph("Nội dung biểu mẫu."),
    ],
    recipients=["LĐLĐ tỉnh;", "LĐ Sở Y tế;", "Lưu: VP CĐN."],
    signed_for="TM. BAN THƯỜNG VỤ",
    position="CHỦ TỊCH",
    signer="Nguyễn Thị Thử Nghiệm",
)

DECISION = OfficialPaper(
    superior="Tổng Liên đoàn Lao động Việt Nam",
    issuer="Liên đoàn Lao động tỉnh Ninh Thuận",
    symbol="QĐ-LĐLĐ",
    place="Ninh Thuận",
    year=2022,
    kind="QUYẾT ĐỊNH",
    subject="Về việc khen thưởng",
    authority="Ban Thường vụ Liên đoàn Lao động tỉnh Ninh Thuận",
    opening=["Căn cứ Điều lệ Công đoàn Việt Nam;"],
    blocks=[
        Article(1, "", ["Tặng Giấy khen cho 05 tập thể và 20 cá nhân."]),
        Article(2, "Hiệu lực", ["Quyết định này có hiệu lực kể từ ngày ký"]),
    ],
    recipients=["Như Điều 1", "Lưu: VT"],
    signed_for="TM. BAN THƯỜNG VỤ\nKT. CHỦ TỊCH",
    position="PHÓ CHỦ TỊCH",
    draft=True,
)

LETTER = replace(
    PLAN,
    kind="CÔNG VĂN",
    number=5,
    symbol="CĐYT-CSPL",
    subject="Đôn đốc báo cáo sơ kết giai đoạn 1",
    addressees=["CĐCS Bệnh viện A", "CĐCS Bệnh viện B"],
    opening=["Đề nghị các đơn vị gửi báo cáo trước ngày 10/6/2022;"],
    blocks=[],
)

CERTIFICATE = Certificate(
    issuer_superior="Tổng Liên đoàn Lao động Việt Nam",
    issuer="Ban Thường vụ Liên đoàn Lao động tỉnh Ninh Thuận",
    award_title="GIẤY KHEN",
    recipient="Ông Nguyễn Văn Thử Nghiệm",
    recipient_note="CĐCS Công ty TNHH May Tháp Chàm",
    citation="Đã có thành tích xuất sắc trong đợt thi đua đặc biệt chào mừng 30 năm Ngày tái lập tỉnh",
    decision_number="45/QĐ-LĐLĐ",
    decision_on=date(2022, 4, 10),
    place="Ninh Thuận",
    issued_on=date(2022, 4, 10),
    signed_for="TM. BAN THƯỜNG VỤ",
    position="CHỦ TỊCH",
    signer="Trần Văn Thử",
    register_number="123",
    code="GK-7Q4M-22KX",
    verify_url="https://thidua.example/xac-minh/GK-7Q4M-22KX",
)
