libhermod_a_SOURCES += \
	host/supervisor/describe.h \
	host/supervisor/spawn.h \
	host/supervisor/supervisor.h
