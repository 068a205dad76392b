# Tests of the plugins and of `hermod plugin test`.
TESTS += \
	tests/plugins/odd_answers.py \
	tests/plugins/plugin_cases.sh \
	tests/plugins/plugin_pages.py \
	tests/plugins/plugin_test.py \
	tests/plugins/rule_fields.py \
	tests/plugins/signed_archive.py \
	tests/plugins/verifier.py
EXTRA_DIST += \
	tests/data/standard_webhooks.json \
	tests/lib/standardwebhooks.py \
	tests/plugins/odd_answers.py \
	tests/plugins/plugin_cases.sh \
	tests/plugins/plugin_pages.py \
	tests/plugins/plugin_test.py \
	tests/plugins/rule_fields.py \
	tests/plugins/signed_archive.py \
	tests/plugins/verifier.py

# A plugin that sends what it is told to.
check_PROGRAMS += tests/cases/probe.so
tests_cases_probe_so_SOURCES = tests/cases/probe.c
tests_cases_probe_so_CPPFLAGS = -I$(srcdir)/sdk
tests_cases_probe_so_CFLAGS = $(SO_CFLAGS)
tests_cases_probe_so_LDFLAGS = $(SO_LDFLAGS)
tests_cases_probe_so_LDADD =
EXTRA_DIST += tests/cases/good tests/cases/bad
