# mailtally: everything is built from here, in one make process.
#
#   make                    build release programs into build/release/bin
#   make demo [LOG=FILE]    count a real log: table, RRD files, graphs
#   make test               all tests but the long benchmarks (installs what they need)
#   make test-full          the e2e layer with every case of the lab; a table
#   make test-cacti         the templates in a real Cacti; its pictures in build/cacti
#   make unit | golden | e2e | fuzz-replay | lint     one layer of them
#   make golden-update      accept new golden output; look at the difference
#   make bench              speed and memory, as ratios within one run
#   make MODE=asan|cover    the same build with sanitizers or coverage
#   make fuzz TARGET=line   fuzz one parser with libFuzzer (clang)
#   make docs               write docs/sources.md, MIB and Cacti templates anew
#   make tidy | format      clang-tidy; apply .clang-format
#   make install DESTDIR=   PREFIX=/usr/local
#   make help               these lines
VERSION := 0.1.0
MODE ?= release
B := build/$(MODE)

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/mailtally
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
SYSCONFDIR ?= /etc
MIBDIR ?= $(DATADIR)/snmp/mibs

PKG_CONFIG ?= pkg-config
INSTALL ?= install

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Wvla \
	-Wformat=2 -Wpointer-arith -Wcast-qual -Wstrict-prototypes \
	-Wmissing-prototypes $(if $(WERROR),-Werror)
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
CFLAGS_cover := -O0 -g --coverage
CFLAGS ?= $(CFLAGS_$(MODE))
# Where gcc makes a release, programs are optimised as a whole: a twentieth of
# a scan's instructions. The objects stay complete, so that the many tests link
# without it.
LTO := $(if $(findstring clang,$(CC)),,$(if $(filter release,$(MODE)),-flto=auto))
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-I. $(WARNINGS) $(CPPFLAGS) $(CFLAGS) $(LTO:%=% -ffat-lto-objects) \
	$(PKG_CFLAGS) -MMD -MP -c -o $@ $<
LINK = $(CC) $(CFLAGS) $(if $(findstring /bin/,$@),$(LTO),-fno-lto) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
	$(PKG_LIBS) $(LDLIBS)

# Which folder knows which libraries; tests/lint/layers.sh keeps it so.
LIB_PKGS := libconfuse libxxhash
COLLECTOR_PKGS := libpcre2-8 libxxhash zlib
RRD_PKGS := librrd
CLI_PKGS := jansson
# Not `pkg-config netsnmp-agent`: it brings libnetsnmpmibs and what that needs.
AGENT_LIBS := -lnetsnmpagent -lnetsnmp

