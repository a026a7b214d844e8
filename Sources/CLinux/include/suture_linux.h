#ifndef SUTURE_LINUX_H
#define SUTURE_LINUX_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// System calls that Swift cannot import: variadic ones, and those that the Glibc module leaves out.
// Each answers what the call answers, and leaves errno as the call left it.

/// open(2) with a mode.
int suture_open(const char *path, int flags, mode_t mode);

/// openat2(2) for reading: beneath the directory, through no symbolic or magic link, without waiting.
int suture_open_beneath(int directory, const char *name);

/// renameat2(2) with RENAME_NOREPLACE.
int suture_rename_no_replace(const char *from, const char *to);

/// Takes a read lease on a file: refused with EAGAIN while anyone has it open for writing.
int suture_take_read_lease(int file);

/// Gives a lease back.
int suture_return_lease(int file);

/// The name of a directory entry, which may be longer than its declared array.
const char *suture_entry_name(const struct dirent *entry);

/// eventfd(2): a descriptor by which one thread, or a signal handler, wakes another.
int suture_event(void);

/// flock(2), exclusive, without waiting.
int suture_lock_exclusively(int file);

/// Allows no core dump, and no other process of the user to read this one's memory.
int suture_disable_core_dumps(void);


#include "suture_fatal.h"

#endif
