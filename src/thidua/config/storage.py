"""Where uploaded files live: on this machine's disk, or on S3-compatible storage when a bucket is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

DISK: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def files(environ: Mapping[str, str]) -> dict[str, Any]:
    """Django's `STORAGES["default"]`. S3 needs the extra `thidua[s3]`."""
    bucket = environ.get("THIDUA_S3_BUCKET", "")
    if not bucket:
        return DISK
    try:
        from botocore.config import Config
    except ImportError as error:
        raise ImproperlyConfigured("THIDUA_S3_BUCKET: pip install thidua[s3]") from error

    # Most servers people run themselves have no host name for each bucket. A server that is silent is given up on
    # before the request is: botocore alone would wait for five minutes.
    how = Config(
        s3={"addressing_style": environ.get("THIDUA_S3_ADDRESSING", "path")},
        signature_version="s3v4",
        connect_timeout=5,
        read_timeout=20,
        retries={"total_max_attempts": 2},
    )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": environ.get("THIDUA_S3_ENDPOINT") or None,
            "region_name": environ.get("THIDUA_S3_REGION") or None,
            "access_key": environ.get("THIDUA_S3_ACCESS_KEY") or None,
            "secret_key": environ.get("THIDUA_S3_SECRET_KEY") or None,
            "location": environ.get("THIDUA_S3_PREFIX", ""),
            "client_config": how,
            # Nobody reads the bucket but this software: it decides who may see which file.
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
