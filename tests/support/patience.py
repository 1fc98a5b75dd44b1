# SPDX-License-Identifier: MIT
"""What tests of servers share: failures, and waiting for something that must happen, however long the machine takes."""
import time

PATIENCE = 60  # seconds: this machine may be busy; nothing is expected to take so long


class Failure(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failure(text)


def until(condition, text):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        time.sleep(0.01)
    raise Failure("never happened: " + text)
