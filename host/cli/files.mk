libhermod_a_SOURCES += \
	host/cli/batch.c \
	host/cli/batch.h \
	host/cli/case.c \
	host/cli/case.h \
	host/cli/case_exchange.c \
	host/cli/case_match.c \
	host/cli/case_match.h \
	host/cli/case_run.c \
	host/cli/case_run.h \
	host/cli/case_sesamy.c \
	host/cli/change.c \
	host/cli/change.h \
	host/cli/check.c \
	host/cli/cli.c \
	host/cli/cli.h \
	host/cli/client.c \
	host/cli/client.h \
	host/cli/deliveries.c \
	host/cli/drop.c \
	host/cli/explain.c \
	host/cli/har.c \
	host/cli/har.h \
	host/cli/json_diff.c \
	host/cli/json_diff.h \
	host/cli/options.c \
	host/cli/options.h \
	host/cli/pause.c \
	host/cli/plugin_dirs.c \
	host/cli/plugin_dirs.h \
	host/cli/plugin_info.c \
	host/cli/plugin_list.c \
	host/cli/plugin_show.c \
	host/cli/plugin_show.h \
	host/cli/plugin_test.c \
	host/cli/replay.c \
	host/cli/reply.c \
	host/cli/reply.h \
	host/cli/resume.c \
	host/cli/run.c \
	host/cli/sandbox.c \
	host/cli/say.c \
	host/cli/script_far.c \
	host/cli/script_far.h \
	host/cli/script_lookup.c \
	host/cli/select.c \
	host/cli/select.h \
	host/cli/send.c \
	host/cli/sender.c \
	host/cli/sender.h \
	host/cli/set_state.c \
	host/cli/set_state.h \
	host/cli/status.c \
	host/cli/table.c \
	host/cli/table.h
UNIT += \
	tests/unit/cli/batch \
	tests/unit/cli/options \
	tests/unit/cli/plugin_show \
	tests/unit/cli/reply \
	tests/unit/cli/select \
	tests/unit/cli/table

UNIT += \
	tests/unit/cli/case_match \
	tests/unit/cli/har
