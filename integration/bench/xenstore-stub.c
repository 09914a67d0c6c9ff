/*
 * Stands in for XenStore's clients in the stock scripts, as fast as a program can be: each is this one, by its name.
 * It knows one node, the vif's bridge, and takes every write.
 */
#include <stdio.h>
#include <string.h>

static int ends(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

int main(int count, char **words)
{
	if (!ends(words[0], "xenstore-read"))
		return 0;
	if (!ends(words[count - 1], "/bridge"))
		return 1;
	puts("xenbr0");
	return 0;
}
