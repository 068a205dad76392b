libhermod_a_SOURCES += \
	host/config/block.c \
	host/config/check.c \
	host/config/check.h \
	host/config/common.c \
	host/config/common.h \
	host/config/config.c \
	host/config/config.h \
	host/config/destination.c \
	host/config/host.c \
	host/config/host.h \
	host/config/loader.c \
	host/config/problems.c \
	host/config/read.c \
	host/config/refs.c \
	host/config/url.c \
	host/config/values.c \
	host/config/values.h \
	host/config/vendor.c \
	host/config/vendor.h \
	host/config/visible.c \
	host/config/visible.h \
	host/config/yaml.c \
	host/config/yaml.h \
	host/config/yaml_text.c \
	host/config/yaml_type.c \
	host/config/yaml_words.c \
	host/config/yaml_words.h

UNIT += \
	tests/unit/config/host \
	tests/unit/config/refs \
	tests/unit/config/samples \
	tests/unit/config/secrets \
	tests/unit/config/settings \
	tests/unit/config/vendors \
	tests/unit/config/yaml \
	tests/unit/config/yaml_type
EXTRA_DIST += tests/unit/config/config_unit.h
