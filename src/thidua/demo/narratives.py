"""Sentences of reports, citations, reasons and questions of the demonstration."""

RETURN_REASONS = (
    "Hồ sơ chưa ghi ngày áp dụng lần đầu. Đề nghị bổ sung để xét điều kiện của chương trình.",
    "Phần hiệu quả còn chung chung, đề nghị ghi rõ trước và sau khi áp dụng, kèm ảnh minh chứng.",
    "Chưa rõ tỷ lệ đóng góp của từng đồng tác giả, đề nghị thống nhất và ghi đủ 100 %.",
    "Mô tả giải pháp quá ngắn, đề nghị nêu các bước thực hiện để đơn vị khác làm theo được.",
)
REFUSALS = (
    "Giải pháp đã có trong quy trình bắt buộc của ngành từ trước nên không có tính mới tại đơn vị.",
    "Chưa áp dụng trong thực tế tại đơn vị, chưa đủ điều kiện công nhận theo Điều lệ Sáng kiến.",
)
DIFFICULTIES = (
    (
        "Nhiều công nhân làm ca không có máy tính, gửi sáng kiến bằng giấy. Đơn vị được nhập hộ hàng loạt không?",
        "Được nhập hộ, ghi rõ tác giả và sự đồng ý của người lao động. Nên dán mã QR tại xưởng để người lao động tự gửi.",
    ),
    (
        "Sáng kiến áp dụng từ tháng 8/2021 nhưng nay mới được công nhận thì có được tính vào chương trình không?",
        "Không. Chương trình tính sáng kiến áp dụng từ 01/9/2021; sáng kiến này vẫn được công nhận tại đơn vị.",
    ),
    ("Đơn vị chưa có hội đồng sáng kiến, thủ trưởng công nhận có được không?", ""),
    ("Đề nghị hướng dẫn cách tính giá trị làm lợi với giải pháp tiết kiệm thời gian chờ của người dân.", ""),
)
CITATIONS = (
    "Có sáng kiến được công nhận và áp dụng hiệu quả, tích cực hướng dẫn đồng nghiệp làm theo trong đợt thi đua.",
    "Hoàn thành xuất sắc nhiệm vụ, có sáng kiến mang lại giá trị làm lợi rõ rệt cho đơn vị.",
    "Nỗ lực vượt khó trong phòng, chống dịch, có giải pháp thiết thực được đơn vị áp dụng ngay.",
)
COLLECTIVE_CITATION = "Hoàn thành vượt chỉ tiêu sáng kiến được giao, tổ chức tốt phong trào thi đua tại đơn vị."
SECTIONS = {
    "context": "Đơn vị có đông đoàn viên làm việc theo ca, vừa làm nhiệm vụ chuyên môn vừa phòng, chống dịch.",
    "leadership": "Ban Chấp hành đã xây dựng kế hoạch, phổ biến đến từng tổ công đoàn, dán mã QR tại nơi làm việc.",
    "strengths": "Đoàn viên hưởng ứng sớm; nhiều giải pháp nhỏ, chi phí thấp, áp dụng được ngay.",
    "weaknesses": "Một số hồ sơ còn thiếu ngày áp dụng hoặc minh chứng; việc tính giá trị làm lợi còn lúng túng.",
    "plan": "Tiếp tục hướng dẫn hoàn thiện hồ sơ, nhân rộng giải pháp hay, phấn đấu vượt chỉ tiêu giai đoạn 2.",
    "proposals": "Đề nghị cấp trên tập huấn cách tính giá trị làm lợi và sớm công bố các sáng kiến hay để học tập.",
}
INTENTIONS = (
    "Đơn vị có công việc tương tự, muốn làm thử tại một tổ trong một tháng rồi mở rộng.",
    "Xin được trao đổi bản vẽ và danh sách vật liệu để làm theo.",
)
EFFECTS = (
    "Sau một tháng làm thử, thời gian thao tác giảm khoảng một phần ba, người làm đề nghị dùng lâu dài.",
    "Đã áp dụng tại hai tổ, kết quả gần bằng đơn vị gốc dù phải đổi vật liệu khung.",
)

COUNCIL_COMMENT = "Cần thêm số liệu trước và sau khi áp dụng ở ít nhất hai khoa."
COUNCIL_DISCUSSION = (
    "Thư ký trình bày tóm tắt từng hồ sơ và kết quả so sánh với thư viện sáng kiến. "
    "Các thành viên thống nhất hồ sơ thứ nhất có điểm mới và hiệu quả rõ; "
    "hồ sơ thứ hai cần bổ sung số liệu đối chứng trước khi xét lại."
)
