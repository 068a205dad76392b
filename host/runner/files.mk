libhermod_a_SOURCES += \
	host/runner/call.c \
	host/runner/call.h \
	host/runner/coro.c \
	host/runner/coro.h \
	host/runner/describe.c \
	host/runner/descriptor.c \
	host/runner/descriptor.h \
	host/runner/descriptor_settings.c \
	host/runner/far_lookup.c \
	host/runner/far_net.c \
	host/runner/http_path.c \
	host/runner/http_path.h \
	host/runner/jobs.c \
	host/runner/json_tree.c \
	host/runner/json_tree.h \
	host/runner/loader.c \
	host/runner/loader.h \
	host/runner/mask.c \
	host/runner/mask.h \
	host/runner/memo.c \
	host/runner/memo.h \
	host/runner/rate.c \
	host/runner/rate.h \
	host/runner/runner.c \
	host/runner/runner.h \
	host/runner/sanitize.h \
	host/runner/services.c \
	host/runner/settings.c \
	host/runner/state.h \
	host/runner/svc_crypto.c \
	host/runner/svc_http.c \
	host/runner/svc_json.c \
	host/runner/svc_json_pack.c \
	host/runner/svc_log.c \
	host/runner/svc_memo.c \
	host/runner/svc_retry.c \
	host/runner/svc_subscriber.c \
	host/runner/svc_tags.c \
	host/runner/svc_text.c \
	host/runner/svc_time.c \
	host/runner/watchdog.c \
	host/runner/watchdog.h
UNIT += \
	tests/unit/runner/coro \
	tests/unit/runner/loader \
	tests/unit/runner/memo \
	tests/unit/runner/misuse \
	tests/unit/runner/rate \
	tests/unit/runner/svc_http \
	tests/unit/runner/svc_json \
	tests/unit/runner/svc_more \
	tests/unit/runner/svc_retry \
	tests/unit/runner/svc_subscriber
EXTRA_DIST += tests/unit/runner/fake_far.h
