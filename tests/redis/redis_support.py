# SPDX-License-Identifier: MIT
"""What the tests of the mirror share: redis-server on a free loopback port, a small client, a program that is mirrored.
Whatever is started is stopped by its id."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from patience import PATIENCE, Failure, check, until  # noqa: E402


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """One connection, one command at a time."""

    def __init__(self, port, user=(), timeout=PATIENCE):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.file = self.socket.makefile("rb")
        if user:
            self.do("AUTH", *user)

    def send(self, *words):
        words = [w if isinstance(w, bytes) else str(w).encode() for w in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words))

    def read(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            return Failure(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        return None if rest == b"-1" else [self.read() for _ in range(int(rest))]

    def do(self, *words):
        self.send(*words)
        got = self.read()
        if isinstance(got, Failure):
            raise got
        return got

    def close(self):
        self.file.close()
        self.socket.close()


class Redis:
    """A server of its own: nothing is written to disk."""

    def __init__(self, *options, port=None, user=()):
        if not shutil.which("redis-server"):
            print("redis-server is missing (Debian: redis-server)")
            sys.exit(77)
        self.port = port or free_port()
        self.user = user
        self.options = options
        self.dir = tempfile.mkdtemp(prefix="wick-redis.")
        self.process = None
        while not self.start():
            self.port = port or free_port()  # another test was faster

    def start(self):
        self.process = subprocess.Popen(["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.dir,
                                         "--logfile", os.path.join(self.dir, "log"), *self.options],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: self.answers() or self.process.poll() is not None, "redis-server answers")
        return self.process.poll() is None

    def answers(self):
        try:
            client = Client(self.port, self.user, 2)
            client.do("PING")
            client.close()
            return True
        except Failure:
            return True  # it wants a password
        except OSError:
            return False

    def do(self, *words):
        client = Client(self.port, self.user)
        try:
            return client.do(*words)
        finally:
            client.close()

    def signal(self, number):
        os.kill(self.process.pid, number)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.process.kill()
        if self.process:
            self.process.wait()

    def close(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def url(self):
        return "redis://127.0.0.1:%d/0" % self.port

    def hash(self, key):
        got = self.do("HGETALL", key)
        return dict(zip(got[::2], got[1::2]))

    def keys(self, pattern="*"):
        return sorted(key.decode() for key in self.do("KEYS", pattern))


class Cluster:
    """So many nodes, with so many replicas of each."""

    def __init__(self, nodes=3, replicas=0):
        self.servers = []
        try:
            for _ in range(nodes * (1 + replicas)):
                self.servers.append(Redis("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "1000", "--cluster-port",
                                          str(free_port())))
            made = subprocess.run(["redis-cli", "--cluster", "create", *["127.0.0.1:%d" % s.port for s in self.servers], "--cluster-replicas", str(replicas),
                                   "--cluster-yes"], capture_output=True, text=True, timeout=PATIENCE)
            check(made.returncode == 0, made.stdout + made.stderr)
            until(lambda: all(b"cluster_state:ok" in s.do("CLUSTER", "INFO") for s in self.servers), "the cluster is well")
            until(lambda: all(b"master_link_status:up" in s.do("INFO", "replication") for s in self.servers if s.do("ROLE")[0] == b"slave"), "replicas follow")
        except BaseException:
            self.close()
            raise

    def owner(self, key):
        """The node that has a key."""
        slot = self.servers[0].do("CLUSTER", "KEYSLOT", key)
        port = next(node[1] for first, last, node, *_ in self.servers[0].do("CLUSTER", "SLOTS") if first <= slot <= last)
        return next(s for s in self.servers if s.port == port)

    def close(self):
        for server in self.servers:
            server.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Monitor:
    """Every command that a server executes."""

    def __init__(self, redis):
        self.redis = redis
        self.client = Client(redis.port, redis.user)
        self.client.do("MONITOR")

    def lines(self):
        """The commands since the last call: a mark of our own ends them."""
        mark, lines = "mark-%f" % time.monotonic(), []
        self.redis.do("ECHO", mark)
        while True:
            line = self.client.read()
            if mark in line:
                return lines
            lines.append(line)

    def nodes(self):
        return sorted(line.split('"')[3].split(":n:")[1] for line in self.lines() if '"HSET"' in line and ":n:" in line)


class Program:
    def __init__(self, path, url, env=None, log=None):
        environment = {"PATH": os.environ["PATH"], "WICK_REDIS": url, "WICK_RUN": "run-1", "WICK_REDIS_RETRY": "300ms", **(env or {})}
        environment.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS") or k == "LD_LIBRARY_PATH"})
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, bufsize=1,
                                        env={k: v for k, v in environment.items() if v is not None})

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def do(self, *commands):
        for command in commands:
            got = self.ask(command)
            check(got in ("0", "ok"), "%s: %s; %s" % (command, got, self.said()))

    def flush(self):
        got = self.ask("flush")
        check(got.startswith("0 "), "flush: %s; %s" % (got, self.said()))

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def end(self, code=0):
        self.process.stdin.close()
        got = self.process.wait(PATIENCE)
        check(code is None or got == code, "the program ended with %d: %s" % (got, self.said()))
        return self.said()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


def tool(path, *arguments, env=None, code=0):
    got = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=PATIENCE,
                         env={"PATH": os.environ["PATH"], **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}, **(env or {})})
    check(code is None or got.returncode == code, "wick %s: %d\n%s%s" % (" ".join(arguments), got.returncode, got.stdout, got.stderr))
    return got.stdout if code == 0 else got.stdout + got.stderr


def main(cases):
    name, program, tool_path = sys.argv[1:4]
    try:
        cases[name](program, tool_path)
    except Failure as failure:
        print("%s: %s" % (name, failure))
        sys.exit(1)
