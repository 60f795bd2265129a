# SPDX-License-Identifier: ISC
"""thold.py - threshold templates for Cacti's plugin thold.

Written for its releases 1.7 and 1.8: of the latter's own columns none is
here, their defaults are what is meant.
"""
from xml.sax.saxutils import escape

from markup import digits, element
from thresholds import BASELINE, HIGH, LOW, THRESHOLDS

TEXT_MAX = 1024     # of thold's columns for texts
REPEAT = 48         # polls: every four hours
EXACT, RPN = 0, 3
TYPES = {HIGH: 0, LOW: 0, BASELINE: 1}
DAY_S = 86400

BODY = ("<html><body><SUBJECT><br><br><b>Device</b>: <DESCRIPTION> "
        "(<HOSTNAME>)<br><b>Time</b>: <DATE><br><b>Graph</b>: <URL><br><br>"
        "{text}<br><br>{advice}<br><br><GRAPH></body></html>")
RESTORED = ("<html><body><SUBJECT><br><br><b>Device</b>: <DESCRIPTION> "
            "(<HOSTNAME>)<br><b>Graph</b>: <URL><br><br>{name}: normal again."
            "<br><br><GRAPH></body></html>")


def levels(threshold):
    """The columns of all three types; those of the others are empty."""
    names = ("thold_hi", "thold_low", "thold_warning_hi", "thold_warning_low",
             "time_hi", "time_low", "time_warning_hi", "time_warning_low",
             "bl_pct_up", "bl_pct_down")
    made = dict.fromkeys(names, "")
    made.update(thold_fail_trigger=1, thold_warning_fail_trigger=1,
                time_fail_trigger=1, time_fail_length=1,
                time_warning_fail_trigger=1, time_warning_fail_length=1,
                bl_ref_time_range=DAY_S, bl_fail_trigger=1, bl_alert=0)
    # Not its time based type: that tells of the end of what it never told.
    if threshold.type in (HIGH, LOW):
        of = "hi" if threshold.type == HIGH else "low"
        (made["thold_warning_" + of],
         made["thold_warning_fail_trigger"]) = threshold.warning
        made["thold_" + of], made["thold_fail_trigger"] = threshold.alert
    elif threshold.type == BASELINE:
        made["bl_pct_up"], made["bl_fail_trigger"] = threshold.alert
    return list(made.items())


def shown(text):
    """In a mail, which is HTML."""
    return escape(text.replace("`", "'"))


def body(threshold, advice):
    made = BODY.format(text=shown(threshold.text), advice=shown(advice))
    assert len(made) <= TEXT_MAX, (threshold.key, len(made))
    return made


def columns(threshold, data, source, advice):
    told = body(threshold, advice)
    return [
        ("hash", digits("threshold", threshold.key)),
        ("name", f"mailtally - {threshold.name}"),
        ("suggested_name", f"|data_source_description| - {threshold.name}"),
        ("data_template_id", digits("data_template", data.key)),
        ("data_template_name", f"mailtally - {data.title}"),
        ("data_source_id", digits("data_source", source.key)),
        ("data_source_name", source.name), ("data_source_friendly", ""),
        ("thold_enabled", "on"),
        ("thold_type", TYPES[threshold.type]),
        *levels(threshold),
        ("data_type", RPN if threshold.value else EXACT),
        ("expression", threshold.value), ("cdef", 0), ("percent_ds", ""),
        ("upper_ds", ""), ("show_units", ""), ("exempt", ""),
        ("repeat_alert", REPEAT), ("restored_alert", ""), ("reset_ack", ""),
        ("persist_ack", ""), ("notify_templated", "on"),
        # Lists and addresses are each Cacti's own.
        ("notify_extra", ""), ("notify_warning_extra", ""),
        ("notify_warning", 0), ("notify_alert", 0),
        ("email_body", told), ("email_body_warn", told),
        ("email_body_restoral", RESTORED.format(name=shown(threshold.name))),
        ("trigger_cmd_high", ""), ("trigger_cmd_low", ""),
        ("trigger_cmd_norm", ""), ("syslog_enabled", ""),
        ("snmp_event_category", "mailtally"),
        ("snmp_event_description", threshold.text),
        ("snmp_event_severity", 3), ("snmp_event_warning_severity", 2),
        ("notes", f"{threshold.text} {advice}"[:TEXT_MAX]),
    ]


def text(model, hashes):
    """mailtally_thold.xml"""
    places = {source.key: (data, source) for data in model.datas.values()
              for source in data.sources}
    made = []
    for n, threshold in enumerate(THRESHOLDS, 1):
        hashes.define("threshold", threshold.key)
        data, source = places[threshold.source]
        made.append((f"template{n}", columns(
            threshold, data, source, model.objects[threshold.see].advice)))
    return element("templates", made)
