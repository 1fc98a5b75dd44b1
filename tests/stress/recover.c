/*
 * SPDX-License-Identifier: MIT
 * A process records to a shared mapping and is killed at any moment; this one maps the file elsewhere and decodes what the other
 * one had committed: names, texts of any length, larger rings. Without a drain (WITHOUT_DRAIN) every event since the start must
 * be there, with one the events that it has not taken.
 * usage: recover ROUNDS     (it runs itself as `recover record FILE TRUTH`)
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <wick/wick.h>

#include "base/clock.h"
#include "base/pool_view.h"
#include "heap_memory.h"
#include "model/live/decode.h"
#include "record/recorder.h"
#include "record/site.h"

enum { WORKERS = 3, DEPTH = 3000, DYNAMIC = 300, TEXT_BYTES_MAX = 9000, SEEN_MAX = 64, KILL_AFTER_US = 80000 };

/* What the recording process says of itself, in a mapping of its own. */
struct truth {
    uint64_t done[WORKERS]; /* steps that have returned */
    const void *base;       /* its address of segment 0 */
};

static struct truth *truth;

static void expect(bool holds, const char *what, uint64_t number)
{
    if (!holds) {
        fprintf(stderr, "recover: %s (%llu)\n", what, (unsigned long long)number);
        abort();
    }
}

/* ---- what is recorded -------------------------------------------------------------------------- */

static bool has_mark(uint64_t n)
{
    return n % 7 == 0;
}

static bool fails(uint64_t n)
{
    return n % 17 == 0;
}

static uint32_t text_of(uint64_t n, char *text)
{
    uint32_t bytes = n % 91 == 0 ? 2500 + (uint32_t)(n % (TEXT_BYTES_MAX - 2500)) : (uint32_t)(n % 60) + 1;

    for (uint32_t i = 0; i < bytes; i++) {
        text[i] = (char)('a' + (n + i) % 26);
    }
    text[bytes] = 0;
    return bytes;
}

static void deep(uint32_t depth)
{
    WICK_SCOPE("deep");
    if (depth > 1) {
        deep(depth - 1);
    }
}

static void step(uint64_t n)
{
    char text[TEXT_BYTES_MAX + 1];

    WICK_SCOPE("step");
    WICK_VALUE((double)n);
    text_of(n, text);
    if (has_mark(n)) {
        WICK_MARKF("%s", text);
    }
    if (fails(n)) {
        WICK_FAIL(text);
    }
    if (n % 13 == 0) {
        snprintf(text, sizeof text, "dynamic %u", (unsigned)(n % DYNAMIC));
        WICK_SCOPE_DYN(text);
    }
    if (n % 2001 == 2000) {
        deep(DEPTH);
    }
}

/* ---- the process that records ------------------------------------------------------------------- */

#ifdef WITHOUT_DRAIN
enum { STEPS = 20000 }; /* no ring is full before */

static bool first_event(void)
{
    return true;
}

bool (*const wk_record_first_event)(void) = first_event;

static void begin(void)
{
    struct wk_anchor start;

    wk_recorder.tsc = wk_clock_tsc_good();
    wk_clock_anchor(&start, wk_recorder.tsc);
    expect(wk_recorder_begin(&start), "no memory", 0);
    wk_recorder.ring_slots_max = UINT32_MAX;
    wick_i_on_v1 = WK_ON_RECORDING;
}

static void fork_once(void) {} /* the runtime's handlers are not here */
#else
#define STEPS UINT64_MAX

static void begin(void)
{
    setenv("WICK_TREE", "/dev/null", 1);
    setenv("WICK_FULL", "wait", 1);
}

