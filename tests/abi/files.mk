BAD_PLUGINS = \
	tests/abi/bad/aborts.so \
	tests/abi/bad/bad-header.so \
	tests/abi/bad/bad-name.so \
	tests/abi/bad/calls-exit-now.so \
	tests/abi/bad/calls-exit.so \
	tests/abi/bad/closes-descriptors.so \
	tests/abi/bad/constructor-crashes.so \
	tests/abi/bad/constructor-exits.so \
	tests/abi/bad/constructor-hangs.so \
	tests/abi/bad/crashes-on-demand.so \
	tests/abi/bad/crashes.so \
	tests/abi/bad/divides-by-zero.so \
	tests/abi/bad/empty-event.so \
	tests/abi/bad/endless-events.so \
	tests/abi/bad/endless-settings.so \
	tests/abi/bad/forks.so \
	tests/abi/bad/gives-no-reason.so \
	tests/abi/bad/huge-config.so \
	tests/abi/bad/jumps-nowhere.so \
	tests/abi/bad/kills-itself.so \
	tests/abi/bad/large-frame.so \
	tests/abi/bad/lone-requests.so \
	tests/abi/bad/long-deadline.so \
	tests/abi/bad/long-name.so \
	tests/abi/bad/lying-struct.so \
	tests/abi/bad/negative-limit.so \
	tests/abi/bad/never-returns.so \
	tests/abi/bad/newer-minor.so \
	tests/abi/bad/next-major.so \
	tests/abi/bad/no-credential.so \
	tests/abi/bad/no-deliver.so \
	tests/abi/bad/no-events.so \
	tests/abi/bad/no-name.so \
	tests/abi/bad/no-summary.so \
	tests/abi/bad/no-symbol.so \
	tests/abi/bad/no-version.so \
	tests/abi/bad/not-a-struct.so \
	tests/abi/bad/not-utf8.so \
	tests/abi/bad/null-everywhere.so \
	tests/abi/bad/null-request.so \
	tests/abi/bad/null-url.so \
	tests/abi/bad/other-name.so \
	tests/abi/bad/overflows-stack.so \
	tests/abi/bad/returns-errno.so \
	tests/abi/bad/returns-zero.so \
	tests/abi/bad/setting-bad-default.so \
	tests/abi/bad/setting-bad-duration.so \
	tests/abi/bad/setting-bad-name.so \
	tests/abi/bad/setting-common-key.so \
	tests/abi/bad/setting-empty-choice.so \
	tests/abi/bad/setting-far-default.so \
	tests/abi/bad/setting-far-outside.so \
	tests/abi/bad/setting-flags.so \
	tests/abi/bad/setting-min-max.so \
	tests/abi/bad/setting-misaligned.so \
	tests/abi/bad/setting-no-choices.so \
	tests/abi/bad/setting-no-help.so \
	tests/abi/bad/setting-no-name.so \
	tests/abi/bad/setting-no-such-choice.so \
	tests/abi/bad/setting-outside.so \
	tests/abi/bad/setting-overlap.so \
	tests/abi/bad/setting-required-default.so \
	tests/abi/bad/setting-twice-choice.so \
	tests/abi/bad/setting-twice.so \
	tests/abi/bad/setting-type.so \
	tests/abi/bad/short-setting.so \
	tests/abi/bad/short-struct.so \
	tests/abi/bad/sleeps.so \
	tests/abi/bad/twice-event.so \
	tests/abi/bad/two-lines.so \
	tests/abi/bad/undefined-symbol.so \
	tests/abi/bad/uses-all-memory.so \
	tests/abi/bad/writes-to-stdout.so \
	tests/abi/bad/wrong-major.so
BAD_CXX_PLUGINS = tests/abi/bad/throws.so
GOOD_PLUGINS = \
	tests/abi/good/courier.so \
	tests/abi/good/everything.so \
	tests/abi/good/wider.so

# One source each; not plugin_PROGRAMS because nobody installs them. They are made as others
# would make them: without our hardening, and without sanitizers.
SUFFIXES = .so
ABI_CPPFLAGS = -D_GNU_SOURCE -I$(srcdir)/sdk
ABI_CFLAGS = -std=c11 -fPIC -fvisibility=hidden $(HERMOD_WARNINGS) $(CFLAGS)
ABI_LINK = -shared -Wl,-z,defs
.c.so:
	$(AM_V_CC)$(MKDIR_P) $(@D) && \
	$(CC) $(ABI_CPPFLAGS) $(ABI_CFLAGS) $(ABI_LINK) $(BAD_LDFLAGS) -o $@ $<
.cc.so:
	$(AM_V_CXX)$(MKDIR_P) $(@D) && \
	$(CXX) $(ABI_CPPFLAGS) -std=c++20 -fPIC -fvisibility=hidden -Wall -Wextra -Wpedantic $(CXXFLAGS) \
		$(ABI_LINK) -o $@ $<
ABI_PLUGINS = $(BAD_PLUGINS) $(BAD_CXX_PLUGINS) $(GOOD_PLUGINS)
$(ABI_PLUGINS): $(srcdir)/sdk/hermod/plugin.h $(srcdir)/tests/abi/bad/bad.h
tests/abi/bad/undefined-symbol.so: BAD_LDFLAGS = -Wl,-z,undefs
check_DATA = $(ABI_PLUGINS)
CLEANFILES += $(ABI_PLUGINS)
EXTRA_DIST += $(BAD_PLUGINS:.so=.c) $(BAD_CXX_PLUGINS:.so=.cc) $(GOOD_PLUGINS:.so=.c) \
	tests/abi/bad/bad.h

# The header: where everything lies, in which languages it compiles, which names it brings.
check_PROGRAMS += tests/abi/layout
TESTS += tests/abi/layout tests/abi/compile.sh tests/abi/describe.sh tests/abi/names.py \
	tests/abi/symbols.sh
EXTRA_DIST += tests/abi/compile.sh tests/abi/describe.sh tests/abi/names.py tests/abi/symbols.sh \
	tests/abi/language.c
tests_abi_layout_SOURCES = tests/abi/layout.c
tests_abi_layout_LDADD =

# A runner process alone, with the test as its supervisor and core.
if HAVE_CUNIT
check_PROGRAMS += tests/abi/contain tests/abi/network
TESTS += tests/abi/contain tests/abi/network
endif
PLAY = tests/abi/play.c tests/abi/play.h tests/abi/sink.c tests/abi/sink.h
tests_abi_contain_SOURCES = tests/abi/contain.c tests/abi/expect.c tests/abi/expect.h $(PLAY)
tests_abi_network_SOURCES = tests/abi/network.c $(PLAY)
tests_unit_runner_loader_SOURCES = tests/unit/runner/loader.c tests/abi/expect.c \
	tests/abi/expect.h
