libhermod_a_SOURCES += \
	host/base/arena.h \
	host/base/buf.h \
	host/base/clock.h \
	host/base/digest.h \
	host/base/heap.h \
	host/base/list.h \
	host/base/log.h \
	host/base/loop.h \
	host/base/map.h \
	host/base/mem.h \
	host/base/text.h \
	host/base/unicode.h
