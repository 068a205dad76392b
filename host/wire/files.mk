libhermod_a_SOURCES += \
	host/wire/channel.h \
	host/wire/codec.h \
	host/wire/message.h
