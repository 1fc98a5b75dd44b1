/*
 * SPDX-License-Identifier: MIT
 * Publishes to the exchange `progress`: a message for each line of standard input, `KEY BODY`; `@N KEY BODY`: N of them, %d in the key
 * being their number. Then it asks how many messages are in the queue, which it declares. usage: amqp_put PORT
 * For the floor of a bench line, amqp_put PORT take N: takes N messages and does nothing with them; prints how many in a second.
 */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static amqp_connection_state_t connection;

static void need(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "amqp_put: %s\n", what);
        exit(1);
    }
}

static void publish(const char *key, const char *body)
{
    const amqp_basic_properties_t properties = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};

    need(amqp_basic_publish(connection, 1, amqp_cstring_bytes("progress"), amqp_cstring_bytes(key), 0, 0, &properties, amqp_cstring_bytes(body)) == 0,
         "publish");
}

static void publish_line(char *line)
{
    char key[512], *body;
    long count = 1, digits = 0;

    line[strcspn(line, "\n")] = 0;
    if (line[0] == '@') {
        count = strtol(line + 1, &line, 10);
        line++;
    }
    body = strchr(line, ' ');
    need(body != NULL, "KEY BODY");
    *body++ = 0;
    char *number = strstr(line, "%d");
    digits = number ? number - line : (long)strlen(line);
    for (long i = 0; i < count; i++) {
        snprintf(key, sizeof key, number ? "%.*s%ld%s" : "%.*s", (int)digits, line, i, number ? number + 2 : "");
        publish(key, body);
    }
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void take(long count)
{
    double start_s = now_s();

    amqp_basic_qos(connection, 1, 0, 256, 0);
    amqp_basic_consume(connection, 1, amqp_cstring_bytes("wick"), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    for (long i = 0; i < count; i++) {
        amqp_envelope_t envelope;

        amqp_maybe_release_buffers(connection);
        need(amqp_consume_message(connection, &envelope, NULL, 0).reply_type == AMQP_RESPONSE_NORMAL, "consume");
        need(amqp_basic_ack(connection, 1, envelope.delivery_tag, 0) == 0, "acknowledge");
        amqp_destroy_envelope(&envelope);
    }
    printf("%.0f\n", (double)count / (now_s() - start_s));
}

/* As wick serve does. */
static void declare(void)
{
    amqp_exchange_declare(connection, 1, amqp_cstring_bytes("progress"), amqp_cstring_bytes("topic"), 0, 1, 0, 0, amqp_empty_table);
    need(amqp_get_rpc_reply(connection).reply_type == AMQP_RESPONSE_NORMAL, "exchange");
    const amqp_queue_declare_ok_t *queue = amqp_queue_declare(connection, 1, amqp_cstring_bytes("wick"), 0, 1, 0, 0, amqp_empty_table);
    need(queue != NULL, "queue");
    printf("%u\n", queue->message_count);
    amqp_queue_bind(connection, 1, amqp_cstring_bytes("wick"), amqp_cstring_bytes("progress"), amqp_cstring_bytes("#"), amqp_empty_table);
    need(amqp_get_rpc_reply(connection).reply_type == AMQP_RESPONSE_NORMAL, "binding");
}

int main(int argc, char **argv)
{
    static char line[200000];

    need(argc == 2 || argc == 4, "PORT [take N]");
    connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    need(amqp_socket_open(socket, "127.0.0.1", atoi(argv[1])) == 0, "connect");
    need(amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest").reply_type == AMQP_RESPONSE_NORMAL, "login");
    amqp_channel_open(connection, 1);
    need(amqp_get_rpc_reply(connection).reply_type == AMQP_RESPONSE_NORMAL, "channel");
    while (argc == 2 && fgets(line, sizeof line, stdin)) {
        publish_line(line);
    }
    if (argc == 2) {
        declare();
    } else {
        take(strtol(argv[3], NULL, 10));
    }
    amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(connection);
    return 0;
}
