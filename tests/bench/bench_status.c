/*
 * SPDX-License-Identifier: MIT
 * What trackers and metrics over HTTP cost: a GET of 100,000, or of the metrics of 10,000 paths, posts one after the other, and what a GET costs the program's own calls. The
 * floor is the same number of bytes through a plain socket. Nothing is judged.
 * usage: bench_status NAME
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wick/wick.h>

#include "bench.h"

#define TOKEN "0123456789abcdef0123456789abcdef"

enum { NODES = 100000, TURNS = 7, PATHS = 10000, POSTS = 5000, CALLS = 400000 };

static struct bench_samples samples, floors;
static char buffer[1 << 20];
static uint16_t port; /* network order */

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void start(void)
{
    struct wick_config config;
    char link[128] = "", path[] = "/tmp/wick-bench-status.XXXXXX";
    unsigned number = 0;

    int fd = mkstemp(path);
    if (fd < 0 || close(fd) != 0 || unlink(path) != 0) {
        die("bench_status: /tmp");
    }
    wick_config_init(&config);
    config.serve = "127.0.0.1:0";
    config.serve_token = TOKEN;
    config.serve_link = path;
    if (wick_init(&config) != 0 || wick_flush(5000) != 0) {
        fprintf(stderr, "bench_status: %s\n", wick_error_detail());
        exit(1);
    }
    FILE *file = fopen(path, "r");
    if (!file || !fgets(link, sizeof link, file) || sscanf(link, "http://127.0.0.1:%u", &number) != 1) {
        die("bench_status: no link");
    }
    fclose(file);
    port = htons((uint16_t)number);
}

static int connected(uint16_t to_port)
{
    const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = to_port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
        die("bench_status: connect");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* A listening socket of the floor's. */
static int listening(uint16_t *own_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 1) != 0 || getsockname(fd, (struct sockaddr *)&at, &bytes) != 0) {
        die("bench_status: listen");
    }
    *own_port = at.sin_port;
    return fd;
}

/* ---- a GET ------------------------------------------------------------------------------------ */

static void make_children(void)
{
    for (int i = 0; i < NODES; i++) {
        char key[40];

        snprintf(key, sizeof key, "many.child%d", i);
        (void)wick_progress(key, 0.5, 1, NULL, "running");
    }
}

/* Bytes that come until the end. */
static size_t read_all(int fd)
{
    size_t all = 0;

    for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) > 0;) {
        all += (size_t)got;
    }
    close(fd);
    return all;
}

static size_t get(const char *target, const char *accept)
{
    char request[256];
    int bytes = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " TOKEN
                         "\r\nAccept: %s\r\nConnection: close\r\n\r\n", target, accept);
    int fd = connected(port);

    if (write(fd, request, (size_t)bytes) != (ssize_t)bytes) {
        die("bench_status: write");
    }
    return read_all(fd);
}

static size_t get_all(void)
{
    return get("/status/many?depth=2", "*/*");
}

struct plain {
    int listen_fd;
    size_t bytes;
};

static void *send_plain(void *argument)
{
    static char zeros[16384];
    const struct plain *plain = argument;
    int fd = accept(plain->listen_fd, NULL, NULL);

    for (size_t left = plain->bytes; left && fd >= 0;) {
        ssize_t sent = write(fd, zeros, left < sizeof zeros ? left : sizeof zeros);

        if (sent <= 0) {
            break;
        }
        left -= (size_t)sent;
    }
    close(fd);
    return NULL;
}

static double plain_s(size_t bytes)
{
    struct plain plain = {.bytes = bytes};
    pthread_t thread;
    uint16_t own_port;

    plain.listen_fd = listening(&own_port);
    pthread_create(&thread, NULL, send_plain, &plain);
    double start_ns = bench_now_ns();
    (void)read_all(connected(own_port));
    double end_ns = bench_now_ns();
    pthread_join(thread, NULL);
    close(plain.listen_fd);
    return (end_ns - start_ns) / 1e9;
}

static void measure(const char *name, const char *target, const char *accept)
{
    for (int turn = 0; turn < TURNS; turn++) {
        double start_ns = bench_now_ns();
        size_t bytes = get(target, accept);
        bench_add(&samples, (bench_now_ns() - start_ns) / 1e9);
        bench_add(&floors, plain_s(bytes));
    }
    bench_print(name, bench_median(&samples), "s", bench_median(&floors));
}

static void status_get_100k_nodes(void)
{
    make_children();
    measure("status_get_100k_nodes", "/status/many?depth=2", "*/*");
}

