# Stand-ins for the platform and the vendors.
libhermod_a_SOURCES += \
	host/sandbox/ask.c \
	host/sandbox/control.c \
	host/sandbox/faults.c \
	host/sandbox/faults.h \
	host/sandbox/hubspot.c \
	host/sandbox/hubspot.h \
	host/sandbox/hubspot_properties.c \
	host/sandbox/js.c \
	host/sandbox/js.h \
	host/sandbox/mailchimp.c \
	host/sandbox/mailchimp.h \
	host/sandbox/mailchimp_fields.c \
	host/sandbox/mailchimp_member.c \
	host/sandbox/mailmojo.c \
	host/sandbox/make.c \
	host/sandbox/rule.c \
	host/sandbox/rule.h \
	host/sandbox/rule_fields.c \
	host/sandbox/sandbox.h \
	host/sandbox/server.c \
	host/sandbox/server.h \
	host/sandbox/sesamy.c \
	host/sandbox/stand.h \
	host/sandbox/state.c
UNIT += tests/unit/sandbox/server tests/unit/sandbox/sesamy tests/unit/sandbox/mailchimp \
	tests/unit/sandbox/hubspot tests/unit/sandbox/rule tests/unit/sandbox/make \
	tests/unit/sandbox/mailmojo
EXTRA_DIST += tests/unit/sandbox/box.h
