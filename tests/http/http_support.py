# SPDX-License-Identifier: MIT
"""What the tests of the server share: a program that is served, raw sockets, events, decoding of the wire by
the tool. Every test starts its own server on a free port and ends it."""
import base64
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from patience import PATIENCE, Failure, check, until  # noqa: E402


def links_of(pid):
    """What the descriptors of a process are; those that are closed meanwhile are left out."""
    directory, links = "/proc/%d/fd" % pid, {}
    for fd in os.listdir(directory):
        try:
            links[int(fd)] = os.readlink(os.path.join(directory, fd))
        except FileNotFoundError:
            pass
    return links


class Answer:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        parts = lines[0].split(" ")
        self.status = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.strip().lower(), []).append(value.strip())
        if self.header("transfer-encoding") == "chunked":
            self.body, self.whole = unchunk(self.body)
        else:
            length = self.header("content-length")
            self.whole = length is None or len(self.body) == int(length)

    def header(self, name):
        return self.headers.get(name, [None])[0]

    def json(self):
        return json.loads(self.body.decode("utf-8"))


def unchunk(data):
    out, at = [], 0
    while at < len(data):
        end = data.find(b"\r\n", at)
        try:
            count = int(data[at:end], 16) if end >= 0 else -1
        except ValueError:
            count = -1
        if count <= 0:
            return b"".join(out), count == 0
        out.append(data[end + 2:end + 2 + count])
        at = end + 2 + count + 2
        if at > len(data):
            break
    return b"".join(out), False


class Events:
    """An event stream, read in a thread of its own as it comes."""

    def __init__(self, server, target="/events", headers=(), receive_bytes=0):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.connect(server.address)
        self.socket.settimeout(PATIENCE)
        self.socket.sendall(server.request("GET", target, headers=headers))
        self.raw = b""
        self.text = b""
        self.ended = False
        self.head = None
        self.lock = threading.Lock()
        self.thread = None

    def start(self):
        self.thread = threading.Thread(target=self.pull, daemon=True)
        self.thread.start()
        return self

    def pull(self):
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                data = b""
            with self.lock:
                if not data:
                    self.ended = True
                    return
                self.raw += data
                if self.head is None and b"\r\n\r\n" in self.raw:
                    head, _, self.raw = self.raw.partition(b"\r\n\r\n")
                    self.head = Answer(head + b"\r\n\r\n")
                if self.head is not None:
                    self.unchunk()

    def unchunk(self):
        while True:
            size, found, rest = self.raw.partition(b"\r\n")
            if not found or len(rest) < int(size, 16) + 2:
                return
            self.text += rest[:int(size, 16)]
            self.raw = rest[int(size, 16) + 2:]

    def messages(self):
        """(event, id, data) of each whole message so far."""
        with self.lock:
            text = self.text.decode("utf-8")
        out = []
        for block in text.split("\n\n")[:-1]:
            event = {"event": "message", "id": None, "data": None}
            for line in block.split("\n"):
                name, _, value = line.partition(":")
                event[name] = value[1:] if value[:1] == " " else value
            out.append((event["event"], event["id"], event["data"], "retry" in event, block))
        return out

    def of(self, name):
        return [message for message in self.messages() if message[0] == name]

    def wait(self, name, count=1):
        return until(lambda: self.of(name)[:count] if len(self.of(name)) >= count else None,
                     "%d messages `%s`" % (count, name))

    def frames(self):
        return b"".join(base64.b64decode(message[2]) for message in self.of("b"))

    def last_id(self):
        ids = [int(message[1]) for message in self.messages() if message[1]]
        return ids[-1] if ids else 0

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR) # also where the thread reads
        self.socket.close()


class Server:
    def __init__(self, program, settings=(), serve="127.0.0.1:0", arguments=()):
        self.directory = tempfile.TemporaryDirectory(prefix="wick-http.")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WICK")}
        environment.update({"WICK_SERVE": serve})
        environment.update(dict(settings))
        self.process = subprocess.Popen([program, *arguments], env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.directory.name)
        self.errors = []
        self.reader = threading.Thread(target=self.read_errors, daemon=True)
        self.reader.start()
        self.token = ""
        self.lines = []
        self.address = None

    def __enter__(self):
        link = until(lambda: self.link() or self.process.poll() is not None, "a link on standard error")
        check(link is not True, "the program ended: %s" % self.errors)
        match = re.match(r"http://(\[::1\]|[0-9.]+):(\d+)/#t=([A-Za-z0-9_-]+)$", link)
        check(match, "not a link: %r" % link)
        self.address = (match.group(1).strip("[]"), int(match.group(2)))
        self.host = "%s:%s" % (match.group(1), match.group(2))
        self.token = match.group(3)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.directory.cleanup()

    def read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace").rstrip("\n"))

    def link(self):
        for line in self.errors:
            if "http://" in line:
                return line[line.index("http://"):]
        return None

    def send(self, command):
        self.process.stdin.write(command.encode("utf-8", "surrogateescape") + b"\n")
        self.process.stdin.flush()

    def do(self, command):
        """One command of served.c; what it printed before its `ok`."""
        self.send(command)
        out = []
        while True:
            line = self.process.stdout.readline().decode().rstrip("\n")
            if line == "ok" or (not line and self.process.poll() is not None):
                return out
            out.append(line)

    def end(self):
        """Standard input ends, and so does the program."""
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def request(self, method, target, headers=(), body=b"", host=None, token=None, version="HTTP/1.1"):
        lines = ["%s %s %s" % (method, target, version)]
        if host != "":
            lines.append("Host: " + (host or self.host))
        if token != "":
            lines.append("Authorization: Bearer " + (token or self.token))
        lines += list(headers)
        if body:
            lines.append("Content-Length: %d" % len(body))
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + body

    def raw(self, data, whole=True):
        """Send bytes; what comes back until the server closes, or has answered."""
        with socket.create_connection(self.address, timeout=PATIENCE) as connection:
            connection.sendall(data)
            out = bytearray()
            while True:
                try:
                    part = connection.recv(1 << 20)
                except ConnectionResetError:
                    break
                out += part
                if not part or (whole and complete(out)):
                    break
            return Answer(bytes(out))

    def ask(self, method, target, **more):
        headers = list(more.pop("headers", ()))
        return self.raw(self.request(method, target, headers=headers + ["Connection: close"], **more), whole=False)

    def get(self, target, **more):
        return self.ask("GET", target, **more)

    def events(self, target="/events", headers=()):
        return Events(self, target, headers).start()


def complete(data):
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return False
    answer = Answer(data)
    if answer.header("transfer-encoding") == "chunked" or answer.header("content-length") is not None:
        return answer.whole
    return False


def main(cases, name_at=1):
    """check_X CASE PROGRAM TOOL"""
    name = sys.argv[name_at]
    try:
        cases[name](*sys.argv[name_at + 1:])
    except Failure as failure:
        print("FAILED: %s" % failure)
        return 1
    return 0
