/* SPDX-License-Identifier: ISC */
/*
 * command — the sub-commands of mailtally(1), one file each.
 *
 * Each gets its own name in argv[0] and returns the exit status.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

enum { COMMAND_OK = 0, COMMAND_FAILURE = 1, COMMAND_USAGE = 2 };

int command_scan(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_status(int argc, char **argv);

/* Says what is wrong and how the command is called; returns COMMAND_USAGE. */
int command_usage(const char *usage, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
