/*
 * SPDX-License-Identifier: MIT
 * e2e: a pre-forking server: a few workers at a time answer on one socket, each ends after a few requests and is
 * replaced, until 200 have come and gone. With WICK_FORK=follow each has a log that names the server's run.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

#include "host_state.h"
#include "settle.h"

enum { WORKERS = 200, AT_A_TIME = 8, REQUESTS_EACH = 2 };

static int server = -1;
static struct sockaddr_in address;

/* A free port of the loopback interface. */
static int listen_somewhere(void)
{
    socklen_t bytes = sizeof address;

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server = socket(AF_INET, SOCK_STREAM, 0);
    return server >= 0 && bind(server, (struct sockaddr *)&address, sizeof address) == 0 && listen(server, 128) == 0 &&
           getsockname(server, (struct sockaddr *)&address, &bytes) == 0;
}

static int accepted(void)
{
    WICK_SCOPE("accept");
    return accept(server, NULL, NULL);
}

static int answer(void)
{
    uint32_t number = 0;
    int fd = accepted();
    int good = 0;

    if (fd >= 0 && read(fd, &number, sizeof number) == sizeof number) {
        WICK_SCOPEF("request %u", number);
        number *= 2;
        good = write(fd, &number, sizeof number) == sizeof number;
        if (!good) {
            WICK_FAIL("no answer could be sent");
        }
    }
    close(fd);
    return good;
}

static int works(void)
{
    int answered = 0;
    WICK_SCOPE("worker");

    for (int i = 0; i < REQUESTS_EACH; i++) {
        answered += answer();
    }
    return answered;
}

/* One request after the other; it records nothing, and so has no log. */
static int asks(void)
{
    for (uint32_t i = 0; i < WORKERS * REQUESTS_EACH; i++) {
        uint32_t number = i;
        int fd = socket(AF_INET, SOCK_STREAM, 0);

        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
            write(fd, &number, sizeof number) != sizeof number || read(fd, &number, sizeof number) != sizeof number ||
            number != 2 * i) {
            return 1;
        }
        close(fd);
    }
    return 0;
}

static pid_t start(int (*run)(void))
{
    pid_t child;
    WICK_SCOPE("start");

    settle_before_fork();
    child = fork();
    if (child == 0) {
        alarm(50); /* nothing of this waits for ever */
        if (run == asks) {
            _exit(asks());
        }
        exit(run());
    }
    return child;
}

/* The end of one child: its exit code. */
static int ended(pid_t *child)
{
    int status = 0;
    WICK_SCOPE("wait");

    do {
        *child = wait(&status);
    } while (*child < 0 && errno == EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
    int started = 0;
    int good = 0;
    int client_code = -1;
    pid_t client;
    WICK_SCOPE("server");

    host_state("begins"); /* while the log is being opened, it takes a low number for a moment */
    if (!listen_somewhere()) {
        return 1;
    }
    alarm(55);
    client = start(asks);
    for (int running = 1; running > 0;) {
        while (started < WORKERS && running <= AT_A_TIME) {
            start(works);
            started++;
            running++;
        }
        pid_t child = 0;
        int code = ended(&child);

        running--;
        if (child == client) {
            client_code = code;
        } else {
            good += code == REQUESTS_EACH;
        }
    }
    close(server);
    printf("%d workers answered all, the client ended with %d\n", good, client_code);
    return 0;
}
