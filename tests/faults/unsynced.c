/* What a disk would hold if the power failed now: each file as it was at its last flush.
 *
 * Loaded into a process with LD_PRELOAD. After each fsync or fdatasync of a database file (*.db, *-wal) its content is
 * copied to the folder in KEPT_AT, whole or not at all; what was written since is not there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ends_with(const char *path, const char *end) {
    size_t all = strlen(path), part = strlen(end);
    return all >= part && strcmp(path + all - part, end) == 0;
}

static void keep(int file) {
    char link[64], path[PATH_MAX], fresh[PATH_MAX + 64], kept[PATH_MAX + 64], block[65536];
    const char *folder = getenv("KEPT_AT");
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (folder == NULL || length < 0) return;
    path[length] = 0;
    if (!ends_with(path, ".db") && !ends_with(path, "-wal")) return;
    snprintf(kept, sizeof kept, "%s/%s", folder, strrchr(path, '/') + 1);
    snprintf(fresh, sizeof fresh, "%s.%d", kept, (int)gettid());
    int to = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    off_t at = 0;
    ssize_t got;
    while ((got = pread(file, block, sizeof block, at)) > 0) {
        if (write(to, block, (size_t)got) != got) abort();
        at += got;
    }
    close(to);
    rename(fresh, kept);
}

int fsync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = real(file);
    if (result == 0) keep(file);
    return result;
}

int fdatasync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = real(file);
    if (result == 0) keep(file);
    return result;
}
