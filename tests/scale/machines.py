"""Machines on the loopback: a primary, its streaming copy, a pooler, a bucket, and web nodes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import requests

from thidua.config import database

PASSWORD = "machines-of-a-test"
BUCKET = "thidua"
Child = subprocess.Popen[bytes]
KEYS = {"THIDUA_S3_ACCESS_KEY": "thu", "THIDUA_S3_SECRET_KEY": "thu-nghiem-that"}


def own_url(port: int, name: str = database.NAME) -> str:
    return f"postgres://{database.USER}:{PASSWORD}@127.0.0.1:{port}/{name}"


def wait_for(what: str, answers: Any, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not answers():
        assert time.monotonic() < deadline, f"{what} does not answer"
        time.sleep(0.05)


@dataclass
class Machines:
    folder: Path
    stack: ExitStack
    install: Path = field(init=False)
    primary: int = field(default_factory=database.free_port)
    copy: int = field(default_factory=database.free_port)

    def __post_init__(self) -> None:
        self.folder.chmod(0o755)  # as root, PostgreSQL and PgBouncer run as nobody
        self.install, _home = database.place(self.folder)

    # --- PostgreSQL ---

    @property
    def copy_folder(self) -> Path:
        return self.folder / "copy"

    def start_primary(self, schema_of: dict[str, Any]) -> None:
        """An empty site: the schema of the test database, so that no migration has to run again."""
        cluster = self.folder / "primary"
        database.initialise(self.install, cluster, PASSWORD)
        self.stack.callback(database.end, cluster)
        self._launch(cluster, self.primary)
        with psycopg.connect(own_url(self.primary, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database.NAME}")
        dump = [self.install / "bin" / "pg_dump", "--no-owner", "--no-privileges", "-h", schema_of["HOST"]]
        dump += ["-p", str(schema_of["PORT"] or 5432), "-U", schema_of["USER"], "-d", schema_of["NAME"]]
        env = {**os.environ, "PGPASSWORD": schema_of["PASSWORD"] or ""}
        load = [self.install / "bin" / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, own_url(self.primary)]
        for part in (["--schema-only"], ["--data-only", "-t", "django_migrations"]):
            made = subprocess.run([*dump, *part], env=env, check=True, capture_output=True)
            subprocess.run(load, input=made.stdout, check=True, capture_output=True)

    def copy_primary(self) -> None:
        """pg_basebackup of the embedded server, with the settings of a streaming standby."""
        self.copy_folder.mkdir(mode=0o700)
        user = database.servant()
        if user:
            os.chown(self.copy_folder, user["user"], user["group"])
        command = [self.install / "bin" / "pg_basebackup", "-D", self.copy_folder, "-R", "-X", "stream"]
        command += ["-c", "fast", "-h", "127.0.0.1", "-p", str(self.primary), "-U", database.USER]
        env = {**os.environ, "PGPASSWORD": PASSWORD}
        subprocess.run(command, env=env, cwd="/", check=True, capture_output=True, **user)
        self.stack.callback(database.end, self.copy_folder)
        self.start_copy()

    def start_copy(self) -> None:
        self._launch(self.copy_folder, self.copy)

    def stop_copy(self) -> None:
        database.end(self.copy_folder)

    def _launch(self, cluster: Path, port: int) -> None:
        small = {"shared_buffers": "64MB", "max_connections": "60", "fsync": "off", "max_wal_size": "512MB"}
        database.launch(self.install, cluster, port, **small)

    def on_copy(self, query: str) -> Any:
        with psycopg.connect(own_url(self.copy), autocommit=True) as connection:
            return connection.execute(query).fetchone()

    def wait_until_copied(self) -> None:
        with psycopg.connect(own_url(self.primary)) as connection:
            at = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()[0]
        wait_for("the copy", lambda: self.on_copy(f"SELECT pg_last_wal_replay_lsn() >= '{at}'::pg_lsn")[0])

    # --- what stands beside it ---

    def start_pooler(self, program: str) -> str:
        """PgBouncer in transaction mode with two server connections for everybody."""
        port, place = database.free_port(), self.folder / "pooler"
        place.mkdir()
        (place / "users.txt").write_text(f'"{database.USER}" "{PASSWORD}"\n')
        (place / "pgbouncer.ini").write_text(
            f"""[databases]
{database.NAME} = host=127.0.0.1 port={self.primary}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {place}/users.txt
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
logfile = {place}/log
"""
        )
        user = database.servant()
        if user:
            for path in (place, *place.iterdir()):
                os.chown(path, user["user"], user["group"])
        self._run([program, str(place / "pgbouncer.ini")], {}, "pooler", user)
        wait_for("pgbouncer", lambda: _connects(own_url(port)))
        return own_url(port)

    def start_bucket(self) -> dict[str, str]:
        """SeaweedFS, which checks signatures; where its wheel does not exist, moto's server."""
        port, place = database.free_port(), self.folder / "bucket"
        place.mkdir()
        weed = shutil.which(
            "weed", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        )
        if weed:
            actions = ["Admin", "Read", "Write", "List", "Tagging"]
            key = {"accessKey": KEYS["THIDUA_S3_ACCESS_KEY"], "secretKey": KEYS["THIDUA_S3_SECRET_KEY"]}
            told = {"identities": [{"name": "thidua", "credentials": [key], "actions": actions}]}
            (place / "s3.json").write_text(json.dumps(told))
            ports = [f"-{part}={database.free_port()}" for part in ("master.port", "volume.port", "filer.port")]
            ports += [f"-{part}={database.free_port()}" for part in ("master.port.grpc", "volume.port.grpc")]
            ports += [f"-{part}={database.free_port()}" for part in ("filer.port.grpc", "s3.port.grpc")]
            command = [weed, "server", f"-dir={place}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
            command += ["-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=10", f"-s3.port={port}"]
            weed_ = self._run([*command, *ports, f"-s3.config={place}/s3.json"], {}, "bucket")
            self.stack.callback(weed_.kill)  # it would take its time to say goodbye, and keeps nothing
        else:
            program = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
            self._run(program, {}, "bucket")
        told = {"THIDUA_S3_BUCKET": BUCKET, "THIDUA_S3_ENDPOINT": f"http://127.0.0.1:{port}", **KEYS}
        wait_for("the bucket's server", lambda: _makes_bucket(told))
        return told | {"THIDUA_S3_REGION": "us-east-1"}

    def start_node(self, name: str, env: dict[str, str]) -> str:
        """A web node with a data directory of its own, as the supervisor starts it."""
        port, place = database.free_port(), self.folder / name
        place.mkdir(exist_ok=True)
        (place / "static").symlink_to(self.folder / "static")
        command = [sys.executable, "-m", "gunicorn", "thidua.config.wsgi", "--config", "python:thidua.config.web"]
        command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "4"]
        self._run(command, {**env, "THIDUA_DATA": str(place), "THIDUA_POOL": "4"}, name)
        wait_for(name, lambda: _says_ok(f"http://127.0.0.1:{port}/health"))
        return f"http://127.0.0.1:{port}"

    def start_worker(self, env: dict[str, str]) -> None:
        command = [sys.executable, "-m", "django", "procrastinate", "worker", "--shutdown-graceful-timeout", "5"]
        self._run(command, env, "worker")

    def _run(self, command: list[str], env: dict[str, str], name: str, user: dict[str, Any] | None = None) -> Child:
        log = self.stack.enter_context((self.folder / f"{name}.log").open("w"))
        child = subprocess.Popen(
            command, env={**os.environ, **env}, stdout=log, stderr=log, cwd=str(self.folder), **(user or {})
        )
        self.stack.callback(_end, child)
        return child


def _end(child: Child) -> None:
    child.terminate()
    try:
        child.wait(15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _says_ok(url: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(url, timeout=5).ok
    return False


def _makes_bucket(told: dict[str, str]) -> bool:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client(
        "s3",
        endpoint_url=told["THIDUA_S3_ENDPOINT"],
        region_name="us-east-1",
        aws_access_key_id=told["THIDUA_S3_ACCESS_KEY"],
        aws_secret_access_key=told["THIDUA_S3_SECRET_KEY"],
    )
    with suppress(BotoCoreError, ClientError):
        client.create_bucket(Bucket=BUCKET)
        return True
    return False
