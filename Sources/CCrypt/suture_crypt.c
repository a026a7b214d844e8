#define _GNU_SOURCE
#include "suture_crypt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int suture_crypt(const char *phrase, const char *setting, char *output, size_t size)
{
    // 32 KiB: too much for the stack of a small thread.
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL)
        return ENOMEM;
    int result = 0;
    errno = 0;
    const char *hash = crypt_r(phrase, setting, data);
    if (hash == NULL || hash[0] == '*')
        result = errno != 0 ? errno : EINVAL;
    else if (strlen(hash) >= size)
        result = ERANGE;
    else
        strcpy(output, hash);
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}

void suture_wipe(void *memory, size_t size)
{
    explicit_bzero(memory, size);
}
