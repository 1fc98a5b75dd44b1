/*
 * SPDX-License-Identifier: MIT
 * Opens a link in the user's browser. See browser.h.
 * Invariant: only the user can read the file that holds the link.
 */
#include "page/browser.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool write_redirect(const char *link, char redirect[REDIRECT_BYTES])
{
    const char *directory = getenv("XDG_RUNTIME_DIR");
    int length =
        snprintf(redirect, REDIRECT_BYTES, "%s/wick-page.XXXXXX.html", directory && *directory ? directory : "/tmp");
    int fd = length < REDIRECT_BYTES ? mkstemps(redirect, 5) : -1; /* mode 0600 */
    if (fd < 0) {
        redirect[0] = 0;
        return false;
    }
    char text[700];
    int bytes = snprintf(text, sizeof text,
                         "<!doctype html><meta charset=\"utf-8\"><title>wick</title>"
                         "<meta http-equiv=\"refresh\" content=\"0; url=%s\">\n", link);
    bool good = write(fd, text, (size_t)bytes) == bytes;
    return close(fd) == 0 && good;
}

/* Fork twice, so that the browser is not a child of the tool and init waits for it. */
static void start_browser(const char *path)
{
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        if (setsid() >= 0 && fork() == 0) {
            execlp("xdg-open", "xdg-open", path, (char *)NULL);
        }
        _exit(0);
    }
    if (pid > 0) {
        waitpid(pid, NULL, 0);
    }
}

bool browser_open(const char *link, char redirect[REDIRECT_BYTES])
{
    const char *x11 = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
    if (geteuid() == 0 || !((x11 && *x11) || (wayland && *wayland)) || !write_redirect(link, redirect)) {
        return false;
    }
    start_browser(redirect);
    return true;
}
