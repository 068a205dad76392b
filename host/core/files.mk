libhermod_a_SOURCES += \
	host/core/admin.h \
	host/core/core.h \
	host/core/httpd.h \
	host/core/intake.h \
	host/core/journal.h
