/*
 * SPDX-License-Identifier: MIT
 * What event streams cost: from a flush in the program to the client's read, memory for each client, stuck
 * clients, the end. bench_sse NAME prints the line. The clients are another process; the floor is the same
 * with plain sockets, one send each. Nothing is judged.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/serve.h>

#include "../support/heap_memory.h"
#include "bench.h"

enum { EVENTS_MAX = 4096, SAMPLES_MAX = 400000, TEXT_BYTES = 1000, BATCH_EVENTS = 33 };

/* One measurement. */
struct plan {
    uint32_t readers, stuck;
    uint32_t events;       /* flushes */
    uint32_t interval_us;
    uint32_t records;      /* in each */
    bool plain;            /* sockets without a server: the floor */
};

/* What the two processes share. */
static struct shared {
    struct plan plan;
    char token[64];
    uint16_t port;         /* network order; 0: not yet */
    uint32_t connected;
    bool end;
    double sent_ns[EVENTS_MAX + 8];
    uint32_t count;
    double taken_ns[SAMPLES_MAX];
} *shared;

static void doze_us(uint32_t us)
{
    const struct timespec time = {us / 1000000, us % 1000000 * 1000};

    nanosleep(&time, NULL);
}

/* ---- the clients' process -------------------------------------------------------------------- */

static int connect_one(bool stuck)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = shared->port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char request[256];
    int small = 4096;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int bytes = snprintf(request, sizeof request, "GET /events?t=%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", shared->token);

    if (stuck) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    }
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || write(fd, request, (size_t)bytes) != bytes) {
        perror("bench_sse: connect");
        _exit(1);
    }
    return fd;
}

/* Every `id: N` that came in these bytes: a batch is flushed with it. */
static void take(const char *text, double now_ns)
{
    while ((text = strstr(text, "id: ")) != NULL) {
        unsigned long id = strtoul(text + 4, NULL, 10);

        if (id < EVENTS_MAX && shared->sent_ns[id] > 0 && shared->count < SAMPLES_MAX) {
            shared->taken_ns[shared->count++] = now_ns - shared->sent_ns[id];
        }
        text += 4;
    }
}

static void clients_main(void)
{
    static char bytes[1 << 20];
    struct epoll_event event = {.events = EPOLLIN}, events[256];
    int poll_fd = epoll_create1(0);
    const struct plan plan = shared->plan;

    while (!__atomic_load_n(&shared->port, __ATOMIC_ACQUIRE)) { /* pairs with the release in measure */
        doze_us(1000);
    }
    for (uint32_t i = 0; i < plan.readers; i++) {
        int fd = connect_one(false);
        ssize_t got = plan.plain ? 0 : read(fd, bytes, sizeof bytes);

        (void)got; /* the head, and the greeting */
        event.data.fd = fd;
        fcntl(fd, F_SETFL, O_NONBLOCK);
        epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
    }
    for (uint32_t i = 0; i < plan.stuck; i++) {
        (void)connect_one(true);
    }
    __atomic_store_n(&shared->connected, 1, __ATOMIC_RELEASE); /* pairs with the acquire in measure */
    while (!__atomic_load_n(&shared->end, __ATOMIC_RELAXED)) { /* a flag */
        int ready = epoll_wait(poll_fd, events, 256, 10);

        for (int i = 0; i < ready; i++) {
            ssize_t got = read(events[i].data.fd, bytes, sizeof bytes - 1);

            if (got > 0) {
                bytes[got] = 0;
                take(bytes, bench_now_ns());
            } else if (got == 0) {
                epoll_ctl(poll_fd, EPOLL_CTL_DEL, events[i].data.fd, NULL);
            }
        }
    }
    _exit(0);
}

/* ---- the program ------------------------------------------------------------------------------ */

