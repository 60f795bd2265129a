/* SPDX-License-Identifier: ISC */
/*
 * measure — run a program and write what it cost, as one line of JSON.
 *
 * A child's peak memory as wait4(2) tells it is never below that of the process
 * it was forked from, so that must be a small one: this, and not Python.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("Usage: measure RESULT PROGRAM [ARGUMENT…]\n", stderr);
		return 2;
	}
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	int status;
	struct rusage usage;
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
		perror("measure");
		return 1;
	}
	FILE *out = fopen(argv[1], "we");
	if (!out) {
		perror(argv[1]);
		return 1;
	}
	fprintf(out, "{\"cpu_s\": %.6f, \"peak_kib\": %ld}\n",
		seconds(usage.ru_utime) + seconds(usage.ru_stime),
		usage.ru_maxrss);
	if (fclose(out) != 0)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