objects = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))
# Modules go into one archive: each program and test takes what it calls, and
# what only the daemon needs (librrd) never gets into the others.
MODULES := $(filter-out %/main.o,$(call objects,lib/*.c collector/*.c rrd/*.c agent/*.c)) \
	$(B)/collector/shipped.o $(B)/agent/modulefile.o
ARCHIVE := $(B)/mailtally.a
UNIT := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
BENCH := $(B)/tests/bench/generate $(B)/tests/bench/measure \
	$(B)/tests/bench/snmp/walk $(B)/tests/bench/snmp/bare
FUZZ := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
RULES := collector/rules.d/catalogue $(sort $(wildcard collector/rules.d/*.rules))

all: $(B)/bin/mailtallyd $(B)/bin/mailtally $(B)/bin/mailtally-rrd \
	$(B)/bin/mailtally-agent

$(B)/bin/mailtallyd: $(B)/collector/main.o $(ARCHIVE)
$(B)/bin/mailtally-agent: $(B)/agent/main.o $(ARCHIVE)
$(B)/bin/mailtally: $(call objects,cli/*.c) $(ARCHIVE)
$(B)/bin/mailtally-rrd: $(call objects,cli/rrd/*.c) $(ARCHIVE)
# A unit test includes the .c file that it tests; the archive has the others.
$(UNIT): $(B)/%: $(B)/%.o $(ARCHIVE)
# A fuzz target replays its corpus with a plain main.
$(FUZZ): $(B)/%: $(B)/%.o $(B)/tests/fuzz/replay.o $(ARCHIVE)
$(B)/tests/bench/generate: $(filter-out %/measure.o,$(call objects,tests/bench/*.c)) $(ARCHIVE)
$(B)/tests/bench/measure: $(B)/tests/bench/measure.o
$(B)/tests/bench/snmp/walk: $(B)/tests/bench/snmp/walk.o
$(B)/tests/bench/snmp/walk: PKG_LIBS = -lnetsnmp
$(B)/tests/bench/snmp/bare: $(B)/tests/bench/snmp/bare.o $(B)/agent/columns.o
$(B)/tests/bench/snmp/bare: PKG_LIBS = -lnetsnmpagent -lnetsnmp
$(ARCHIVE): $(MODULES)
	rm -f $@
	$(AR) rcs $@ $^

pkg = $(shell $(PKG_CONFIG) $(1) $(2))
$(B)/lib/%.o: PKG_CFLAGS = $(call pkg,--cflags,$(LIB_PKGS))
$(B)/collector/%.o: PKG_CFLAGS = $(call pkg,--cflags,$(LIB_PKGS) $(COLLECTOR_PKGS))
$(B)/rrd/%.o: PKG_CFLAGS = $(call pkg,--cflags,$(RRD_PKGS))
$(B)/cli/%.o: PKG_CFLAGS = $(call pkg,--cflags,$(CLI_PKGS))
$(B)/tests/%.o: PKG_CFLAGS = $(call pkg,--cflags,cmocka $(LIB_PKGS) $(COLLECTOR_PKGS) $(RRD_PKGS) $(CLI_PKGS))
$(B)/bin/mailtallyd: PKG_LIBS = $(call pkg,--libs,$(LIB_PKGS) $(COLLECTOR_PKGS) $(RRD_PKGS))
$(B)/bin/mailtally-agent: PKG_LIBS = $(call pkg,--libs,$(LIB_PKGS)) $(AGENT_LIBS) -lm
$(B)/bin/mailtally: PKG_LIBS = $(call pkg,--libs,$(LIB_PKGS) $(COLLECTOR_PKGS) $(CLI_PKGS))
$(B)/bin/mailtally-rrd: PKG_LIBS = $(call pkg,--libs,$(LIB_PKGS) $(RRD_PKGS)) -lm
$(UNIT) $(FUZZ): PKG_LIBS = $(call pkg,--libs,cmocka $(LIB_PKGS) $(COLLECTOR_PKGS) $(RRD_PKGS) $(CLI_PKGS)) $(AGENT_LIBS) -lm

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE)
# The shipped rules travel inside the programs.
$(B)/collector/shipped.o: collector/shipped.sh $(RULES)
	@mkdir -p $(@D)
	sh $< shipped_files $(RULES) >$(@:.o=.S)
	$(CC) -c -o $@ $(@:.o=.S)
# So does the MIB.
$(B)/agent/modulefile.o: collector/shipped.sh agent/MAILTALLY-MIB.txt
	@mkdir -p $(@D)
	sh $< module_files agent/MAILTALLY-MIB.txt >$(@:.o=.S)
	$(CC) -c -o $@ $(@:.o=.S)
$(B)/bin/mailtallyd $(B)/bin/mailtally $(B)/bin/mailtally-rrd \
		$(B)/bin/mailtally-agent $(UNIT) $(FUZZ) $(BENCH):
	@mkdir -p $(@D)
	$(LINK)

units: $(UNIT)
fuzzers: $(FUZZ)
benches: $(BENCH)

# Packages come first, in a make of its own: pkg-config is asked when a file
# is compiled.
test:
	dist/packages.sh test
	tests/run.py
# What each stack of the lab has compared is left in a file; the table ends it.
SUMMARY := $(CURDIR)/build/lab-summary
test-full:
	dist/packages.sh test
	mkdir -p build
	rm -f $(SUMMARY)
	MAILTALLY_FULL=1 MAILTALLY_SUMMARY=$(SUMMARY) tests/run.py e2e; \
		status=$$?; \
		/usr/bin/python3 -m tests.e2e.lab.summary $(SUMMARY); exit $$status
# Longer, with a day of data: MAILTALLY_FULL=1; the thresholds, too:
# MAILTALLY_THOLD=FOLDER with a copy of Cacti's plugin thold.
test-cacti:
	dist/packages.sh cacti
	tests/run.py cacti
lint unit golden e2e: all
	tests/run.py $@
fuzz-replay: all
	tests/run.py fuzz
golden-update: all
	/usr/bin/python3 tests/golden/run.py --update
bench: all benches
	dist/packages.sh bench
	tests/bench/run.py
demo:
	dist/packages.sh build
	$(MAKE) -s all
	dist/demo/demo.sh $(LOG)

# One parser under libFuzzer, with the corpus of the tests as its seeds.
TARGET ?= line
fuzz:
	$(MAKE) CC=clang B=build/fuzz CFLAGS="-O1 -g \
		-fsanitize=fuzzer-no-link,address,undefined" build/fuzz/mailtally.a
	mkdir -p build/fuzz/corpus/$(TARGET)
	clang -std=c11 -D_GNU_SOURCE -I. -O1 -g -fsanitize=fuzzer,address,undefined \
		-o build/fuzz/fuzz_$(TARGET) tests/fuzz/fuzz_$(TARGET).c \
		build/fuzz/mailtally.a $(call pkg,--libs,$(LIB_PKGS) $(COLLECTOR_PKGS))
	build/fuzz/fuzz_$(TARGET) build/fuzz/corpus/$(TARGET) \
		tests/fuzz/corpus/$(TARGET)

install: all
	$(INSTALL) -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(BINDIR) \
		$(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(MANDIR)/man1 \
		$(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man8 \
		$(DESTDIR)$(MIBDIR) $(DESTDIR)$(DATADIR)/mailtally/mibs \
		$(DESTDIR)$(DATADIR)/mailtally/snmp \
		$(DESTDIR)$(DATADIR)/mailtally/cacti/snmp_queries \
		$(DESTDIR)$(DATADIR)/mailtally/cacti/thold \
		$(DESTDIR)$(SYSCONFDIR)/mailtally/rules.d
	$(INSTALL) -m 755 $(B)/bin/mailtallyd $(B)/bin/mailtally-agent \
		$(DESTDIR)$(SBINDIR)
	$(INSTALL) -m 755 $(B)/bin/mailtally $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 755 $(B)/bin/mailtally-rrd $(DESTDIR)$(LIBEXECDIR)
	for s in 1 5 8; do $(INSTALL) -m 644 docs/man/*.$$s \
		$(DESTDIR)$(MANDIR)/man$$s || exit 1; done
	$(INSTALL) -m 644 agent/MAILTALLY-MIB.txt $(DESTDIR)$(MIBDIR)
	$(INSTALL) -m 644 dist/snmp/mibs/*.txt $(DESTDIR)$(DATADIR)/mailtally/mibs
	$(INSTALL) -m 644 dist/snmp/*.conf dist/snmp/*.yml $(DESTDIR)$(DATADIR)/mailtally/snmp
	for d in . snmp_queries thold; do $(INSTALL) -m 644 \
		cacti-templates/$$d/*.xml \
		$(DESTDIR)$(DATADIR)/mailtally/cacti/$$d || exit 1; done
	[ -e $(DESTDIR)$(SYSCONFDIR)/mailtally/mailtally.conf ] || \
		$(INSTALL) -m 644 dist/mailtally.conf \
		$(DESTDIR)$(SYSCONFDIR)/mailtally

# A second opinion, over a minute; .clang-tidy says on what.
tidy:
	clang-tidy --quiet $(wildcard lib/*.c collector/*.c cli/*.c rrd/*.c cli/rrd/*.c agent/*.c) \
		-- -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. \
		$(call pkg,--cflags,$(LIB_PKGS) $(COLLECTOR_PKGS) $(RRD_PKGS))

docs:
	/usr/bin/python3 docs/sources.py
	/usr/bin/python3 agent/mib.py
	/usr/bin/python3 cacti-templates/generate.py
	cd dist/snmp && MIBS= HOME=/nonexistent \
		MIBDIRS=../../dist/snmp/mibs:../../agent:/usr/share/snmp/mibs \
		prometheus-snmp-generator --log.level=error generate
format:
	clang-format -i $(wildcard */*.[ch] cli/rrd/*.[ch] tests/*/*.[ch])
help:
	@sed -n '/^#/!q;s/^# \{0,1\}//p' Makefile
clean:
	rm -rf build

.PHONY: all units fuzzers benches test test-full test-cacti lint unit golden e2e fuzz-replay \
	golden-update bench demo fuzz install tidy docs format help clean
.DEFAULT_GOAL := all
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
