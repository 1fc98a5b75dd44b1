/*
 * SPDX-License-Identifier: MIT
 * e2e: the ways to start another program from inside a scope: vfork, posix_spawn, fork with exec, system, popen. The
 * children are this program again, uninstrumented: what they inherit is printed, and must be what it is without wick.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

extern char **environ;

static char *self;

static int waited(pid_t child)
{
    int status = -1;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        ;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int by_vfork(void)
{
    char name[] = "vfork";
    char *const arguments[] = {self, name, NULL};
    pid_t child;
    WICK_SCOPE("vfork");

    child = vfork();
    if (child == 0) {
        execv(self, arguments);
        _exit(127);
    }
    return waited(child);
}

/* Nothing may be recorded between vfork and exec; what cannot be executed ends there. */
static int by_failing_vfork(void)
{
    pid_t child;
    WICK_SCOPE("vfork that fails");

    child = vfork();
    if (child == 0) {
        execl("/no/such/program", "none", (char *)NULL);
        _exit(127);
    }
    return waited(child);
}

static int by_spawn(void)
{
    char name[] = "posix_spawn";
    char *const arguments[] = {self, name, NULL};
    pid_t child = 0;
    WICK_SCOPE("posix_spawn");

    return posix_spawn(&child, self, NULL, NULL, arguments, environ) == 0 ? waited(child) : -1;
}

static int by_fork(void)
{
    pid_t child;
    WICK_SCOPE("fork and exec");

    child = fork();
    if (child == 0) {
        execl(self, self, "fork", (char *)NULL);
        _exit(127);
    }
    return waited(child);
}

static int by_system(void)
{
    char command[4096];
    int status;
    WICK_SCOPE("system");

    snprintf(command, sizeof command, "'%s' system", self);
    status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int by_popen(void)
{
    char text[4096];
    FILE *pipe;
    WICK_SCOPE("popen");

    snprintf(text, sizeof text, "'%s' popen", self);
    pipe = popen(text, "r");
    while (pipe && fgets(text, sizeof text, pipe)) {
        fputs(text, stdout);
    }
    return pipe ? WEXITSTATUS(pclose(pipe)) : -1;
}

int main(int count, char **arguments)
{
    sigset_t blocked;

    if (count > 1) { /* a child: it records nothing */
        puts(arguments[1]);
        return 40 + (int)strlen(arguments[1]);
    }
    self = arguments[0];
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    signal(SIGPIPE, SIG_IGN);
    WICK_SCOPE("main");
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("vfork %d\n", by_vfork());
    printf("failing vfork %d\n", by_failing_vfork());
    printf("posix_spawn %d\n", by_spawn());
    printf("fork %d\n", by_fork());
    printf("system %d\n", by_system());
    printf("popen %d\n", by_popen());
    return 6;
}
