#define _GNU_SOURCE
#include "suture_linux.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int suture_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

int suture_open_beneath(int directory, const char *name)
{
    struct open_how how;
    memset(&how, 0, sizeof how);
    // O_NONBLOCK: a FIFO without a writer must not hold us. O_NOCTTY: a terminal must not become ours.
    how.flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    return (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
}

int suture_rename_no_replace(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int suture_take_read_lease(int file)
{
    // A writer who opens the file while we hold the lease makes the kernel signal us. The default, SIGIO, would end
    // the process; SIGURG is ignored unless someone asks for it.
    if (fcntl(file, F_SETSIG, SIGURG) < 0)
        return -1;
    return fcntl(file, F_SETLEASE, F_RDLCK);
}

int suture_return_lease(int file)
{
    return fcntl(file, F_SETLEASE, F_UNLCK);
}

const char *suture_entry_name(const struct dirent *entry)
{
    return entry->d_name;
}

int suture_event(void)
{
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int suture_lock_exclusively(int file)
{
    return flock(file, LOCK_EX | LOCK_NB);
}

int suture_disable_core_dumps(void)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) < 0)
        return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
