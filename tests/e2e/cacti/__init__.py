# SPDX-License-Identifier: ISC
"""A Cacti of the tests' own, in a machine and a network of its own."""
