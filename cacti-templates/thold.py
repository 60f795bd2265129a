# SPDX-License-Identifier: ISC
"""thold.py - threshold templates for Cacti's plugin thold."""


def text(graphs, hashes):
    return "<templates>\n</templates>\n"
