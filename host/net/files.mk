# HTTP out.
libhermod_a_SOURCES += \
	host/net/gate.c \
	host/net/gate.h \
	host/net/http.h \
	host/net/http_curl.c \
	host/net/http_handle.c \
	host/net/http_handle.h \
	host/net/request.h
UNIT += tests/unit/net/gate tests/unit/net/http_url

# HTTP in.
libhermod_a_SOURCES += \
	host/net/httpd.c \
	host/net/httpd.h \
	host/net/httpd_answer.c \
	host/net/httpd_listen.c \
	host/net/httpd_parts.h \
	host/net/httpd_request.c \
	host/net/problem.c \
	host/net/problem.h
UNIT += tests/unit/net/httpd
EXTRA_DIST += tests/unit/net/http_client.h
