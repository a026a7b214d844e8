#include "suture_linux.h"
