#ifndef SUTURE_CRYPT_H
#define SUTURE_CRYPT_H

#include <crypt.h>
#include <stddef.h>

/// Hashes a phrase under a setting into `output`, in working memory that is wiped before it is freed.
/// Answers 0, or the error number of crypt_r.
int suture_crypt(const char *phrase, const char *setting, char *output, size_t size);

/// Overwrites memory in a way that the compiler may not leave out.
void suture_wipe(void *memory, size_t size);

#endif