static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (!file || fscanf(file, "%*s %ld", &pages) != 1) {
        pages = 0;
    }
    if (file) {
        fclose(file);
    }
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static int64_t wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void name_all(struct wick_server *server)
{
    struct wick_names *names = wick_serve_lock(server);
    const struct wick_site_info none = {.colour = WICK_NONE};
    const struct wick_site_info mark = {.location = "main:1", .literal = "tick", .kind = WICK_SITE_MARK, .colour = WICK_NONE};
    int rc = wick_names_set_site(names, 0, &none);

    rc = rc < 0 ? rc : wick_names_set_site(names, 1, &mark);
    rc = rc < 0 ? rc : wick_names_set_process(names, 0, &(struct wick_process_info){.host = "host", .pid = "1", .pid_number = 1});
    rc = rc < 0 ? rc : wick_names_set_track(names, 0, &(struct wick_track_info){.thread = "main"});
    wick_serve_unlock(server);
    if (rc < 0) {
        exit(1);
    }
}

/* One flush: its number is that of its frame, behind the one of definitions. */
static void publish(struct wick_server *server, uint32_t event)
{
    static char text[TEXT_BYTES];
    struct wick_record record = {.kind = WICK_RECORD_MARK, .site = 1, .text = text};

    memset(text, 'x', sizeof text);
    record.text_bytes = shared->plan.records > 1 ? sizeof text : 1;
    for (uint32_t i = 0; i < shared->plan.records; i++) {
        record.time_ns = wall_ns();
        wick_serve_records(server, &record, 1);
    }
    shared->sent_ns[event + 2] = bench_now_ns();
    wick_serve_tick(server, wall_ns());
}

static void wait_for(bool (*condition)(struct wick_server *server), struct wick_server *server)
{
    for (int i = 0; i < 20000 && !condition(server); i++) {
        doze_us(1000);
    }
}

static bool all_connected(struct wick_server *server)
{
    struct wick_serve_counts counts = {.size = sizeof counts};

    wick_serve_counts_read(server, &counts);
    return counts.clients == shared->plan.readers + shared->plan.stuck;
}

static bool all_taken(struct wick_server *server)
{
    (void)server;
    return __atomic_load_n(&shared->count, __ATOMIC_RELAXED) >= shared->plan.readers * shared->plan.events; /* a count */
}

/* What a measurement leaves: quantiles of the samples, and the server's own figures. */
struct result {
    double p50_ns, p99_ns, client_bytes, stop_ns;
};

static void publish_plain(const int *fds)
{
    for (uint32_t event = 0; event < shared->plan.events; event++) {
        char text[200];
        int bytes = snprintf(text, sizeof text, "id: %u\nevent: b\ndata: %0128d\n\n", event + 2, 0);

        shared->sent_ns[event + 2] = bench_now_ns();
        for (uint32_t i = 0; i < shared->plan.readers; i++) {
            if (send(fds[i], text, (size_t)bytes, MSG_NOSIGNAL) != bytes) {
                perror("bench_sse: send");
            }
        }
        doze_us(shared->plan.interval_us);
    }
}

static void measure_plain(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof at;
    int *fds = calloc(shared->plan.readers, sizeof *fds);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;

    if (!fds || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 1024) != 0) {
        exit(1);
    }
    getsockname(fd, (struct sockaddr *)&at, &bytes);
    __atomic_store_n(&shared->port, at.sin_port, __ATOMIC_RELEASE); /* as in measure */
    for (uint32_t i = 0; i < shared->plan.readers; i++) {
        fds[i] = accept(fd, NULL, NULL);
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    while (!__atomic_load_n(&shared->connected, __ATOMIC_ACQUIRE)) { /* as in measure */
        doze_us(1000);
    }
    publish_plain(fds);
    wait_for(all_taken, NULL);
    for (uint32_t i = 0; i < shared->plan.readers; i++) {
        close(fds[i]);
    }
    free(fds);
    close(fd);
}