/* Children of the recording process share its memory: they must leave it alone. */
static void fork_once(void)
{
    pid_t child = fork();

    if (child == 0) {
        step(0);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}
#endif

static void *work(void *argument)
{
    uint64_t *done = argument;
    char name[32];

    snprintf(name, sizeof name, "worker %d", (int)(done - truth->done));
    wick_thread_name(name);
    for (uint64_t n = 0; n < STEPS; n++) {
        step(n);
        __atomic_store_n(done, n + 1, __ATOMIC_RELEASE); /* read after the kill */
    }
    return NULL;
}

static void *map(int file, size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

    expect(memory != MAP_FAILED, "no mapping", (uint64_t)errno);
    return memory;
}

static _Noreturn void record(int file, int truth_file)
{
    pthread_t threads[WORKERS];

    truth = map(truth_file, sizeof *truth);
    wk_pool_share(file);
    begin();
    step(0);
    for (int i = 0; i < WORKERS; i++) {
        expect(pthread_create(&threads[i], NULL, work, &truth->done[i]) == 0, "no thread", 0);
    }
    for (;;) {
        truth->base = wk_pool_bases[0];
        fork_once();
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
}

/* ---- the process that reads --------------------------------------------------------------------- */

static struct wk_pool_view view;
static uint64_t seen[SEEN_MAX];
static uint32_t seen_count;
static struct { uint64_t steps, long_texts, switches, rounds; } total;

struct reader {
    struct wk_decoder decoder;
    struct wk_timeline line;
    struct wk_batch *batch;
    uint64_t now;   /* the step that is open */
    uint64_t next;  /* step after the last that was seen */
    bool begun;     /* a step was seen */
};


static const void *at(uint64_t reference, uint64_t bytes)
{
    const void *place = wk_pool_view_at(&view, reference, bytes);

    expect(place != NULL, "a reference to nothing", reference);
    return place;
}

static const char *long_text_at(void *user, uint64_t reference, uint64_t bytes)
{
    (void)user;
    total.long_texts++;
    return at(reference, bytes);
}

static const struct wk_long_texts long_texts = {.at = long_text_at};

static const char *name_of(const struct wk_root *root, uint32_t id)
{
    const struct wk_site_table *table = at(root->sites, sizeof *table);
    const struct wk_site *chunk = at(table->chunks[(id - 1) / WK_SITE_CHUNK], WK_SITE_CHUNK * sizeof *chunk);
    const struct wk_site *site = &chunk[(id - 1) % WK_SITE_CHUNK];

    return wk_site_texts_from(site, at(site->texts, wk_site_texts_bytes(site))).literal;
}

static void check_text(const struct reader *reader, const struct wick_record *record)
{
    char text[TEXT_BYTES_MAX + 1];
    uint32_t bytes = text_of(reader->now, text);

    expect(record->text_bytes == bytes && memcmp(record->text, text, bytes) == 0, "another text", reader->now);
}

static void check_start(const struct reader *reader, const char *name)
{
    char dynamic[32];

    snprintf(dynamic, sizeof dynamic, "dynamic %u", (unsigned)(reader->now % DYNAMIC));
    expect(strcmp(name, "step") == 0 || strcmp(name, "deep") == 0 || !reader->begun || strcmp(name, dynamic) == 0,
           "another name", reader->now);
}

static void check_time(int64_t time_ns)
{
    const struct wk_pool_header *header = wk_pool_view_header(&view);

    expect(header->clock.ns_per_tick <= 0 || (time_ns >= header->start_ns - 2000000000 &&
                                              time_ns <= wk_clock_wall_ns() + 2000000000),
           "another time", (uint64_t)time_ns);
}

static void take(struct reader *reader, const struct wk_root *root)
{
    for (uint32_t i = 0; i < reader->batch->count; i++) {
        const struct wick_record *record = &reader->batch->records[i];

        check_time(record->time_ns);
        switch (record->kind) {
        case WICK_RECORD_START:
            check_start(reader, name_of(root, record->site));
            break;
        case WICK_RECORD_VALUE:
            reader->now = (uint64_t)record->u.number;
            expect(!reader->begun || reader->now == reader->next, "a step is missing", reader->next);
            reader->next = reader->now + 1;
            reader->begun = true;
            total.steps++;
            break;
        case WICK_RECORD_MARK:
            if (reader->begun) {
                expect(has_mark(reader->now), "a mark too many", reader->now);
                check_text(reader, record);
            }
            break;
        case WICK_RECORD_ENDER:
            if (reader->begun) {
                expect(fails(reader->now), "a failure too many", reader->now);
                check_text(reader, record);
            }
            break;
        default:
            expect(record->kind == WICK_RECORD_ENDOK || record->kind == WICK_RECORD_THREAD_NAME, "another record", record->kind);
        }
    }
    wk_batch_begin(reader->batch, &heap_allocator);
}

/* Every slot from tail to head, through as many rings as there are. */
static void decode(struct reader *reader, const struct wk_root *root, const struct wk_thread *thread)
{
    const struct wk_read_ring *ring = wk_thread_read_ring(thread, thread->hot.tail);
    enum wk_decode_stop stop = WK_DECODE_BATCH;
    struct wk_span span = {.slots = at(ring->reference, (ring->mask + (uint64_t)1) * sizeof(struct wick_event)),
                           .texts = &long_texts,
                           .mask = ring->mask,
                           .tail = thread->hot.tail,
                           .head = thread->hot.head};

    while (stop != WK_DECODE_EMPTY) {
        stop = wk_decode(&reader->decoder, &span, &reader->line, reader->batch, &heap_allocator);
        take(reader, root);
        if (stop == WK_DECODE_SWITCH) {
            span.slots = at(span.next_ring, (span.next_mask + (uint64_t)1) * sizeof(struct wick_event));
            span.mask = span.next_mask;
            total.switches++;
        }
    }
    expect(reader->decoder.damaged == 0 && span.tail == thread->hot.head, "damaged slots", span.tail);
}

static void read_thread(const struct wk_root *root, const struct wk_thread *thread)
{
    const struct wk_pool_clock *clock = &wk_pool_view_header(&view)->clock;
    struct reader reader = {.batch = calloc(1, sizeof *reader.batch)};
    unsigned worker;

    wk_timeline_add(&reader.line, clock->anchor_ticks, clock->anchor_wall_ns, clock->ns_per_tick);
    decode(&reader, root, thread);
    if (sscanf(thread->name, "worker %u", &worker) == 1) {
        uint64_t done = truth->done[worker];

#ifdef WITHOUT_DRAIN
        expect(thread->hot.tail == 0, "somebody has read", thread->hot.tail);
        expect(reader.begun || done == 0, "a worker's events are missing", done);
#endif
        expect(!reader.begun || (reader.next >= done && reader.next <= done + 1), "events at the end are missing", done);
        expect(reader.decoder.depth + 1 >= (uint32_t)thread->hot.top || !reader.begun, "scopes are missing", thread->hot.top);
    }
    wk_decode_fini(&reader.decoder, &heap_allocator);
    free(reader.batch);
}

static void read_list(const struct wk_root *root, uint64_t reference)
{
    while (reference) {
        const struct wk_thread *thread = at(reference, sizeof *thread);
        uint32_t i = 0;

        while (i < seen_count && seen[i] != reference) {
            i++;
        }
        if (i == seen_count) {
            expect(seen_count < SEEN_MAX && thread->self == reference, "a strange list", reference);
            seen[seen_count++] = reference;
            read_thread(root, thread);
        }
        reference = thread->next;
    }
}

static void read_memory(int file)
{
    const struct wk_pool_header *header;

    /* Where the other process had it, nothing can be mapped. */
    if (truth->base) {
        (void)!mmap((void *)(uintptr_t)truth->base, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    }
    seen_count = 0;
    if (wk_pool_view_open(&view, file) == 0) {
        header = wk_pool_view_header(&view);
        expect(header != truth->base, "the same address", 0);
        if (header->root) {
            const struct wk_root *root = at(header->root, sizeof *root);

            expect(root->root_bytes == sizeof *root && root->thread_bytes == sizeof(struct wk_thread), "another layout", 0);
            read_list(root, root->live);
            read_list(root, root->fresh);
        }
    }
    for (int i = 0; i < WORKERS; i++) {
        expect(seen_count || truth->done[i] == 0, "nothing was found", truth->done[i]);
    }
    if (truth->base) {
        munmap((void *)(uintptr_t)truth->base, 4096);
    }
    wk_pool_view_close(&view);
}

static void run_round(const char *program, uint32_t kill_after_us)
{
    int file = memfd_create("recording", 0);
    int truth_file = memfd_create("truth", 0);
    char file_text[12];
    char truth_text[12];

    expect(file >= 0 && ftruncate(truth_file, sizeof *truth) == 0, "no file", (uint64_t)errno);
    truth = map(truth_file, sizeof *truth);
    snprintf(file_text, sizeof file_text, "%d", file);
    snprintf(truth_text, sizeof truth_text, "%d", truth_file);
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, "record", file_text, truth_text, (char *)NULL);
        _exit(127);
    }
    nanosleep(&(struct timespec){0, (long)kill_after_us * 1000}, NULL);
    int status = 0;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the recording process ended by itself", (uint64_t)status);
    read_memory(file);
    munmap(truth, sizeof *truth);
    close(file);
    close(truth_file);
    total.rounds++;
}

int main(int count, char **arguments)
{
    if (count == 4) {
        record(atoi(arguments[2]), atoi(arguments[3]));
    }
    uint32_t rounds = (uint32_t)atoi(arguments[1]);
    uint64_t random = (uint64_t)getpid();
    for (uint32_t i = 0; i < rounds; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        /* The last rounds come to larger rings and long texts on a slow machine, too. */
        run_round("/proc/self/exe", (uint32_t)(random >> 33) % KILL_AFTER_US + (i + 2 >= rounds ? 400000 : 0));
    }
    printf("%llu rounds: %llu steps, %llu long texts, %llu larger rings\n", (unsigned long long)total.rounds,
           (unsigned long long)total.steps, (unsigned long long)total.long_texts, (unsigned long long)total.switches);
#ifdef WITHOUT_DRAIN
    expect(total.steps && total.long_texts && total.switches, "too little was recorded", total.steps);
#endif
    return 0;
}
