/* journal_sqlite_sql.h - every statement of the SQLite engine, prepared once at open. */
#ifndef HERMOD_CORE_JOURNAL_SQLITE_SQL_H
#define HERMOD_CORE_JOURNAL_SQLITE_SQL_H

#define SQ_EVENT_COLUMNS \
    "e.type,e.vendor,e.user,e.contract,e.entitlement,e.checkout,e.occurred,e.occurred_ms,e.body"
/* What an attempt leaves behind, in table delivery (its latest) and attempt (the others). */
#define SQ_ATTEMPT_COLUMNS \
    "state,why,due_ms,attempt,deaths,at_ms,took_ms,outcome,status,reason"
#define SQ_SET_ATTEMPT \
    "UPDATE delivery SET state=?3,why=?4,due_ms=?5,attempt=?6,deaths=?7,at_ms=?8,took_ms=?9," \
    "outcome=?10,status=?11,reason=?12 WHERE seq=?1 AND destination=?2 AND state=0"
/* The latest attempt of a delivery goes to the history, before another one or a replay. */
#define SQ_KEEP_ATTEMPT \
    "INSERT INTO attempt(seq,destination,n," SQ_ATTEMPT_COLUMNS ") SELECT seq,destination," \
    "(SELECT coalesce(max(n),0)+1 FROM attempt WHERE seq=?1 AND destination=?2)," \
    SQ_ATTEMPT_COLUMNS " FROM delivery WHERE seq=?1 AND destination=?2 AND state=?3 AND attempt>0"

/* INDEXED BY and CROSS JOIN pin the plan: a statement that cannot run as meant fails at open,
   not by being slow on somebody's large journal. */
