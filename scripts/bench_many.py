"""``make bench``, too: 100 profiles against one, and against a bare httpx program that sends the same requests.

The gateways are 100 ports of this machine that wait before they answer, in a process of its own. Runs are interleaved
and medians are compared.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BIN = Path(sys.executable).parent
HOSTS = 100
WAIT_S = 0.3
RUNS = 5
TIME_LIMIT = 1.5
CPU_LIMIT = 2.0
BARE = """
import asyncio, json, sys
import httpx

async def one_host(client, requests):
    for url, headers, body in requests:
        async with client.stream("POST", url, headers=headers, content=body) as response:
            async for _ in response.aiter_raw():
                pass
            assert response.status_code == 200

async def main():
    with open(sys.argv[1]) as file:
        hosts = json.load(file)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        await asyncio.gather(*(one_host(client, requests) for requests in hosts))

asyncio.run(main())
"""
Sent = tuple[str, dict[str, str], str]


class Cost(NamedTuple):
    """What one run took, in seconds."""

    wall: float
    cpu: float


class Gateways:
    """What the server process does: answer each question after a while, and remember it."""

    def __init__(self) -> None:
        from tests.support.good_gateway import answer_to, streamed
        from tests.support.misbehaving import encode

        self.seen: dict[int, list[Sent]] = {}
        self._answer_to = answer_to
        self._streamed = streamed
        self._encode = encode

    async def serve(self) -> None:
        """Say the ports, then answer until stdin ends; each line on stdin is answered with what was seen since."""
        servers = [await asyncio.start_server(self._talk, "127.0.0.1", 0) for _ in range(HOSTS)]
        _say([server.sockets[0].getsockname()[1] for server in servers])
        while await asyncio.to_thread(sys.stdin.readline):
            _say(list(self.seen.values()))
            self.seen.clear()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        body = await reader.readexactly(int({name.lower(): value for name, value in headers.items()}["content-length"]))
        port: int = writer.get_extra_info("sockname")[1]
        kept = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
        self.seen.setdefault(port, []).append((f"http://127.0.0.1:{port}{first.split()[1]}", kept, body.decode()))
        await asyncio.sleep(WAIT_S)
        asked: dict[str, Any] = json.loads(body)
        content, stop_reason = self._answer_to(asked)
        usage = {"input_tokens": 14, "output_tokens": 6}
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for event in self._streamed(asked["model"], content, stop_reason, usage):
            data = self._encode([event])
            writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        writer.write(b"0\r\n\r\n")
        await writer.drain()


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def cost_of(command: list[str], environment: dict[str, str]) -> Cost:
    """One run from exec to exit; it must end well."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[:3]} ended with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime)


def add_profiles(home: str, ports: list[int]) -> dict[str, str]:
    """A home with a profile for each port, as an environment."""
    from tests.support.home import KEY_VARIABLE, SHELL_VARIABLES, add_profile

    proxies = [name for name in os.environ if name.lower().endswith("_proxy")]
    for variable in (*SHELL_VARIABLES, *proxies):
        os.environ.pop(variable, None)
    os.environ.update(
        {"HOME": home, "CCSWITCH_HOME": f"{home}/ccswitch", KEY_VARIABLE: "made-up-key-for-the-bench-0123456789"}
    )
    from ccswitch_py.core.paths import find_paths

    for number, port in enumerate(ports):
        add_profile(find_paths(), f"gateway-{number}", f"http://127.0.0.1:{port}")
    return dict(os.environ)


def main() -> None:
    """Measure and print."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(ROOT / "ccswitch_py")], check=True)
    command = [sys.executable, __file__, "--serve"]
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdin and server.stdout
        environment = add_profiles(home, json.loads(server.stdout.readline()))
        ccswitch = str(BIN / "ccswitch")
        plan = f"{home}/requests.json"
        cases = {
            "ccswitch test, 1 profile": [ccswitch, "test", "gateway-0"],
            f"ccswitch test --all, {HOSTS} profiles": [ccswitch, "test", "--all", "--json"],
            "bare httpx, the same requests": [sys.executable, "-c", BARE, plan],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in cases}
        requests: dict[str, int] = {}
        for _ in range(RUNS):
            for name, case in cases.items():
                costs[name].append(cost_of(case, environment))
                server.stdin.write("seen?\n")
                server.stdin.flush()
                seen: list[list[Sent]] = json.loads(server.stdout.readline())
                requests[name] = sum(map(len, seen))
                if "--all" in case:
                    Path(plan).write_text(json.dumps(seen))
        server.stdin.close()
        report(costs, requests)


def report(costs: dict[str, list[Cost]], requests: dict[str, int]) -> None:
    """The two ratios, and what they are made of."""
    wall = {name: statistics.median(cost.wall for cost in runs) for name, runs in costs.items()}
    cpu = {name: statistics.median(cost.cpu for cost in runs) for name, runs in costs.items()}
    for name in costs:
        print(f"{name:<34}{wall[name]:8.2f} s {cpu[name]:8.2f} s CPU  {requests[name]} requests")
    one, many, bare = costs
    rows = (
        ("time, 100 profiles to 1", wall[many] / wall[one], TIME_LIMIT),
        ("CPU, to bare httpx", cpu[many] / cpu[bare], CPU_LIMIT),
    )
    for name, ratio, limit in rows:
        print(f"{name:<34}{ratio:8.2f} ×  limit {limit} ×  {'ok' if ratio <= limit else 'TOO SLOW'}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        asyncio.run(Gateways().serve())
    else:
        main()
