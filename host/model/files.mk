libhermod_a_SOURCES += \
	host/model/caps.h \
	host/model/cloudevent.c \
	host/model/cloudevent.h \
	host/model/decimal.c \
	host/model/decimal.h \
	host/model/destination.h \
	host/model/duration.c \
	host/model/duration.h \
	host/model/event.c \
	host/model/event.h \
	host/model/host_config.h \
	host/model/http_rules.c \
	host/model/http_rules.h \
	host/model/json.c \
	host/model/json.h \
	host/model/limit.c \
	host/model/limit.h \
	host/model/network.c \
	host/model/network.h \
	host/model/outcome.c \
	host/model/outcome.h \
	host/model/phone.c \
	host/model/phone.h \
	host/model/plugin_info.c \
	host/model/plugin_info.h \
	host/model/retry.c \
	host/model/retry.h \
	host/model/slices.c \
	host/model/slices.h \
	host/model/slug.c \
	host/model/slug.h \
	host/model/suggest.c \
	host/model/suggest.h \
	host/model/timefmt.c \
	host/model/timefmt.h

UNIT += \
	tests/unit/model/cloudevent \
	tests/unit/model/decimal \
	tests/unit/model/duration \
	tests/unit/model/event \
	tests/unit/model/http_rules \
	tests/unit/model/json \
	tests/unit/model/limit \
	tests/unit/model/network \
	tests/unit/model/outcome \
	tests/unit/model/phone \
	tests/unit/model/plugin_info \
	tests/unit/model/retry \
	tests/unit/model/slices \
	tests/unit/model/slug \
	tests/unit/model/suggest \
	tests/unit/model/timefmt
