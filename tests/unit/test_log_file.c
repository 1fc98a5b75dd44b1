/*
 * SPDX-License-Identifier: MIT
 * Files of a log: names, owners, append, rotation. What the disk does to them is e2e's (bad_input).
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/log/log_file.h"

static char directory[] = "/tmp/wick-log-file.XXXXXX";
static char why[4096];

static void begin(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
}

static void finish(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", directory);
    cr_assert_eq(system(command), 0);
}

TestSuite(log_file, .init = begin, .fini = finish);

static int open_log(struct wk_log_file *file, const char *pattern, bool append)
{
    const struct wk_log_open how = {
        .pattern = pattern, .host = "host", .pid = 42, .append = append, .start_ns = 2000000000000000000};

    return wk_log_file_open(file, &how, why, sizeof why);
}

static void put(struct wk_log_file *file, const char *text)
{
    cr_assert_eq(wk_log_file_write(file, text, strlen(text)), 0);
}

static void expect(const char *name, const char *content)
{
    char text[4096] = "";
    int fd = open(name, O_RDONLY);

    cr_assert_geq(fd, 0, "there is no %s", name);
    cr_assert_geq(read(fd, text, sizeof text - 1), 0);
    close(fd);
    cr_assert_str_eq(text, content);
}

static void create(const char *name, const char *content)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    cr_assert_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
}

Test(log_file, patterns_are_expanded)
{
    struct wk_log_file file;

    cr_assert_eq(open_log(&file, "%h-%p-%%-%x.ctxt", false), 0);
    cr_assert_str_eq(strrchr(file.path, '/'), "/host-42-%-%x.ctxt");
    cr_assert_eq(file.path[0], '/');
    cr_assert_str_eq(file.suffix, ".ctxt");
    wk_log_file_close(&file);
}

Test(log_file, suffixes_are_known)
{
    static const char *const cases[][3] = {
        {"a.ctxt.zst", ".ctxt.zst", "/a"}, {"a.b", "", "/a.b"}, {".ctxt", ".ctxt", "/"}, {"a.wick", ".wick", "/a"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wk_log_file file;

        cr_assert_eq(open_log(&file, cases[i][0], false), 0);
        cr_assert_str_eq(file.suffix, cases[i][1]);
        cr_assert_str_eq(strrchr(file.stem, '/'), cases[i][2]);
        cr_assert_eq(file.compressed, i == 0);
        wk_log_file_close(&file);
    }
}

Test(log_file, a_log_is_truncated)
{
    struct wk_log_file file;

    create("run.ctxt", "old\n");
    cr_assert_eq(open_log(&file, "run.ctxt", false), 0);
    put(&file, "new\n");
    wk_log_file_close(&file);
    expect("run.ctxt", "new\n");
}

Test(log_file, a_second_opener_goes_beside_and_knows_the_owner)
{
    struct wk_log_file first;
    struct wk_log_file second;

    cr_assert_eq(open_log(&first, "run.ctxt", false), 0);
    put(&first, "1700000000.000000001 node 7 main BMARK - start\n");
    cr_assert_eq(open_log(&second, "run.ctxt", false), 0);
    cr_assert_str_eq(strrchr(second.path, '/'), "/run.42.ctxt");
    cr_assert_str_eq(second.owner, "node 7 1700000000.000000001");
    put(&second, "mine\n");
    wk_log_file_close(&first);
    wk_log_file_close(&second);
    expect("run.42.ctxt", "mine\n");
    expect("run.ctxt", "1700000000.000000001 node 7 main BMARK - start\n");
}

Test(log_file, a_closed_log_is_free_again)
{
    struct wk_log_file file;

    for (int i = 0; i < 2; i++) {
        cr_assert_eq(open_log(&file, "run.ctxt", false), 0);
        cr_assert_str_eq(strrchr(file.path, '/'), "/run.ctxt");
        cr_assert_str_eq(file.owner, "");
        wk_log_file_close(&file);
    }
}

Test(log_file, append_cuts_a_torn_line)
{
    struct wk_log_file file;

    create("run.ctxt", "1700000000.000000001 n 1 t BMARK - wick start\n1700000000.00000");
    cr_assert_eq(open_log(&file, "run.ctxt", true), 0);
    put(&file, "new\n");
    wk_log_file_close(&file);
    expect("run.ctxt", "1700000000.000000001 n 1 t BMARK - wick start\nnew\n");
}

Test(log_file, append_leaves_a_later_log_alone)
{
    struct wk_log_file file;

    create("run.ctxt", "2100000000.000000001 n 1 t BMARK - x\n");
    cr_assert_eq(open_log(&file, "run.ctxt", true), 0);
    cr_assert_str_eq(strrchr(file.path, '/'), "/run.42.ctxt");
    wk_log_file_close(&file);
    expect("run.ctxt", "2100000000.000000001 n 1 t BMARK - x\n");
}

Test(log_file, rotation_numbers_the_parts_and_overwrites_none)
{
    struct wk_log_file file;

    create("run.2.ctxt", "of another run\n");
    cr_assert_eq(open_log(&file, "run.ctxt", false), 0);
    put(&file, "one\n");
    cr_assert_eq(wk_log_file_rotate(&file, 0), 0);
    put(&file, "two\n");
    cr_assert_eq(wk_log_file_rotate(&file, 0), 0);
    put(&file, "three\n");
    wk_log_file_close(&file);
    expect("run.1.ctxt", "one\n");
    expect("run.2.ctxt", "of another run\n");
    expect("run.3.ctxt", "two\n");
    expect("run.ctxt", "three\n");
}

Test(log_file, the_cap_removes_the_oldest_of_this_run_only)
{
    struct wk_log_file file;

    create("run.1.ctxt", "of another run\n");
    cr_assert_eq(open_log(&file, "run.ctxt", false), 0);
    for (int i = 0; i < 5; i++) {
        put(&file, "ten bytes\n");
        cr_assert_eq(wk_log_file_rotate(&file, 30), 0);
    }
    wk_log_file_close(&file);
    expect("run.1.ctxt", "of another run\n");
    expect("run.5.ctxt", "ten bytes\n");
    expect("run.6.ctxt", "ten bytes\n");
    cr_assert_neq(access("run.4.ctxt", F_OK), 0, "20 bytes in parts and 10 to come are the cap");
}

Test(log_file, a_removed_log_is_noticed)
{
    struct wk_log_file file;

    cr_assert_eq(open_log(&file, "run.ctxt", false), 0);
    cr_assert_not(wk_log_file_removed(&file));
    unlink("run.ctxt");
    cr_assert(wk_log_file_removed(&file));
    wk_log_file_close(&file);
}

Test(log_file, descriptors_are_out_of_the_hosts_way)
{
    struct wk_log_file file;

    cr_assert_eq(open_log(&file, "run.ctxt", false), 0);
    cr_assert_geq(file.fd, 200);
    cr_assert(fcntl(file.fd, F_GETFD) & FD_CLOEXEC);
    wk_log_file_close(&file);
}

Test(log_file, a_descriptor_that_became_the_hosts_is_left_alone)
{
    struct wk_log_file file;
    int fd;

    create("theirs", "");
    cr_assert_eq(open_log(&file, "run.ctxt", false), 0);
    fd = open("theirs", O_WRONLY);
    cr_assert_eq(dup2(fd, file.fd), file.fd); /* the host has closed all, and got the number */
    put(&file, "a line\n");
    wk_log_file_close(&file);
    expect("run.ctxt", "a line\n");
    expect("theirs", "");
}