/* 10,000 paths, each of more calls than are kept as they are; the exemplars are there from the second GET on. */
static void openmetrics_scrape_10k(void)
{
    for (int i = 0; i < 100 * PATHS; i++) {
        char name[24];

        snprintf(name, sizeof name, "path %d", i % PATHS);
        WICK_SCOPE_DYN(name);
    }
    if (wick_flush(5000) != 0) {
        die("bench_status: flush");
    }
    measure("openmetrics_scrape_10k", "/metrics", "application/openmetrics-text");
}

/* ---- the program's calls meanwhile ------------------------------------------------------------- */

static bool over;

static void *get_again(void *argument)
{
    for (int i = 0; i < TURNS; i++) {
        (void)get_all();
    }
    __atomic_store_n(&over, true, __ATOMIC_RELAXED); /* a flag */
    return argument;
}

/* 99 % of the calls take no longer; `until`: a flag that ends them. */
static double calls_ns(struct wick_tracker *tracker, const bool *until)
{
    static struct bench_samples calls;

    calls.count = 0;
    for (int i = 0; i < CALLS && !__atomic_load_n(until, __ATOMIC_RELAXED); i++) {
        const struct timespec pause = {0, 200000};
        double start_ns = bench_now_ns();

        wick_tracker_set(tracker, "progress", i % 2 ? "0.25" : "0.75");
        bench_add(&calls, bench_now_ns() - start_ns);
        nanosleep(&pause, NULL);
        if (calls.count == BENCH_SAMPLES_MAX) {
            break;
        }
    }
    return bench_quantile(&calls, 0.99);
}

static void status_get_100k_call_p99(void)
{
    static const bool never;
    struct wick_tracker *tracker = wick_tracker_create(NULL, "beside", NULL);
    pthread_t thread;

    make_children();
    double alone_ns = calls_ns(tracker, &never);
    pthread_create(&thread, NULL, get_again, NULL);
    double beside_ns = calls_ns(tracker, &over);
    pthread_join(thread, NULL);
    bench_print("status_get_100k_call_p99", beside_ns, "ns", alone_ns);
}

/* ---- posts ------------------------------------------------------------------------------------ */

static void *echo(void *argument)
{
    char bytes[1024];
    int fd = accept(*(int *)argument, NULL, NULL);

    for (ssize_t got; (got = read(fd, bytes, sizeof bytes)) > 0;) {
        if (write(fd, bytes, (size_t)got) != got) {
            break;
        }
    }
    close(fd);
    return NULL;
}

/* So many requests one after the other through a connection; gives how many in a second. */
static double asked_per_s(int fd)
{
    char request[512], body[64];

    double start_ns = bench_now_ns();
    for (int i = 0; i < POSTS; i++) {
        int length = snprintf(body, sizeof body, "{\"progress\":0.%04d,\"msg\":\"part %d\"}", i, i);
        int bytes = snprintf(request, sizeof request, "POST /status/job.part%d HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                             TOKEN "\r\nContent-Length: %d\r\n\r\n%s", i % 100, length, body);
        if (write(fd, request, (size_t)bytes) != bytes || read(fd, buffer, sizeof buffer) <= 0) {
            die("bench_status: post");
        }
    }
    close(fd);
    return POSTS / ((bench_now_ns() - start_ns) / 1e9);
}

static double echoed_per_s(void)
{
    pthread_t thread;
    uint16_t own_port;
    int listen_fd = listening(&own_port);

    pthread_create(&thread, NULL, echo, &listen_fd);
    double result = asked_per_s(connected(own_port));
    pthread_join(thread, NULL);
    close(listen_fd);
    return result;
}

static void status_post_per_s(void)
{
    for (int turn = 0; turn < TURNS; turn++) {
        bench_add(&samples, asked_per_s(connected(port)));
        bench_add(&floors, echoed_per_s());
    }
    bench_print("status_post_per_s", bench_median(&samples), "posts/s", bench_median(&floors));
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } lines[] = {{"openmetrics_scrape_10k", openmetrics_scrape_10k},
                 {"status_get_100k_nodes", status_get_100k_nodes},
                 {"status_get_100k_call_p99", status_get_100k_call_p99},
                 {"status_post_per_s", status_post_per_s}};
    for (size_t i = 0; argc > 1 && i < sizeof lines / sizeof *lines; i++) {
        if (strcmp(argv[1], lines[i].name) == 0) {
            start();
            lines[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: bench_status NAME\n");
    return 2;
}
