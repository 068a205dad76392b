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
include tests/abi/files.mk
