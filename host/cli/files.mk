libhermod_a_SOURCES += \
	host/cli/cli.h