#define SQ_STATEMENTS(X) \
    X(BEGIN, "BEGIN IMMEDIATE") \
    X(COMMIT, "COMMIT") \
    X(ROLLBACK, "ROLLBACK") \
    X(META, "SELECT name,value FROM meta") \
    X(META_SET, "UPDATE meta SET value=?2 WHERE name=?1") \
    X(LAY_GHOST, "UPDATE meta SET value=value+1 WHERE name='failed_commits'") \
    X(LAST_SEQ, "SELECT coalesce(max(seq),0) FROM event") \
    /* destinations */ \
    X(DESTINATIONS, "SELECT id,vendor,plugin,name,waiting,parked FROM destination ORDER BY id") \
    X(DESTINATION_ADD, "INSERT INTO destination(id,vendor,plugin,name) VALUES(?1,?2,?3,?4)") \
    X(COUNTS_SET, "UPDATE destination SET waiting=?2,parked=?3 WHERE id=?1") \
    X(HOLD_SET, \
      "UPDATE destination SET paused=?2,hold_until_ms=?3,hold_reason=?4 WHERE id=?1") \
    X(HOLDS, "SELECT id,paused,hold_until_ms,hold_reason FROM destination" \
      " WHERE paused<>0 OR hold_until_ms<>0 ORDER BY id") \
    /* the turn */ \
    X(EVENT_ADD, "INSERT INTO event(seq,key,fingerprint,accepted_ms,type,vendor,user,contract," \
      "entitlement,checkout,occurred,occurred_ms,body)" \
      " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)") \
    X(FINGERPRINT, "SELECT fingerprint FROM event WHERE seq=?1") \
    X(DELIVERY_ADD, "INSERT INTO delivery(seq,destination,due_ms) VALUES(?1,?2,?3)") \
    X(ATTEMPT_FIRST, SQ_SET_ATTEMPT " AND attempt=0") \
    X(ATTEMPT_KEEP, SQ_KEEP_ATTEMPT) \
    X(ATTEMPT_AGAIN, SQ_SET_ATTEMPT) \
    /* the index */ \
    X(TAIL, "SELECT seq,key,user,accepted_ms FROM event WHERE seq>?1 ORDER BY seq") \
    X(KEY_FIND, "SELECT seq FROM event_key WHERE key=?1") \
    X(KEY_ADD, "INSERT OR IGNORE INTO event_key(key,seq) VALUES(?1,?2)") \
    X(KEY_DROP, "DELETE FROM event_key WHERE key=?1") \
    X(USER_FIND, \
      "SELECT seq FROM event_user WHERE user_hash=?1 AND seq<?2 ORDER BY seq DESC LIMIT ?3") \
    X(USER_ADD, "INSERT OR IGNORE INTO event_user(user_hash,seq) VALUES(?1,?2)") \
    X(USER_DROP, "DELETE FROM event_user WHERE user_hash=?1 AND seq=?2") \
    /* reading for dispatch */ \
    X(DUE, "SELECT d.seq,d.due_ms,d.attempt,d.deaths,e.key,e.accepted_ms," SQ_EVENT_COLUMNS \
      " FROM delivery AS d INDEXED BY delivery_waiting CROSS JOIN event AS e ON e.seq=d.seq" \
      " WHERE d.state=0 AND d.destination=?1 AND d.due_ms<=?2 AND (d.due_ms,d.seq)>(?3,?4)" \
      " ORDER BY d.due_ms,d.seq LIMIT ?5") \
    X(NEXT_DUE, "SELECT due_ms FROM delivery INDEXED BY delivery_waiting" \
      " WHERE state=0 AND destination=?1 ORDER BY due_ms,seq LIMIT 1") \
    /* reading for people */ \
    X(WALK, "SELECT seq,destination,state,why FROM delivery WHERE seq<?1 AND seq>=?2" \
      " ORDER BY seq DESC,destination DESC") \
    X(WAITING, "SELECT seq FROM delivery INDEXED BY delivery_waiting" \
      " WHERE state=0 AND destination=?1 AND seq<?2 AND seq>=?3") \
    X(PARKED_BELOW, "SELECT seq FROM delivery INDEXED BY delivery_parked WHERE state=3" \
      " AND destination=?1 AND why=?2 AND seq<?3 AND seq>=?4 ORDER BY seq DESC LIMIT 1") \
    X(PARKED_FROM, "SELECT seq FROM delivery INDEXED BY delivery_parked WHERE state=3" \
      " AND destination=?1 AND why=?2 AND seq<?3 AND seq>=?4 ORDER BY seq LIMIT 1") \
    X(PARKED_COUNT, "SELECT count(*) FROM delivery INDEXED BY delivery_parked WHERE state=3" \
      " AND destination=?1 AND why=?2 AND seq<?3 AND seq>=?4") \
    X(PARKED_COUNT_TIMED, "SELECT count(*) FROM delivery AS d INDEXED BY delivery_parked" \
      " CROSS JOIN event AS e ON e.seq=d.seq WHERE d.state=3 AND d.destination=?1 AND d.why=?2" \
      " AND d.seq<?3 AND d.seq>=?4 AND e.accepted_ms>=?5 AND e.accepted_ms<?6") \
    X(DELIVERIES_OF, "SELECT seq,destination,state,why FROM delivery WHERE seq=?1" \
      " ORDER BY destination DESC") \
    X(DELIVERY, "SELECT d.seq,d.destination,d.state,d.why,d.due_ms,d.attempt,d.deaths,d.at_ms," \
      "d.took_ms,d.outcome,d.status,d.reason,e.key,e.accepted_ms,e.type,e.user" \
      " FROM delivery AS d CROSS JOIN event AS e ON e.seq=d.seq" \
      " WHERE d.seq=?1 AND d.destination=?2") \
    X(ATTEMPTS, "SELECT " SQ_ATTEMPT_COLUMNS ",n FROM attempt WHERE seq=?1 AND destination=?2" \
      " UNION ALL SELECT " SQ_ATTEMPT_COLUMNS ",9e18 FROM delivery" \
      " WHERE seq=?1 AND destination=?2 AND attempt>0 ORDER BY n") \
    X(EVENT, "SELECT e.seq,e.key,e.accepted_ms," SQ_EVENT_COLUMNS \
      " FROM event AS e WHERE e.seq=?1") \
    X(EVENTS, "SELECT e.seq,e.key,e.accepted_ms," SQ_EVENT_COLUMNS \
      " FROM event AS e WHERE e.seq<?1 ORDER BY e.seq DESC") \
    X(ACCEPTED_FROM, "SELECT seq,accepted_ms FROM event WHERE seq>=?1 ORDER BY seq LIMIT 1") \
    /* changing, for people */ \
    X(REPLAY, "UPDATE delivery SET state=0,why=0,due_ms=?3,attempt=0,deaths=0,at_ms=0," \
      "took_ms=0,outcome=0,status=0,reason='' WHERE seq=?1 AND destination=?2 AND state=3") \
    X(DROP, "UPDATE delivery SET state=4 WHERE seq=?1 AND destination=?2 AND state=3") \
    /* upkeep */ \
    X(EXPIRABLE, "SELECT e.seq,e.accepted_ms,e.key,e.user," \
      "CASE WHEN e.accepted_ms<?4 THEN EXISTS(SELECT 1 FROM delivery AS d" \
      " WHERE d.seq=e.seq AND d.state IN(0,3)) END FROM event AS e" \
      " WHERE e.seq>?1 AND e.seq<=?2 ORDER BY e.seq LIMIT ?3") \
    X(EVENT_DROP, "DELETE FROM event WHERE seq=?1") \
    X(DELIVERIES_DROP, "DELETE FROM delivery WHERE seq=?1") \
    X(ATTEMPTS_DROP, "DELETE FROM attempt WHERE seq=?1") \
    X(FREE_PAGES, "PRAGMA freelist_count") \
    X(PAGES, "PRAGMA page_count") \
    X(VACUUM, "PRAGMA incremental_vacuum(512)")

#endif
