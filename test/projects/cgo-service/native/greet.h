#ifndef GREET_H
#define GREET_H

/* A line for a name; the caller frees it. */
char *greet(const char *name);

#endif
