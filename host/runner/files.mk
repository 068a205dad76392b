libhermod_a_SOURCES += \
	host/runner/call.h \
	host/runner/coro.c \
	host/runner/coro.h \
	host/runner/describe.c \
	host/runner/descriptor.c \
	host/runner/descriptor.h \
	host/runner/descriptor_settings.c \
	host/runner/loader.c \
	host/runner/loader.h \
	host/runner/runner.h \
	host/runner/sanitize.h
UNIT += tests/unit/runner/coro
EXTRA_DIST += tests/unit/runner/loader.c
