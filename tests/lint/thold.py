#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""thold - the threshold templates are about data sources of the device
template, in the form that Cacti's plugin thold reads, and say what to do.
"""
import os
import sys
import xml.etree.ElementTree

import checks

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "cacti-templates")
TEXT_MAX = 1024  # of the columns for mails and notes


def parse(path):
    return xml.etree.ElementTree.parse(os.path.join(FOLDER, path)).getroot()


TREE = parse("thold/mailtally_thold.xml")
DEVICE = parse("cacti_device_template_mailtally.xml")
DATA, SOURCE = "hash_010102", "hash_080102"


def objects(kind, parent):
    """{32 digits: element}"""
    return {child.tag[len(kind):]: child for child in parent.iter()
            if child.tag.startswith(kind)}


def test_hashes_are_there_once():
    hashes = [each.findtext("hash") for each in TREE]
    assert len(set(hashes)) == len(hashes) > 15
    assert not set(hashes) & {child.tag[-32:] for child in DEVICE.iter()}
    assert [each.tag for each in TREE] == [
        f"template{n}" for n in range(1, len(hashes) + 1)]


def test_thresholds_are_about_what_is_there():
    data = objects(DATA, DEVICE)
    for each in TREE:
        name = each.findtext("name")
        sources = objects(SOURCE, data[each.findtext("data_template_id")])
        source = sources[each.findtext("data_source_id")]
        assert source.findtext("data_source_name") == \
            each.findtext("data_source_name"), name
        # An empty one would make thold refuse the file.
        assert each.find("data_template_hash") is None
        is_share = "Failure shares" in each.findtext("data_template_name")
        assert (each.findtext("expression") ==
                "CURRENT_DATA_SOURCE,100,/") == is_share, name
        for word in ("email_body", "email_body_warn", "email_body_restoral",
                     "notes"):
            text = each.findtext(word)
            assert 40 < len(text) <= TEXT_MAX, (name, word)
        for word in ("notify_extra", "notify_warning_extra",
                     "trigger_cmd_high", "trigger_cmd_low",
                     "trigger_cmd_norm"):
            assert each.findtext(word) == "", (name, word)


def test_thresholds_warn_before_they_alert():
    for each in TREE:
        def level(word):
            return float(each.findtext(word) or 0)

        name, kind = each.findtext("name"), each.findtext("thold_type")
        assert each.findtext("thold_enabled") == "on"
        if kind == "1":
            assert level("bl_pct_up") > 0 and each.findtext(
                "data_type") == "0", name  # it compares rates as stored
            continue
        assert kind == "0", name
        if level("thold_low"):
            assert level("thold_warning_low") >= level("thold_low"), name
            assert level("thold_warning_fail_trigger") < \
                level("thold_fail_trigger"), name
        else:
            assert 0 < level("thold_warning_hi") < level("thold_hi"), name


def test_the_shipped_alerts_have_thresholds():
    names = {each.findtext("name").partition(" - ")[2]
             for each in TREE}
    assert names >= {
        "DKIM signing stopped", "Unsigned outbound mail", "DKIM failures",
        "SPF failures", "DMARC failures", "DMARC failures of a domain",
        "DKIM keys not fetched", "Milter not reachable", "Milter breaks off",
        "Policy service failing", "Rejects jump", "DMARC rejects jump",
        "Log lines not understood", "Log silent", "Collector stale",
        "Deferred queue grows"}, names


if __name__ == "__main__":
    sys.exit(checks.run(globals()))
