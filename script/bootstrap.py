"""Make the environment the other scripts run in. Only Python's standard library is used here.

`ensure(lock)` creates .venv and installs exactly what requirements/<lock>.lock names (by hash).
A second call is quick: the lock's own hash is remembered in the environment.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def give_up(line: str, code: int = 1) -> None:
    say(f"thidua: {line}")
    raise SystemExit(code)


def ensure(name: str) -> None:
    """Install requirements/<name>.lock into .venv unless that has been done. `dev` contains `app`."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very line is for older ones
        give_up(f"cần Python 3.11 trở lên, đang có {sys.version.split()[0]} (Python 3.11+ is needed)")
    lock = ROOT / "requirements" / f"{name}.lock"
    wanted = {f"{name}:{_digest(ROOT / 'requirements' / f'{n}.lock')}" for n in (name,)}
    have = set(STAMP.read_text("utf-8").split()) if STAMP.exists() and PYTHON.exists() else set()
    dev = f"dev:{_digest(ROOT / 'requirements' / 'dev.lock')}"
    if wanted <= have or dev in have:
        return
    _create()
    say(f"Đang cài thư viện (installing libraries, requirements/{name}.lock) …")
    if not _install_with_uv(lock) and not _install_with_pip(lock):
        give_up("không cài được thư viện: xem lỗi ở trên (libraries could not be installed)")
    STAMP.write_text("\n".join(wanted), "utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:20]


def _create() -> None:
    if PYTHON.exists():
        return
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        if "ensurepip" in made.stdout + made.stderr:
            give_up("thiếu gói venv; trên Debian/Ubuntu: apt-get install python3-venv (venv is missing)")
        give_up(f"không tạo được {VENV} (cannot create): {(made.stderr or made.stdout).strip()[-200:]}")


def _pip_index() -> dict[str, str]:
    """What pip is configured with, for uv, which does not read pip's configuration."""
    listed = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    found = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", listed, re.MULTILINE))
    env: dict[str, str] = {}
    if "index-url" in found:
        env["UV_DEFAULT_INDEX"] = found["index-url"]
    if "cert" in found:
        env["SSL_CERT_FILE"] = found["cert"]
    return {key: value for key, value in env.items() if key not in os.environ}


def _install_with_uv(lock: Path) -> bool:
    """Seconds instead of minutes; any failure falls back to pip."""
    tool = ROOT / "requirements" / "uv.lock.txt"
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", tool]
    if subprocess.run(pip, capture_output=True).returncode:
        return False
    env = {**os.environ, **_pip_index()}
    sync = [VENV / "bin" / "uv", "pip", "install", "-q", "--python", PYTHON, "--require-hashes", "-r", lock]
    return subprocess.run(sync, env=env, capture_output=True).returncode == 0


def _install_with_pip(lock: Path) -> bool:
    command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    return subprocess.run(command).returncode == 0


def environment(**more: str) -> dict[str, str]:
    """The environment of our own commands."""
    paths = [str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    base = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "thidua.config.settings"),
        "PATH": os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", "")]),
        "PYTHONUNBUFFERED": "1",
    }
    return {**base, **more}


def become(*arguments: str) -> None:
    """Replace this process by a command inside the environment."""
    os.chdir(ROOT)
    os.execve(str(PYTHON), [str(PYTHON), *arguments], environment())
