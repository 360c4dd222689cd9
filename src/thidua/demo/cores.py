"""What people improve, by sector: the cores that `texts` recombines.

Each core: (title, problem before, what was done, effect in words, field, kind, unit of saving).
`{where}` is the part of the workplace; a unit of saving (label, low, high, price in đồng) makes the
benefit computable, None makes it not quantifiable.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Saving:
    """What is saved each month: how many of what, at what price."""

    what: str
    low: int
    high: int
    price: int


@dataclass(frozen=True)
class Core:
    title: str
    problem: str
    solution: str
    effect: str
    field: str
    kind: str
    saving: Saving | None = None


def _core(*parts: str, saving: tuple[str, int, int, int] | None = None) -> Core:
    title, problem, solution, effect, field, kind = parts
    return Core(title, problem, solution, effect, field, kind, Saving(*saving) if saving else None)


HEALTH = (
    _core("Xe đẩy thuốc ba tầng có khay phân liều theo giường", "Điều dưỡng phải đi lại nhiều lần giữa tủ thuốc và buồng bệnh, dễ nhầm giường khi đông người bệnh", "Hàn lại khung xe cũ, chia khay theo số giường, dán nhãn màu theo giờ dùng thuốc", "Bớt đi lại, không còn nhầm giường trong các lượt kiểm tra", "Điều dưỡng", "technical", saving=("giờ công điều dưỡng", 40, 90, 45_000)),
    _core("Bảng kiểm an toàn trước khi chuyển người bệnh", "Việc bàn giao bằng lời nên có lúc thiếu phim chụp hoặc thuốc đang truyền", "Soạn bảng kiểm mười hai mục, in hai liên, người giao và người nhận cùng ký", "Bàn giao đủ, thời gian chờ giảm rõ", "An toàn người bệnh", "operational"),
    _core("Phân luồng người đến khám bằng phiếu hẹn theo khung giờ", "Buổi sáng người bệnh dồn từ rất sớm, buổi chiều phòng khám vắng", "Chia phiếu hẹn theo khung ba mươi phút, nhắn lịch hôm trước, bố trí bàn hướng dẫn", "Thời gian chờ trung bình giảm, khu chờ bớt đông trong mùa dịch", "Quản lý khám bệnh", "managerial", saving=("giờ làm thêm", 30, 70, 60_000)),
    _core("Hộp lấy mẫu xét nghiệm có vách ngăn giọt bắn", "Nhân viên lấy mẫu phải mặc đồ bảo hộ nhiều giờ, rất nóng và tốn đồ dùng một lần", "Dựng hộp khung nhôm, kính mica, gắn găng tay dài và quạt lọc", "Giảm số bộ đồ bảo hộ mỗi ca, người lấy mẫu đỡ mệt", "Phòng, chống dịch", "technical", saving=("bộ đồ bảo hộ", 60, 180, 120_000)),
    _core("Tận dụng chai dịch truyền làm hộp đựng vật sắc nhọn tạm thời", "Hộp an toàn không đủ khi tiêm chủng lưu động", "Vệ sinh, gia cố nắp chai và dán nhãn cảnh báo, thu gom đúng quy định trong ngày", "Luôn đủ hộp tại điểm tiêm", "Kiểm soát nhiễm khuẩn", "technical", saving=("hộp an toàn", 80, 200, 14_000)),
    _core("Sổ theo dõi đường huyết bằng bảng tính có cảnh báo màu", "Ghi tay nên khó thấy xu hướng, bác sĩ phải lật nhiều trang", "Lập bảng tính chung, tự tô màu khi vượt ngưỡng và vẽ biểu đồ theo người bệnh", "Chỉnh liều sớm hơn, hội chẩn nhanh hơn", "Công nghệ thông tin", "technology"),
    _core("Góc tư vấn nuôi con bằng sữa mẹ có hình minh hoạ", "Sản phụ lần đầu lúng túng, điều dưỡng phải nhắc lại nhiều lần", "Làm bộ tranh lật và đoạn phim ngắn chiếu tại phòng chờ, hướng dẫn theo nhóm", "Tỷ lệ bú sớm tăng, câu hỏi lặp lại giảm", "Truyền thông sức khoẻ", "operational"),
    _core("Giá treo ống dẫn lưu gắn thành giường", "Ống dẫn lưu hay bị gập hoặc tuột khi người bệnh trở mình", "Uốn giá treo bằng thép không gỉ, có khe giữ ống và vạch đo", "Không còn trường hợp tuột ống trong thời gian theo dõi", "Chăm sóc ngoại khoa", "technical"),
    _core("Quy trình rút gọn cấp phát thuốc ngoại trú", "Người bệnh phải qua bốn bàn mới nhận được thuốc", "Gộp khâu duyệt và in, bố trí quầy nhận theo số thứ tự gọi loa", "Còn hai bàn, thời gian chờ nhận thuốc giảm", "Dược", "managerial", saving=("giờ công", 50, 110, 42_000)),
    _core("Thiết bị hẹn giờ tắt đèn khử khuẩn phòng mổ", "Đèn cực tím có hôm quên tắt, hao bóng và không an toàn", "Lắp rơ-le thời gian và đèn báo ngoài cửa", "Không còn quên tắt, tuổi thọ bóng tăng", "Thiết bị y tế", "technical", saving=("bóng đèn cực tím", 4, 12, 420_000)),
    _core("Nhóm nhắn tin nhắc lịch tiêm chủng theo thôn", "Nhiều trẻ tiêm muộn vì gia đình quên lịch", "Lập danh sách theo thôn, nhắn trước ba ngày và trước một ngày, gọi lại ca vắng", "Tỷ lệ tiêm đúng lịch tăng", "Y tế dự phòng", "operational"),
    _core("Tận dụng nước thải máy lọc cho vệ sinh sân vườn", "Nước thải của hệ thống lọc chảy bỏ cả ngày", "Nối đường ống về bể chứa, dùng tưới cây và rửa sân", "Giảm lượng nước máy dùng cho sân vườn", "Tiết kiệm", "technical", saving=("khối nước", 90, 260, 12_000)),
    _core("Mã màu cho đồ vải theo khoa", "Đồ vải giặt chung hay thất lạc giữa các khoa", "May viền màu theo khoa, lập sổ giao nhận theo túi", "Thất lạc giảm hẳn, kiểm đếm nhanh", "Hậu cần", "managerial", saving=("bộ đồ vải", 8, 25, 180_000)),
    _core("Bàn tập vận động tay từ vật liệu sẵn có", "Bàn tập nhập ngoài đắt, người bệnh phải chờ lượt", "Làm bàn gỗ có ròng rọc, chốt xoay và vòng kẹp theo mức sức", "Thêm chỗ tập, người bệnh được tập đủ thời gian", "Phục hồi chức năng", "technical", saving=("lượt tập", 60, 160, 35_000)),
)  # fmt: skip
GARMENT = (
    _core("Gá định vị túi áo giúp may không cần lấy dấu", "Mỗi túi phải lấy dấu bằng phấn, mất thời gian và bẩn hàng", "Làm gá nhựa theo mẫu, gắn lên bàn máy, mép túi tỳ sát gá", "Bỏ hẳn công đoạn lấy dấu, hàng sạch hơn", "May công nghiệp", "technical", saving=("giờ công may", 120, 320, 32_000)),
    _core("Máng trượt chuyển bán thành phẩm giữa hai công đoạn", "Công nhân phải đứng dậy lấy hàng, tư thế xoay người gây mỏi lưng", "Làm máng nghiêng bằng ống nhựa và tôn, hàng tự trôi về tay người may sau", "Không phải đứng dậy lấy hàng, năng suất tổ tăng", "Tổ chức chuyền", "operational", saving=("giờ công may", 80, 240, 32_000)),
    _core("Sắp lại sơ đồ giác mẫu để giảm vải vụn", "Tỷ lệ vải vụn cao ở các mã hàng nhiều cỡ", "Ghép cỡ lớn với cỡ nhỏ trong cùng sơ đồ, kiểm tra trên phần mềm trước khi cắt", "Định mức vải giảm", "Kỹ thuật cắt", "technical", saving=("mét vải", 150, 480, 38_000)),
    _core("Đèn báo hỏng máy ba màu tại đầu chuyền", "Máy hỏng phải cử người đi tìm thợ, cả chuyền chờ", "Lắp đèn ba màu có nút bấm, thợ máy nhìn thấy từ xa", "Thời gian dừng chuyền giảm", "Bảo trì", "technical", saving=("giờ dừng chuyền", 10, 30, 420_000)),
    _core("Tủ chỉ phân màu có mã vạch", "Mất thời gian tìm chỉ và hay lấy nhầm tông", "Chia ô theo bảng màu, dán mã vạch, quét khi xuất", "Không còn nhầm tông chỉ", "Kho vật tư", "managerial"),
    _core("Bàn là hơi có dây treo cân bằng", "Bàn là nặng làm mỏi vai cuối ca", "Treo bằng lò xo cân bằng, di chuyển theo ray trên bàn", "Bớt mỏi, ít bỏng tay", "An toàn lao động", "technical"),
)  # fmt: skip
FOOD = (
    _core("Tận dụng hơi thải sấy khay làm nóng nước rửa", "Nước rửa khay phải đun bằng điện trong khi hơi thải bỏ ra ngoài", "Lắp ống xoắn thu nhiệt và bồn chứa cách nhiệt", "Bớt điện đun nước mỗi ngày", "Năng lượng", "technical", saving=("kWh điện", 900, 2600, 1_900)),
    _core("Khay lưới rửa nguyên liệu hai ngăn", "Rửa từng rổ nhỏ, nước chảy liên tục", "Làm khay lưới hai ngăn xoay vòng, nước dùng lại cho lượt rửa đầu", "Giảm nước và thời gian rửa", "Chế biến", "technical", saving=("khối nước", 160, 420, 13_000)),
    _core("Thẻ kanban cho thùng đóng gói", "Có lúc thừa thùng, có lúc thiếu thùng phải dừng gói", "Đặt thẻ theo mức tối thiểu, kho cấp khi thẻ về bảng", "Không còn dừng gói vì thiếu thùng", "Tổ chức sản xuất", "managerial", saving=("giờ dừng chuyền", 8, 26, 380_000)),
    _core("Chắn gió cửa kho lạnh bằng rèm nhựa lắp chồng", "Mỗi lần mở cửa hơi lạnh thoát nhiều", "Lắp rèm chồng mí, gắn công tắc báo quên đóng cửa", "Máy nén chạy ít hơn", "Điện lạnh", "technical", saving=("kWh điện", 700, 2100, 1_900)),
    _core("Dao cắt có vạch cữ để đều miếng", "Miếng cắt không đều phải sửa lại hoặc bỏ", "Hàn vạch cữ vào thớt và dao theo cỡ miếng", "Tỷ lệ sửa lại giảm", "Chế biến", "technical", saving=("kg nguyên liệu", 90, 260, 65_000)),
    _core("Bảng theo dõi vệ sinh thiết bị theo ca", "Ca sau không biết ca trước đã vệ sinh đến đâu", "Lập bảng có ô ký và ảnh mẫu, tổ trưởng kiểm tra chéo", "Không còn bỏ sót khi đoàn kiểm tra đến", "An toàn thực phẩm", "operational"),
)  # fmt: skip
UTILITY = (
    _core("Dò rò rỉ ban đêm theo vùng đồng hồ", "Rò rỉ nhỏ kéo dài nhiều tuần mới phát hiện", "Chia vùng, đọc lưu lượng lúc nửa đêm, khoanh vùng vượt ngưỡng để nghe ống", "Tìm ra điểm rò sớm hơn", "Chống thất thoát", "operational", saving=("khối nước", 900, 3200, 6_500)),
    _core("Đồ gá kẹp ống vỡ sửa nhanh không cắt nước", "Mỗi lần vỡ ống phải cắt nước cả tuyến", "Làm kẹp hai nửa có gioăng theo từng cỡ ống", "Sửa trong giờ đầu, không phải cắt nước cả tuyến", "Sửa chữa", "technical", saving=("giờ công", 20, 60, 55_000)),
    _core("Phần mềm bảng tính theo dõi bơm theo giờ thấp điểm", "Bơm chạy cả giờ cao điểm, tiền điện cao", "Lập lịch bơm theo mức bể và giá điện theo giờ", "Chuyển phần lớn giờ bơm sang giờ thấp điểm", "Năng lượng", "technology", saving=("kWh chuyển giờ", 1800, 5200, 1_300)),
    _core("Xe gom rác có nắp bật chân", "Công nhân phải mở nắp bằng tay, mùi và nước rỉ", "Hàn bàn đạp và thanh truyền mở nắp", "Sạch tay, thao tác nhanh", "Vệ sinh môi trường", "technical"),
    _core("Bản đồ van bằng ảnh vệ tinh in khổ lớn", "Ca trực mới khó tìm van khi sự cố đêm", "In bản đồ, đánh số van, dán mã tại hiện trường", "Thời gian tìm van giảm", "Vận hành", "operational"),
)  # fmt: skip
EDUCATION = (
    _core("Bộ thí nghiệm mạch điện từ pin và nam châm cũ", "Thiếu bộ thí nghiệm nên học sinh chỉ xem hình", "Gom pin cũ, nam châm và dây đồng làm mười hai bộ theo nhóm", "Mỗi nhóm đều được làm thí nghiệm", "Dạy học vật lý", "technical"),
    _core("Ngân hàng câu hỏi trắc nghiệm dùng chung của tổ", "Mỗi giáo viên tự soạn đề, mức độ không đều", "Phân mức câu hỏi, soát chéo, trộn đề tự động", "Ra đề nhanh, mức độ đều", "Kiểm tra đánh giá", "technology", saving=("giờ công soạn đề", 30, 80, 70_000)),
    _core("Giờ tự học có bạn kèm theo cặp", "Học sinh yếu ngại hỏi, tự học kém hiệu quả", "Xếp cặp theo môn, có phiếu theo dõi tiến bộ hằng tuần", "Số học sinh yếu giảm", "Hoạt động giáo dục", "operational"),
    _core("Sổ liên lạc bằng tin nhắn soạn sẵn theo mẫu", "Liên lạc với phụ huynh vùng xa khó và chậm", "Soạn mẫu tin ngắn, gửi theo nhóm lớp mỗi tuần", "Phụ huynh nắm tình hình kịp thời", "Chủ nhiệm", "managerial"),
    _core("Sân khấu hoá bài học lịch sử địa phương", "Học sinh ít hứng thú với bài dài", "Chia vai, dựng trích đoạn mười phút từ tư liệu địa phương", "Điểm kiểm tra và hứng thú đều tăng", "Dạy học lịch sử", "operational"),
)  # fmt: skip
PRIMARY = (
    _core("Tưới nhỏ giọt có hẹn giờ cho vườn ươm", "Tưới tay tốn công và nước, cây con không đều", "Lắp dây nhỏ giọt tận dụng, van hẹn giờ theo ô", "Tiết kiệm nước, cây đều", "Trồng trọt", "technical", saving=("khối nước", 120, 420, 9_000)),
    _core("Trải bạt ô kết tinh kết hợp gạt nước mưa", "Mưa trái mùa làm hỏng lứa muối đang kết tinh", "Trải bạt, làm rãnh gạt nước mặt và ván chắn", "Giữ được lứa muối, muối trắng hơn", "Sản xuất muối", "technical", saving=("tấn muối", 6, 22, 1_200_000)),
    _core("Bẫy côn trùng bằng đèn năng lượng mặt trời", "Phun thuốc nhiều lần mỗi vụ", "Làm bẫy đèn từ tấm pin nhỏ và chậu nước, đặt theo lưới", "Giảm lượt phun", "Bảo vệ thực vật", "technology", saving=("lượt phun", 3, 9, 650_000)),
    _core("Sàng rung phân cỡ tôm giống hai lớp", "Phân cỡ bằng tay làm tôm yếu", "Làm sàng hai lớp lưới, rung nhẹ trong nước", "Tỷ lệ sống tăng, nhanh hơn", "Thủy sản", "technical", saving=("nghìn con giống", 60, 190, 90_000)),
    _core("Đường xe rùa bằng ván ghép trên ruộng muối", "Gánh muối trên bờ trơn, dễ ngã", "Ghép ván có gờ, dùng xe rùa bánh lớn", "Không còn tai nạn ngã, chở nhanh hơn", "An toàn lao động", "technical"),
    _core("Tổ tuần rừng báo cáo bằng ảnh có toạ độ", "Báo cáo giấy chậm và khó kiểm tra", "Dùng điện thoại chụp ảnh, gom về bản đồ chung mỗi ngày", "Phát hiện vi phạm sớm", "Quản lý rừng", "technology"),
)  # fmt: skip
ENERGY = (
    _core("Rửa tấm pin bằng xe đẩy phun sương", "Rửa tay tốn nước và mất nhiều ngày", "Đóng xe đẩy có dàn phun và gạt mềm hai bên", "Rửa nhanh, ít nước", "Vận hành điện mặt trời", "technical", saving=("khối nước", 80, 260, 12_000)),
    _core("Cảnh báo lệch nhiệt tủ đấu dây bằng miếng dán đổi màu", "Đo nhiệt từng tủ mất cả ngày", "Dán miếng đổi màu theo ngưỡng, chụp ảnh khi tuần tra", "Phát hiện sớm đầu cốt lỏng", "Bảo trì", "technical", saving=("giờ công", 24, 70, 65_000)),
    _core("Bảng trực quan lịch thay dầu hộp số", "Lịch thay dầu ghi rải rác, có lần quá hạn", "Lập bảng theo tuabin, gắn thẻ màu theo tháng", "Không còn quá hạn", "Bảo trì", "managerial"),
    _core("Tận dụng nước làm mát tưới cây khuôn viên", "Nước làm mát thải trong khi phải mua nước tưới", "Nối về bể lắng, bơm tưới theo lịch", "Giảm tiền nước tưới", "Tiết kiệm", "technical", saving=("khối nước", 140, 380, 11_000)),
    _core("Sổ giao ca điện tử có ảnh đồng hồ", "Giao ca viết tay, số đọc nhầm", "Chụp đồng hồ, nhập biểu mẫu chung, tự tính chênh lệch", "Không còn nhầm số", "Vận hành", "technology"),
)  # fmt: skip
ADMINISTRATION = (
    _core("Mẫu hồ sơ một trang cho thủ tục hay sai", "Người dân phải bổ sung nhiều lần vì thiếu giấy", "Gộp yêu cầu vào một trang có ô đánh dấu và ví dụ", "Số lần bổ sung giảm", "Cải cách hành chính", "managerial", saving=("giờ công", 30, 90, 50_000)),
    _core("Lịch họp trực tuyến dùng chung phòng họp", "Trùng phòng họp, phải gọi điện hỏi nhau", "Lập lịch chung, đặt phòng theo khung giờ, nhắc trước", "Không còn trùng phòng", "Văn phòng", "technology"),
    _core("Kho biểu mẫu có hướng dẫn từng ô", "Mỗi nơi dùng một mẫu, phải sửa lại", "Thống nhất mẫu, ghi chú từng ô, đặt trên trang nội bộ", "Hồ sơ đúng mẫu ngay lần đầu", "Văn thư", "operational", saving=("giờ công", 24, 70, 50_000)),
    _core("Tin nhắn tự động báo kết quả hồ sơ", "Người dân đến hỏi khi chưa có kết quả", "Soạn mẫu tin, gửi khi hồ sơ đổi bước", "Giảm lượt đến hỏi", "Một cửa", "technology"),
    _core("Quy trình số hoá hồ sơ cũ theo nhóm việc", "Tìm hồ sơ cũ mất cả buổi", "Chia nhóm, quét theo đợt, đặt tên theo quy tắc", "Tìm hồ sơ trong vài phút", "Lưu trữ", "technology", saving=("giờ công", 40, 120, 50_000)),
    _core("Ngày thứ Sáu không giấy", "In nhiều bản nháp không cần thiết", "Quy ước duyệt trên máy, in hai mặt, gom giấy một mặt", "Giảm giấy và mực", "Tiết kiệm", "managerial", saving=("ram giấy", 10, 36, 68_000)),
)  # fmt: skip
WORKS = (
    _core("Khuôn thép lắp ghép đổ đan rãnh thoát nước", "Khuôn gỗ dùng vài lần đã hỏng", "Làm khuôn thép tháo nhanh, bôi dầu thải", "Dùng lại nhiều lần, đan phẳng", "Xây dựng", "technical", saving=("khuôn gỗ", 12, 40, 260_000)),
    _core("Cữ cắt đá chống văng", "Mảnh đá văng và cắt lệch", "Gắn cữ trượt và tấm chắn mica", "An toàn, ít phế phẩm", "An toàn lao động", "technical", saving=("mét vuông đá", 14, 46, 190_000)),
    _core("Giàn phun sương dập bụi từ bơm cũ", "Bụi nhiều ở khu nghiền", "Tận dụng bơm cũ, lắp béc phun theo cảm biến xe vào", "Bụi giảm, tiết kiệm nước", "Môi trường", "technical"),
    _core("Bảng nhắc bảo dưỡng máy theo giờ chạy", "Máy hỏng vì bảo dưỡng trễ", "Ghi giờ chạy mỗi ca, tô màu khi đến hạn", "Giảm hỏng đột xuất", "Bảo trì", "managerial", saving=("giờ dừng máy", 8, 24, 350_000)),
    _core("Giá treo dụng cụ theo bóng hình", "Mất thời gian tìm dụng cụ", "Vẽ bóng dụng cụ trên bảng, thiếu là thấy", "Không còn thất lạc", "5S", "operational"),
)  # fmt: skip
CORES = {
    "health": HEALTH,
    "garment": GARMENT,
    "food": FOOD,
    "manufacturing": (*WORKS, *FOOD[2:3]),
    "water": UTILITY,
    "construction": WORKS,
    "education": EDUCATION,
    "agriculture": PRIMARY,
    "salt": PRIMARY,
    "energy": ENERGY,
    "administration": ADMINISTRATION,
}
