/*
 * Stands in for XenStore's clients in the stock scripts, as fast as a program can be: each is this one, by its name.
 * It knows a few nodes of a vif, and takes every write.
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
	static const char *const nodes[][2] = {
		{ "/bridge", "xenbr0" }, { "/frontend-id", "3" }, { "/handle", "0" }, { "/domain", "guest3" },
	};

	if (!ends(words[0], "xenstore-read"))
		return 0;
	for (unsigned int n = 0; n < sizeof(nodes) / sizeof(nodes[0]); n++) {
		if (ends(words[count - 1], nodes[n][0]))
			return puts(nodes[n][1]) < 0;
	}
	return 1;
}
