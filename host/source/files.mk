libhermod_a_SOURCES += \
	host/source/api.c \
	host/source/coalesce.c \
	host/source/envelope.c \
	host/source/envelope.h \
	host/source/lookups.c \
	host/source/rates.c \
	host/source/rates.h \
	host/source/source.c \
	host/source/source.h \
	host/source/state.h \
	host/source/tokens.c
UNIT += tests/unit/source/envelope tests/unit/source/rates tests/unit/source/source
EXTRA_DIST += tests/unit/source/platform.h
