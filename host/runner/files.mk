libhermod_a_SOURCES += \
	host/runner/call.h \
	host/runner/coro.c \
	host/runner/coro.h \
	host/runner/loader.h \
	host/runner/runner.h
UNIT += tests/unit/runner/coro
