if HAVE_CUNIT
check_PROGRAMS += $(UNIT)
TESTS += $(UNIT)
endif
AM_TESTS_ENVIRONMENT = \
	SRCDIR='$(abs_srcdir)'; BUILDDIR='$(abs_builddir)'; \
	HERMOD='$(abs_builddir)/hermod'; export SRCDIR BUILDDIR HERMOD; \
	ASAN_OPTIONS="$${ASAN_OPTIONS:-detect_stack_use_after_return=0}"; export ASAN_OPTIONS;
TEST_EXTENSIONS = .sh .py
SH_LOG_COMPILER = bash
PY_LOG_COMPILER = python3 -B
EXTRA_DIST += tests/unit/unit.h
TESTS += tests/rules/rules.py tests/rules/planted.py tests/rules/manual.py tests/lib/selftest.py
EXTRA_DIST += tests/rules/rules.py tests/rules/planted.py tests/rules/manual.py tests/lib/selftest.py
include tests/abi/files.mk
include tests/system/files.mk
include tests/fuzz/files.mk
include tests/plugins/files.mk

# Unit tests under valgrind.
VALGRIND = valgrind -q --error-exitcode=99 --leak-check=full \
	--errors-for-leak-kinds=definite --show-leak-kinds=definite
.PHONY: check-valgrind bench
check-valgrind: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(UNIT)' LOG_COMPILER='$(VALGRIND)'

# make bench: each program of $(BENCH) prints one section of performance.md. To publish:
# cp performance.md $(srcdir)/docs/.
BENCH = $(srcdir)/tests/bench/end_to_end.py $(srcdir)/tests/bench/memory.py $(srcdir)/tests/bench/intake.py \
	$(srcdir)/tests/bench/runner.py tests/bench/journal
BENCH_BINS = tests/bench/generator tests/bench/sink tests/bench/ceiling \
	tests/bench/intake_alone tests/bench/runner_alone tests/bench/journal
EXTRA_PROGRAMS = $(BENCH_BINS)
CLEANFILES += $(BENCH_BINS)
tests_bench_runner_alone_SOURCES = tests/bench/runner_alone.c $(PLAY)
tests_bench_sink_LDADD =
tests_bench_journal_LDADD = $(HERMOD_LIBS)
tests_bench_ceiling_LDADD = $(CURL_LIBS)
bench: all $(BENCH_BINS)
	$(AM_TESTS_ENVIRONMENT) python3 -B $(srcdir)/tests/bench/report.py performance.md $(BENCH)
CLEANFILES += performance.md
EXTRA_DIST += tests/bench/report.py tests/bench/end_to_end.py tests/bench/memory.py tests/bench/intake.py \
	tests/bench/runner.py

# The manual and the completion against the commands that there are.
TESTS += tests/docs/manual.py tests/docs/sandbox.py
EXTRA_DIST += tests/docs/manual.py tests/docs/sandbox.py