static void measure_served(struct result *result)
{
    struct wick_serve_options options = {.size = sizeof options, .clients_max = 2000, .live = true};
    struct wick_server *server = wick_serve_start(&options);
    double before_bytes, begin_ns;

    if (!server) {
        fprintf(stderr, "bench_sse: %s\n", wick_error_detail());
        exit(1);
    }
    name_all(server);
    before_bytes = resident_bytes();
    snprintf(shared->token, sizeof shared->token, "%s", strstr(wick_serve_link(server), "#t=") + 3);
    /* Pairs with the acquire in clients_main: the token is there. */
    __atomic_store_n(&shared->port, htons((uint16_t)atoi(strrchr(wick_serve_link(server), ':') + 1)), __ATOMIC_RELEASE);
    while (!__atomic_load_n(&shared->connected, __ATOMIC_ACQUIRE)) { /* pairs with the release in clients_main */
        doze_us(1000);
    }
    wait_for(all_connected, server);
    for (uint32_t event = 0; event < shared->plan.events; event++) {
        publish(server, event);
        doze_us(shared->plan.interval_us);
    }
    wait_for(all_taken, server);
    result->client_bytes = (resident_bytes() - before_bytes) / (shared->plan.readers + shared->plan.stuck);
    begin_ns = bench_now_ns();
    if (wick_serve_stop(server, "measured", 5000) != 0) {
        fprintf(stderr, "bench_sse: %s\n", wick_error_detail());
    }
    result->stop_ns = bench_now_ns() - begin_ns;
}

static struct result measure(struct plan plan)
{
    struct result result = {0};
    pid_t clients;

    memset(shared, 0, sizeof *shared);
    shared->plan = plan;
    clients = fork();
    if (clients == 0) {
        clients_main();
    }
    if (plan.plain) {
        measure_plain();
    } else {
        measure_served(&result);
    }
    __atomic_store_n(&shared->end, true, __ATOMIC_RELAXED); /* a flag */
    waitpid(clients, NULL, 0);
    if (shared->count < plan.readers * plan.events) {
        fprintf(stderr, "bench_sse: %u of %u came\n", shared->count, plan.readers * plan.events);
    }
    qsort(shared->taken_ns, shared->count, sizeof(double), bench_compare);
    if (shared->count) {
        result.p50_ns = shared->taken_ns[shared->count / 2];
        result.p99_ns = shared->taken_ns[(uint64_t)shared->count * 99 / 100];
    }
    return result;
}

/* ---- the lines -------------------------------------------------------------------------------- */

static void latency(const char *name, uint32_t readers, uint32_t events)
{
    struct plan plan = {.readers = readers, .events = events, .interval_us = readers > 1 ? 100000 : 40000, .records = 1};
    struct result served = measure(plan);
    struct result floor;

    plan.plain = true;
    floor = measure(plan);
    if (strstr(name, "p50")) {
        bench_print(name, served.p50_ns, "ns", floor.p50_ns);
    } else {
        bench_print(name, served.p99_ns, "ns", floor.p99_ns);
    }
}

/* By how much 50 clients that do not read change the others' p99: the median of five pairs, each about 1. */
static void stuck(const char *name)
{
    struct plan plan = {.readers = 20, .events = 90, .interval_us = 33500, .records = BATCH_EVENTS};
    struct bench_samples ratios = {.count = 0};

    for (int i = 0; i < 5; i++) {
        struct result without, with;

        plan.stuck = 0;
        without = measure(plan);
        plan.stuck = 50;
        with = measure(plan);
        bench_add(&ratios, without.p99_ns > 0 ? with.p99_ns / without.p99_ns : 0);
    }
    bench_print(name, bench_median(&ratios), "ratio", 0);
}

static void ends(const char *name)
{
    struct bench_samples times = {.count = 0};

    for (int i = 0; i < 7; i++) {
        struct result result = measure((struct plan){.readers = 500, .events = 2, .interval_us = 50000, .records = 1});

        bench_add(&times, result.stop_ns);
    }
    bench_print(name, bench_median(&times), "ns", 0);
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "";
    struct rlimit files = {0, 0};

    signal(SIGPIPE, SIG_IGN);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        return 1;
    }
    if (strcmp(name, "sse_latency_p50") == 0 || strcmp(name, "sse_latency_p99") == 0) {
        latency(name, 1, 250);
    } else if (strcmp(name, "sse_1000_clients_p99") == 0) {
        latency(name, 1000, 80);
    } else if (strcmp(name, "sse_rss_per_client") == 0) {
        bench_print(name, measure((struct plan){.readers = 1000, .events = 20, .interval_us = 100000, .records = 1}).client_bytes,
                    "bytes", 0);
    } else if (strcmp(name, "sse_stuck_clients_effect") == 0) {
        stuck(name);
    } else if (strcmp(name, "server_stop_500_clients") == 0) {
        ends(name);
    } else {
        return 2;
    }
    return 0;
}
