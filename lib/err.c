/* SPDX-License-Identifier: ISC */
/* err — see err.h. */
#include "lib/err.h"

#include <stdarg.h>
#include <stdio.h>

int
err_set(struct err *err, const char *fmt, ...)
{
	if (err == NULL)
		return -1;
	va_list args;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return -1;
}
