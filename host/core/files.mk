libhermod_a_SOURCES += \
	host/core/admin.h \
	host/core/core.c \
	host/core/core.h \
	host/core/core_view.c \
	host/core/deliveries.c \
	host/core/destinations.c \
	host/core/dispatch.c \
	host/core/flights.c \
	host/core/httpd.h \
	host/core/intake.h \
	host/core/journal.h \
	host/core/runners.c \
	host/core/state.h \
	host/core/turn.c
