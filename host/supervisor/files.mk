libhermod_a_SOURCES += \
	host/supervisor/core_child.c \
	host/supervisor/describe.c \
	host/supervisor/describe.h \
	host/supervisor/runner_child.c \
	host/supervisor/source_child.c \
	host/supervisor/spawn.c \
	host/supervisor/spawn.h \
	host/supervisor/state.h \
	host/supervisor/supervisor.c \
	host/supervisor/supervisor.h
