#ifndef SUTURE_FATAL_H
#define SUTURE_FATAL_H

/* Leaves a file with the number of the work in hand when a fatal signal of our own ends the process. */
int suture_mark_fatal_signals(const char *path);

/* Tells what is in hand; 0 is nothing. */
void suture_set_current_work(long long number);

#endif
