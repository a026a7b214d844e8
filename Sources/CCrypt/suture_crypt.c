#include "suture_crypt.h"
