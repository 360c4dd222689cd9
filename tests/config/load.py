"""A small load of our own: clients that ask again and again and write down what came back."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Load:
    """Half of the clients keep their connection, like a proxy; half open one for each request."""

    port: int
    paths: tuple[str, ...]
    clients: int = 4
    seen: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Load:
        self._threads = [threading.Thread(target=self._ask, args=(n,), daemon=True) for n in range(self.clients)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _ask(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        turn = number
        while not self._stop.is_set():
            turn += 1
            started = time.monotonic()
            try:
                connection.request("GET", self.paths[turn % len(self.paths)], headers={"Host": "localhost"})
                answer = connection.getresponse()
                answer.read()
                self.seen[str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as fault:
                self.seen[type(fault).__name__] += 1
                connection.close()
            self.slowest = max(self.slowest, time.monotonic() - started)
            if number % 2:
                connection.close()
            self._stop.wait(0.05)
        connection.close()

    def wait_for(self, requests: int, *, seconds: float = 30) -> None:
        """Until so many more requests have been answered."""
        until, deadline = sum(self.seen.values()) + requests, time.monotonic() + seconds
        while sum(self.seen.values()) < until and time.monotonic() < deadline:
            self._stop.wait(0.02)
