"""Files on S3-compatible storage, against a server that speaks the protocol over HTTP (moto's).

moto keeps objects in memory and does not verify signatures; a run against another server needs only
THIDUA_TEST_S3_ENDPOINT with THIDUA_S3_ACCESS_KEY and THIDUA_S3_SECRET_KEY.
"""

import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage, storages
from django.urls import reverse

from tests.documents.test_files import kept, picture
from tests.initiatives.test_dossiers import REASON, filed
from thidua.config import storage
from thidua.documents.domain import cleaning, previews
from thidua.documents.models import StoredFile
from thidua.initiatives.domain import attachments, reception
from thidua.kernel import clock

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
