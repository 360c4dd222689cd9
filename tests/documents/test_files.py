"""Files taken in: hostile ones refused with the sentence, ordinary ones kept, scanned, previewed, cleared away."""

import io
import socket
import struct
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from tests.documents import hostile
from thidua.documents.domain import cleaning, files, previews
from thidua.documents.models import StoredFile
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused


def kept(content: bytes, name: str = "tep.bin", purpose: str = "evidence") -> StoredFile:
    return files.store(content, name, purpose=purpose, unit=None, by=None)


def picture(kind: str = "JPEG", size=(40, 30), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("case", hostile.CASES)
def test_hostile_files_are_refused_with_the_sentence(db, case):
    content, sentence = hostile.CASES[case]
    with pytest.raises(Refused, match=sentence):
        kept(content, "anh.jpg")
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (picture(), "image/jpeg"),
        (picture("PNG"), "image/jpeg"),
        (picture("WEBP"), "image/jpeg"),
        (hostile.pdf(hostile.packed_stream(b"BT (Xe) Tj ET" * 1000)), "application/pdf"),
        (hostile.docx(), files.DOCX),
        (hostile.docx_with("word/_rels/document.xml.rels", hostile.LINK), files.DOCX),
    ],
)
def test_ordinary_files_are_kept_by_what_they_are(db, content, content_type):
    stored = kept(content, "../../tên tệp.exe")
    assert stored.content_type == content_type
    assert stored.name == f"tên tệp.{files.EXTENSIONS[content_type]}"


def test_papers_this_software_makes_may_be_taken_in_again(db):
    from tests.documents.rendering.samples import PLAN
    from thidua.documents.rendering import official

    assert kept(official.to_pdf(PLAN)).content_type == "application/pdf"
    assert kept(official.to_docx(PLAN)).content_type == files.DOCX


def test_a_photo_is_turned_upright_and_loses_where_it_was_taken(db):
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010F] = "Máy ảnh của An"
    stored = kept(picture(size=(60, 40), exif=exif))
    with stored.stored.open("rb") as opened, Image.open(opened) as image:
        assert image.size == (40, 60)
        assert not image.getexif()


class Clamd(threading.Thread):
    """A small clamd: speaks INSTREAM, finds the EICAR test string."""

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True)
        self.door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.door.bind(path)
        self.door.listen()
        self.seen = b""

    def run(self) -> None:
        while True:
            line, _address = self.door.accept()
            with line, line.makefile("rb") as heard:
                assert heard.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack("!L", heard.read(4))[0]:
                    content += heard.read(length)
                self.seen = content
                line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0")


def test_the_scanner_is_asked_when_there_is_one(db, settings, tmp_path):
    scanner = Clamd(str(tmp_path / "clamd"))
    scanner.start()
    settings.CLAMD = str(tmp_path / "clamd")
    clean = hostile.pdf(b"x" * 200_000)
    kept(clean)
    assert scanner.seen == clean
    with pytest.raises(Refused, match="mã độc"):
        kept(hostile.pdf(b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"))


def test_a_scanner_that_does_not_answer_lets_nothing_through(db, settings, tmp_path):
    settings.CLAMD = str(tmp_path / "nobody")
    with pytest.raises(Refused, match="Chưa kiểm tra được vi-rút"):
        kept(hostile.pdf())


def test_previews_of_pictures_and_pdfs_are_made_by_the_worker(db):
    from tests.documents.rendering.samples import PLAN
    from thidua.documents.rendering import official

    photo, paper = kept(picture(size=(1600, 1200))), kept(official.to_pdf(PLAN))
    sheet, broken = kept(hostile.docx()), kept(hostile.pdf())
    assert previews.make_some() == 3
    assert previews.make_some() == 0
    for stored in (photo, paper):
        stored.refresh_from_db()
        with stored.preview.open("rb") as opened, Image.open(opened) as image:
            assert max(image.size) == previews.SIDE
    for stored in (sheet, broken):
        stored.refresh_from_db()
        assert not stored.preview


def test_files_no_record_has_are_cleared_away_after_two_days(db, today):
    stored = kept(picture())
    previews.make_some()
    stored.refresh_from_db()
    names = [stored.stored.name, stored.preview.name]
    assert cleaning.sweep() == 0
    StoredFile.objects.update(given_at=clock.now() - timedelta(days=3))
    assert cleaning.sweep() == 1
    assert not StoredFile.objects.exists()
    assert not any(default_storage.exists(n) for n in names)


def test_an_attached_file_is_never_cleared_away(cast):
    from tests.initiatives.test_dossiers import filed
    from thidua.initiatives.domain import attachments, reception

    initiative = filed(cast)
    reception.send_back(initiative, by=cast.binh, reason="Đề nghị bổ sung ảnh minh chứng của sáng kiến.")
    attachments.attach(initiative, picture(), "a.jpg", "photo_after", by=cast.an)
    StoredFile.objects.update(given_at=clock.now() - timedelta(days=30))
    assert cleaning.sweep() == 0


def test_bytes_a_kill_left_without_a_row_are_swept_folder_by_folder(db, monkeypatch):
    stored = kept(picture())
    folder = stored.stored.name[:2]
    stray = f"{stored.stored.name[:6]}stray.jpg"
    default_storage.save(stray, io.BytesIO(b"x"))
    assert cleaning.sweep_storage(folder) == 0  # it may be on its way into the database
    monkeypatch.setattr(cleaning, "KEPT_FOR", timedelta(days=-20000))
    assert cleaning.sweep_storage(folder) == 1
    assert default_storage.exists(stored.stored.name)
    assert cleaning.sweep_storage("zz") == 0
