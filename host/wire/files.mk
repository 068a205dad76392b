libhermod_a_SOURCES += \
	host/wire/channel.c \
	host/wire/channel.h \
	host/wire/codec.c \
	host/wire/codec.h \
	host/wire/message.c \
	host/wire/message.h \
	host/wire/message_config.c \
	host/wire/message_job.c \
	host/wire/message_reader.h \
	host/wire/message_source.c

UNIT += tests/unit/wire/message tests/unit/wire/channel
