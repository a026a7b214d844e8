#ifndef SUTURE_CRYPT_H
#define SUTURE_CRYPT_H
#include <crypt.h>
#endif
