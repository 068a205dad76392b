libhermod_a_SOURCES += \
	host/core/admin.h \
	host/core/core.c \
	host/core/core.h \
	host/core/core_view.c \
	host/core/deliveries.c \
	host/core/destinations.c \
	host/core/dispatch.c \
	host/core/flights.c \
	host/core/intake.h \
	host/core/journal.h \
	host/core/runners.c \
	host/core/state.h \
	host/core/turn.c

# Intake and admin.
libhermod_a_SOURCES += \
	host/core/admin.c \
	host/core/admin_change.c \
	host/core/admin_deliveries.c \
	host/core/admin_events.c \
	host/core/admin_filter.c \
	host/core/admin_parts.h \
	host/core/admin_status.c \
	host/core/intake.c \
	host/core/intake_auth.c \
	host/core/intake_events.c \
	host/core/intake_parts.h \
	host/core/jsonout.c \
	host/core/jsonout.h
UNIT += tests/unit/core/dispatch
UNIT += tests/unit/core/admin tests/unit/core/intake \
	tests/unit/core/intake_auth tests/unit/core/problem
EXTRA_DIST += tests/unit/core/fake_core.h
tests_bench_intake_alone_LDADD = $(HERMOD_LIBS)
tests_bench_generator_LDADD = $(HERMOD_LIBS)

# The journal.
libhermod_a_SOURCES += \
	host/core/journal.c \
	host/core/journal_engine.h \
	host/core/journal_sqlite.c \
	host/core/journal_sqlite.h \
	host/core/journal_sqlite_change.c \
	host/core/journal_sqlite_destination.c \
	host/core/journal_sqlite_find.c \
	host/core/journal_sqlite_index.c \
	host/core/journal_sqlite_read.c \
	host/core/journal_sqlite_scan.c \
	host/core/journal_sqlite_schema.c \
	host/core/journal_sqlite_sql.h \
	host/core/journal_sqlite_upkeep.c \
	host/core/journal_sqlite_write.c
UNIT += tests/unit/core/journal_turn
JOURNAL_KIT = tests/unit/core/journal_kit.c tests/unit/core/journal_kit.h
tests_unit_core_journal_turn_SOURCES = tests/unit/core/journal_turn.c $(JOURNAL_KIT)
UNIT += tests/unit/core/journal_people
tests_unit_core_journal_people_SOURCES = tests/unit/core/journal_people.c $(JOURNAL_KIT)
UNIT += tests/unit/core/journal_upkeep tests/unit/core/journal_property
tests_unit_core_journal_upkeep_SOURCES = tests/unit/core/journal_upkeep.c $(JOURNAL_KIT)
tests_unit_core_journal_property_SOURCES = tests/unit/core/journal_property.c $(JOURNAL_KIT)
UNIT += tests/unit/core/journal_faults
tests_unit_core_journal_faults_SOURCES = tests/unit/core/journal_faults.c \
	tests/unit/core/journal_disk.c tests/unit/core/journal_disk.h $(JOURNAL_KIT)
UNIT += tests/unit/core/journal_sqlite
tests_unit_core_journal_sqlite_SOURCES = tests/unit/core/journal_sqlite.c $(JOURNAL_KIT)
EXTRA_DIST += tests/unit/core/journal_schema_1.sql
check_PROGRAMS += tests/system/journal_crash
tests_system_journal_crash_LDADD = $(HERMOD_LIBS)
TESTS += tests/system/journal_crash
