/*
 * SPDX-License-Identifier: MIT
 * Stress: threads record, rename themselves and bring new names, while clients of the live page read the event stream
 * and the rollup: everything that the drain and the server's thread share is read and written at once.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wick/wick.h>

enum { THREADS = 2, ROLLUPS = 40 };

static int stop;
static char token[160];
static struct sockaddr_in address = {.sin_family = AF_INET};

static void *records(void *argument)
{
    char name[32];

    for (int i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
        WICK_SCOPE("outer");
        snprintf(name, sizeof name, "name %d", i % 400);
        WICK_SCOPE_DYN(name);
        WICK_SCOPEF("text %d", i);
        WICK_VALUE(i);
        if (i % 500 == 0) {
            wick_thread_name(name);
        }
        usleep(20); /* races are wanted, not a full processor */
    }
    return argument;
}

/* http://ADDRESS:PORT/#t=TOKEN */
static int read_link(void)
{
    const char *path = getenv("WICK_SERVE_LINK");
    char link[400] = "", host[64];
    unsigned port = 0;

    for (int i = 0; i < 500 && !port; i++) {
        FILE *file = path ? fopen(path, "r") : NULL;

        if (file && fgets(link, sizeof link, file) &&
            sscanf(link, "http://%63[0-9.]:%u/#t=%159s", host, &port, token) == 3) {
            address.sin_port = htons((uint16_t)port);
            inet_pton(AF_INET, host, &address.sin_addr);
        }
        if (file) {
            fclose(file);
        }
        usleep(10000);
    }
    return port != 0;
}

static int ask(const char *path)
{
    char request[400];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int bytes = snprintf(request, sizeof request, "GET %s?t=%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path, token);

    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0 || write(fd, request, (size_t)bytes) != bytes) {
        perror("serving");
        exit(1);
    }
    return fd;
}

static void *streams(void *argument)
{
    char bytes[65536];
    int fd = ask("/events");

    while (read(fd, bytes, sizeof bytes) > 0) {
        /* until the program ends */
    }
    close(fd);
    return argument;
}

/* Is it whole? */
static int rollup(void)
{
    char bytes[65536], end[8] = "";
    int fd = ask("/api/rollup");
    ssize_t got;

    while ((got = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            memmove(end, end + 1, 6);
            end[6] = bytes[i];
        }
    }
    close(fd);
    return strstr(end, "]}\n") != NULL || strstr(end, "0\r\n\r\n") != NULL;
}

int main(void)
{
    pthread_t threads[THREADS], client;
    int whole = 0;

    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, records, NULL);
    }
    if (!read_link()) {
        fputs("serving: no link\n", stderr);
        return 1;
    }
    pthread_create(&client, NULL, streams, NULL);
    for (int i = 0; i < ROLLUPS; i++) {
        whole += rollup();
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    int rc = wick_shutdown();
    pthread_join(client, NULL);
    printf("%d rollups of %d are whole\n", whole, ROLLUPS);
    return rc != 0 || whole != ROLLUPS;
}
