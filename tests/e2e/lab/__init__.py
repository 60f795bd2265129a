# SPDX-License-Identifier: ISC
"""The lab: real Postfix, OpenDKIM, OpenDMARC and SPF services that write a
real mail log about test mail whose results are known beforehand.

Everything runs in namespaces of its own with nothing but a loopback device;
nothing of the machine is changed, and no daemon can reach another address.
See README.md.
"""
