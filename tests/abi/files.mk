BAD_PLUGINS = \
	tests/abi/bad/bad-name.so \
	tests/abi/bad/empty-event.so \
	tests/abi/bad/endless-events.so \
	tests/abi/bad/endless-settings.so \
	tests/abi/bad/huge-config.so \
	tests/abi/bad/lone-requests.so \
	tests/abi/bad/long-deadline.so \
	tests/abi/bad/long-name.so \
	tests/abi/bad/lying-struct.so \
	tests/abi/bad/negative-limit.so \
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
	tests/abi/bad/other-name.so \
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
	tests/abi/bad/twice-event.so \
	tests/abi/bad/two-lines.so \
	tests/abi/bad/undefined-symbol.so \
	tests/abi/bad/wrong-major.so

GOOD_PLUGINS = \
	tests/abi/good/everything.so \
	tests/abi/good/wider.so

# One source each; not plugin_PROGRAMS because nobody installs them.
SUFFIXES = .so
.c.so:
	$(AM_V_CC)$(MKDIR_P) $(@D) && $(CC) -I$(srcdir)/sdk $(SO_CFLAGS) $(CFLAGS) \
		$(SO_LDFLAGS) $(BAD_LDFLAGS) -o $@ $<
$(BAD_PLUGINS) $(GOOD_PLUGINS): $(srcdir)/sdk/hermod/plugin.h $(srcdir)/tests/abi/bad/bad.h
tests/abi/bad/undefined-symbol.so: BAD_LDFLAGS = -Wl,-z,undefs
check_DATA = $(BAD_PLUGINS) $(GOOD_PLUGINS)
CLEANFILES += $(BAD_PLUGINS) $(GOOD_PLUGINS)
EXTRA_DIST += $(BAD_PLUGINS:.so=.c) $(GOOD_PLUGINS:.so=.c) tests/abi/bad/bad.h
