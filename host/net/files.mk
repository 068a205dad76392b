libhermod_a_SOURCES += \
	host/net/gate.c \
	host/net/gate.h \
	host/net/http.h \
	host/net/http_curl.c \
	host/net/http_handle.c \
	host/net/http_handle.h \
	host/net/request.h
UNIT += tests/unit/net/gate
