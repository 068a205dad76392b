# Fuzz targets. In every build `make check` runs each over its corpus (tests/fuzz/corpus.sh);
# with `configure --enable-fuzzing CC=clang`, `make fuzz` lets libFuzzer look for more:
# FUZZ_SECONDS for each, what it finds into fuzz-found/ (add what is worth keeping to corpus/).
FUZZ = event slices cloudevent text wire http yaml subscriber
FUZZ_SECONDS = 60

if FUZZING
FUZZ_DRIVER =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_DRIVER = tests/fuzz/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
endif

check_PROGRAMS += \
	tests/fuzz/event tests/fuzz/slices tests/fuzz/cloudevent tests/fuzz/text tests/fuzz/wire \
	tests/fuzz/http tests/fuzz/yaml tests/fuzz/subscriber
tests_fuzz_event_SOURCES = tests/fuzz/event.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_event_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_event_LDADD = $(HERMOD_LIBS)
tests_fuzz_slices_SOURCES = tests/fuzz/slices.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_slices_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_slices_LDADD = $(HERMOD_LIBS)
tests_fuzz_cloudevent_SOURCES = tests/fuzz/cloudevent.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_cloudevent_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_cloudevent_LDADD = $(HERMOD_LIBS)
tests_fuzz_text_SOURCES = tests/fuzz/text.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_text_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_text_LDADD = $(HERMOD_LIBS)
tests_fuzz_wire_SOURCES = tests/fuzz/wire.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_wire_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_wire_LDADD = $(HERMOD_LIBS)
tests_fuzz_http_SOURCES = tests/fuzz/http.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_http_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_http_LDADD = $(HERMOD_LIBS)
tests_fuzz_yaml_SOURCES = tests/fuzz/yaml.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_yaml_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_yaml_LDADD = $(HERMOD_LIBS)
tests_fuzz_subscriber_SOURCES = tests/fuzz/subscriber.c tests/fuzz/fuzz.h $(FUZZ_DRIVER)
tests_fuzz_subscriber_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_subscriber_LDADD = $(HERMOD_LIBS)

TESTS += tests/fuzz/corpus.sh
EXTRA_DIST += tests/fuzz/corpus.sh tests/fuzz/corpus tests/fuzz/replay.c

.PHONY: fuzz
fuzz:
if FUZZING
	$(MAKE) $(AM_MAKEFLAGS) $(FUZZ:%=tests/fuzz/%)
	set -e; for t in $(FUZZ); do \
	  echo "== $$t"; mkdir -p fuzz-found/$$t; \
	  tests/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=1 \
	    -verbosity=0 -artifact_prefix=fuzz-found/$$t- \
	    fuzz-found/$$t $(srcdir)/tests/fuzz/corpus/$$t; \
	done
else
	@echo 'make fuzz wants a build made with: configure --enable-fuzzing CC=clang' >&2; exit 1
endif
