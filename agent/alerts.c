/* SPDX-License-Identifier: ISC */
/* alerts — see alerts.h. */
#include "agent/alerts.h"

#include "agent/cell.h"

enum column { NAME = 2, KEY, STATE, SEVERITY, VALUE, THRESHOLD, SINCE, TEXT };

static const uint32_t arcs[] = {
	NAME, KEY, STATE, SEVERITY, VALUE, THRESHOLD, SINCE, TEXT};

/* A word's place is its number in the MIB; a word that is not here is other. */
static const char *const states[] = {
	"other", "clear", "pending", "raised", "silenced", NULL};
static const char *const severities[] = {
	"other", "info", "warning", "critical", NULL};
enum { OTHER = 1 };

int
alerts_severity(const char *word)
{
	return cell_word(severities, word, OTHER);
}

static size_t
rows(const struct moment *moment)
{
	return moment->view != NULL ? moment->view->alert_count : 0;
}

static void
index_row(
	const struct moment *moment, size_t row, uint32_t index[AREA_INDEX_MAX])
{
	index[0] = moment->view->alerts[row].index;
}

static bool
cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	const struct view_alert *alert = &moment->view->alerts[row];
	switch (column) {
	case NAME:
		return cell_text(value, alert->name);
	case KEY:
		return cell_text(value, alert->key);
	case STATE:
		return cell_integer(
			value, cell_word(states, alert->state, OTHER));
	case SEVERITY:
		return cell_integer(value, alerts_severity(alert->severity));
	case VALUE:
		return cell_text(value, alert->value);
	case THRESHOLD:
		return cell_text(value, alert->threshold);
	case SINCE:
		return cell_date(value, alert->since);
	default:
		return cell_text(value, alert->text);
	}
}

const struct area alerts_area = {
	.prefix = {1, 10, 1},
	.prefix_len = 3,
	.index_len = 1,
	.arcs = arcs,
	.arc_count = sizeof(arcs) / sizeof(arcs[0]),
	.rows = rows,
	.index = index_row,
	.cell = cell,
};
