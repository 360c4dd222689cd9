"""Files on S3-compatible storage, against a server that speaks the protocol over HTTP (moto's).

moto keeps objects in memory and does not verify signatures; a run against another server needs only
THIDUA_TEST_S3_ENDPOINT with THIDUA_S3_ACCESS_KEY and THIDUA_S3_SECRET_KEY.
"""

import io
import os
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.urls import reverse

from tests.documents.test_files import kept, picture
from tests.exchange.sheets import apply
from tests.initiatives.test_dossiers import IDEA, REASON, filed
from tests.initiatives.test_imports import row, sent
from tests.sites.shell.test_uploading import PDF, begin, send, send_all
from thidua.config import storage
from thidua.documents.domain import cleaning, previews
from thidua.documents.models import StoredFile
from thidua.initiatives.domain import attachments, packages, reception
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.sites.shell import health

boto3 = pytest.importorskip("boto3")
BUCKET = "thidua-kiem-thu"


@pytest.fixture(scope="module")
def endpoint():
    if address := os.environ.get("THIDUA_TEST_S3_ENDPOINT"):
        yield address
        return
    server_module = pytest.importorskip("moto.server")
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint, settings):
    """An empty bucket, and the settings an installation would have from its environment."""
    environ = {
        "THIDUA_S3_BUCKET": BUCKET,
        "THIDUA_S3_ENDPOINT": endpoint,
        "THIDUA_S3_REGION": "us-east-1",
        "THIDUA_S3_ACCESS_KEY": os.environ.get("THIDUA_S3_ACCESS_KEY", "thu"),
        "THIDUA_S3_SECRET_KEY": os.environ.get("THIDUA_S3_SECRET_KEY", "thu-nghiem"),
        "THIDUA_S3_PREFIX": "tep",
    }
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=environ["THIDUA_S3_ACCESS_KEY"],
        aws_secret_access_key=environ["THIDUA_S3_SECRET_KEY"],
    )
    if BUCKET not in [b["Name"] for b in client.list_buckets()["Buckets"]]:
        client.create_bucket(Bucket=BUCKET)
    for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=found["Key"])
    settings.STORAGES = {**settings.STORAGES, "default": storage.files(environ)}
    return lambda: [o["Key"] for o in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_without_a_bucket_files_stay_on_the_disk():
    assert storage.files({}) == storage.DISK


def test_a_monitor_is_told_when_the_bucket_is_gone(bucket, settings):
    assert health._try_files() == "ok"
    options = {**settings.STORAGES["default"]["OPTIONS"], "bucket_name": "khong-co-kho-nay"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    assert health._try_files() == "unwritable"


def test_a_file_goes_to_the_bucket_and_comes_back(cast, sign_in, bucket):
    initiative = filed(cast)
    reception.send_back(initiative, by=cast.binh, reason=REASON)
    attachment = attachments.attach(initiative, picture(size=(900, 600)), "sau.jpg", "photo_after", by=cast.an)
    assert bucket() == [f"tep/{attachment.file.stored.name}"]
    answer = sign_in(cast.an).get(reverse("office:file", args=[attachment.file_id]))
    content = b"".join(answer.streaming_content)
    with attachment.file.stored.open("rb") as opened:
        assert content == opened.read()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_upload_in_pieces_ends_in_the_bucket(cast, sign_in, bucket):
    """Cut off and begun again: the pieces wait in the database, the whole file goes to the bucket once."""
    an = sign_in(cast.an)
    send(an, begin(an).json())
    assert bucket() == []
    send_all(an)
    an.post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "act": "send"})
    attachment = Initiative.objects.get().attachments.get()
    assert bucket() == [f"tep/{attachment.file.stored.name}"]
    with attachment.file.stored.open("rb") as opened:
        assert opened.read() == PDF


def test_a_package_of_attachments_is_unpacked_from_the_bucket_and_leaves_it(cast, bucket):
    """On another machine than the one that took it in: nothing of it lies on a disk."""
    apply(sent(cast, row(code="DV001", files="a.pdf")), by=cast.binh)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.pdf", b"%PDF-1.4\n1 0 obj\n")
    given = packages.receive(ContentFile(made.getvalue(), "goi.zip"), unit=cast["TB-YT-01"], by=cast.binh)
    assert [key for key in bucket() if "packages/" in key]
    packages.unpack(given.pk)
    given.refresh_from_db()
    assert given.ended_at is not None
    kept = Initiative.objects.get().attachments.get()
    assert f"tep/{kept.file.stored.name}" in bucket()


def test_previews_and_clean_up_work_there_too(db, today, bucket):
    stored = kept(picture(size=(900, 600)))
    previews.make_some()
    assert len(bucket()) == 2
    assert cleaning.sweep_storage(stored.stored.name[:2]) == 0
    StoredFile.objects.update(given_at=clock.now() - timedelta(days=3))
    assert cleaning.sweep() == 1
    assert bucket() == []
    assert storages["default"] is not None
    assert not default_storage.exists(stored.stored.name)
