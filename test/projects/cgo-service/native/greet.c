#include "greet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *greet(const char *name)
{
	size_t size = strlen(name) + sizeof "hello, \n";
	char *line = malloc(size);

	if (line)
		snprintf(line, size, "hello, %s\n", name);
	return line;
}
