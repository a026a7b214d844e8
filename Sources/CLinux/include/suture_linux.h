#ifndef SUTURE_LINUX_H
#define SUTURE_LINUX_H
#endif
