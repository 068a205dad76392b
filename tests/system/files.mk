# System tests: a real host, a real journal file, a scripted receiver. One file, one group
# of behaviour; tests/lib holds what they share.
SYSTEM_TESTS = \
	tests/system/outcomes.py \
	tests/system/kill.py \
	tests/system/twice.py \
	tests/system/lanes.py \
	tests/system/neighbour.py \
	tests/system/signed.py \
	tests/system/check.py \
	tests/system/intake_modes.py \
	tests/system/pressure.py \
	tests/system/stop.py \
	tests/system/restart.py \
	tests/system/operate.py \
	tests/system/front.py \
	tests/system/send.py \
	tests/system/secrecy.py \
	tests/system/hold.py \
	tests/system/hubspot.py \
	tests/system/mailchimp.py \
	tests/system/make.py \
	tests/system/source.py \
	tests/system/tls.py
TESTS += $(SYSTEM_TESTS)
EXTRA_DIST += $(SYSTEM_TESTS) \
	tests/lib/checks.py \
	tests/lib/host.py \
	tests/lib/receiver.py \
	tests/lib/sandbox.py \
	tests/lib/script.py \
	tests/lib/sesamy.py \
	tests/lib/wait.py \
	tests/lib/yamltext.py

# A plugin that misbehaves as it is told.
check_PROGRAMS += tests/system/rogue.so
tests_system_rogue_so_SOURCES = tests/system/rogue.c
tests_system_rogue_so_CFLAGS = $(SO_CFLAGS)
tests_system_rogue_so_LDFLAGS = $(SO_LDFLAGS)
tests_system_rogue_so_LDADD =
