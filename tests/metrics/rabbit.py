# SPDX-License-Identifier: MIT
"""A RabbitMQ of the test's own: everything of it is in one directory, on free ports of the loopback."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from patience import check, until  # noqa: E402

SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
        return True
    except OSError:
        return False


class Rabbit:
    def __init__(self):
        if not os.path.exists(SERVER):
            print("skipped: rabbitmq-server is missing")
            sys.exit(77)
        self.dir = tempfile.mkdtemp(prefix="wick-rabbit.")
        self.port, self.dist, self.epmd = free_port(), free_port(), free_port()
        self.process = None

    def environment(self):
        at = lambda name: os.path.join(self.dir, name)
        return {"PATH": os.environ["PATH"], "HOME": self.dir, "RABBITMQ_NODENAME": "wick@localhost", "RABBITMQ_MNESIA_BASE": at("mnesia"),
                "RABBITMQ_LOG_BASE": at("log"), "RABBITMQ_PID_FILE": at("pid"), "RABBITMQ_ENABLED_PLUGINS_FILE": at("plugins"),
                "RABBITMQ_CONFIG_FILE": at("rabbitmq"), "RABBITMQ_CONF_ENV_FILE": at("env"), "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
                "RABBITMQ_NODE_PORT": str(self.port), "RABBITMQ_DIST_PORT": str(self.dist), "ERL_EPMD_PORT": str(self.epmd),
                "ERL_EPMD_ADDRESS": "127.0.0.1", "LC_ALL": "C.UTF-8"}

    def start(self):
        self.process = subprocess.Popen([SERVER], env=self.environment(), cwd=self.dir, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        until(lambda: is_open(self.port) or self.process.poll() is not None, "rabbitmq-server listens")
        check(self.process.poll() is None, "rabbitmq-server has ended")

    def stop(self, number=signal.SIGTERM):
        """All of it: the script, and the machine that it runs; both are of the session that was begun for it."""
        if self.process:
            os.killpg(self.process.pid, number)
            self.process.wait()
            until(lambda: not is_open(self.port), "rabbitmq-server ends")
            self.process = None

    @property
    def url(self):
        return "amqp://guest:guest@127.0.0.1:%d/" % self.port

    def put(self, program, text):
        """Publish lines; how many messages are in the queue, ready to be sent."""
        done = subprocess.run([program, str(self.port)], input=text.encode(), capture_output=True)
        return int(done.stdout) if done.returncode == 0 else None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)
        for name in os.listdir("/proc"):
            try:
                with open("/proc/%s/environ" % name, "rb") as text:
                    if name.isdigit() and ("ERL_EPMD_PORT=%d\0" % self.epmd).encode() in text.read():
                        os.kill(int(name), signal.SIGKILL)  # epmd outlives what has started it
            except OSError:
                pass
        shutil.rmtree(self.dir, ignore_errors=True)
