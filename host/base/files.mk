libhermod_a_SOURCES += \
	host/base/arena.c \
	host/base/arena.h \
	host/base/buf.c \
	host/base/buf.h \
	host/base/clock.c \
	host/base/clock.h \
	host/base/digest.c \
	host/base/digest.h \
	host/base/heap.c \
	host/base/heap.h \
	host/base/list.h \
	host/base/log.c \
	host/base/log.h \
	host/base/loop.c \
	host/base/loop.h \
	host/base/map.c \
	host/base/map.h \
	host/base/mem.c \
	host/base/mem.h \
	host/base/notify.c \
	host/base/notify.h \
	host/base/process.c \
	host/base/process.h \
	host/base/text.c \
	host/base/text.h \
	host/base/unicode.c \
	host/base/unicode.h
UNIT += \
	tests/unit/base/notify \
	tests/unit/base/arena \
	tests/unit/base/buf \
	tests/unit/base/digest \
	tests/unit/base/heap \
	tests/unit/base/log \
	tests/unit/base/loop \
	tests/unit/base/map \
	tests/unit/base/mem \
	tests/unit/base/text \
	tests/unit/base/unicode
