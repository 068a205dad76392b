-- What schema 1 looks like, with a round of indexing half done. Never changed.
PRAGMA application_id=1214607981;
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
INSERT INTO meta VALUES('failed_commits',0);
INSERT INTO meta VALUES('indexed_seq',3);
INSERT INTO meta VALUES('last_seq',8);
CREATE TABLE destination (
  id INTEGER PRIMARY KEY,  -- given once, for ever
  vendor TEXT NOT NULL, plugin TEXT NOT NULL, name TEXT NOT NULL,
  waiting INTEGER NOT NULL DEFAULT 0,  -- deliveries with state 0
  parked INTEGER NOT NULL DEFAULT 0,  -- deliveries with state 3
  paused INTEGER NOT NULL DEFAULT 0,
  hold_until_ms INTEGER NOT NULL DEFAULT 0,
  hold_reason TEXT NOT NULL DEFAULT '',
  UNIQUE (vendor, plugin, name)
) STRICT;
INSERT INTO destination VALUES(1,'acme','webhooks','news',2,1,0,0,'');
INSERT INTO destination VALUES(2,'acme','ga4','ga4',1,0,0,0,'');
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  key BLOB NOT NULL,  -- 16 bytes; evt_... is its text
  fingerprint INTEGER NOT NULL,
  accepted_ms INTEGER NOT NULL,
  type TEXT NOT NULL, vendor TEXT NOT NULL, user TEXT NOT NULL,
  contract TEXT NOT NULL, entitlement TEXT NOT NULL, checkout TEXT NOT NULL,
  occurred TEXT NOT NULL, occurred_ms INTEGER NOT NULL,
  body BLOB NOT NULL  -- byte for byte as it came
) STRICT;
INSERT INTO event VALUES(1,X'67abdd721024f0ff4e0b3f4c2fc13bc5',6256715358349939898,1700000000001,'contract.1#purchased','acme','user-1','contract-1','','','2023-11-14T22:13:20Z',1700000000000,X'7b22757365724964223a2022757365722d31222c20226e223a20317d');
INSERT INTO event VALUES(2,X'26b25d457597a7b0463f9620f666dd10',8977369115371187370,1700000000002,'entitlement.1#granted','acme','user-2','contract-2','','','2023-11-14T22:13:20Z',1700000000000,X'7b22757365724964223a2022757365722d32222c20226e223a20327d');
INSERT INTO event VALUES(3,X'9d9f290527a6be626a8f5985b26e19b2',-9137462037498514377,1700000000003,'contract.1#purchased','acme','user-3','contract-3','','chk_ö','2023-11-14T22:13:20Z',1700000000000,X'7b22757365724964223a2022757365722d33222c20226e223a20337d');
INSERT INTO event VALUES(4,X'fb5e512425fc9449316ec95969ebe71e',2222020334648645421,1700000000004,'entitlement.1#granted','acme','user-4','contract-4','','','2023-11-14T22:13:20Z',1700000000000,X'7b22757365724964223a2022757365722d34222c20226e223a20347d');
INSERT INTO event VALUES(5,X'2594b6a92ebfb1c3312deb7d01c015fb',-5348451451851249259,1700000000005,'contract.1#purchased','acme','user-5','contract-5','','','2023-11-14T22:13:20Z',1700000000000,X'7b22757365724964223a2022757365722d35222c20226e223a20357d');
CREATE TABLE event_key (  -- of events up to meta.indexed_seq, at least
  key BLOB PRIMARY KEY,
  seq INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
INSERT INTO event_key VALUES(X'26b25d457597a7b0463f9620f666dd10',2);
INSERT INTO event_key VALUES(X'67abdd721024f0ff4e0b3f4c2fc13bc5',1);
INSERT INTO event_key VALUES(X'9d9f290527a6be626a8f5985b26e19b2',3);
INSERT INTO event_key VALUES(X'fb5e512425fc9449316ec95969ebe71e',4);
CREATE TABLE event_user (  -- of the same events
  user_hash INTEGER NOT NULL,  -- 32-bit FNV-1a
  seq INTEGER NOT NULL,
  PRIMARY KEY (user_hash, seq)
) WITHOUT ROWID, STRICT;
INSERT INTO event_user VALUES(4065555643,4);
INSERT INTO event_user VALUES(4115888500,1);
INSERT INTO event_user VALUES(4149443738,3);
INSERT INTO event_user VALUES(4166221357,2);
CREATE TABLE delivery (
  seq INTEGER NOT NULL,
  destination INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,  -- 0 waiting, 1 delivered, 2 skipped, 3 parked, 4 dropped
  why INTEGER NOT NULL DEFAULT 0,  -- parked: 1 failed, 2 credentials, 3 retries used up, 4 killed its runner, 5 gone
  due_ms INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,  -- the number of the latest one, since a replay
  deaths INTEGER NOT NULL DEFAULT 0,
  at_ms INTEGER NOT NULL DEFAULT 0,  -- the latest attempt:
  took_ms INTEGER NOT NULL DEFAULT 0,
  outcome INTEGER NOT NULL DEFAULT 0,  -- 101 delivered, 102 skipped, 103 retry, 104 failed
  status INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (seq, destination)
) WITHOUT ROWID, STRICT;
INSERT INTO delivery VALUES(1,1,1,0,0,1,0,1700000001000,25,101,200,'');
INSERT INTO delivery VALUES(1,2,0,0,1700000000001,0,0,0,0,0,0,'');
INSERT INTO delivery VALUES(2,1,2,0,0,1,0,1700000001000,25,102,0,'no e-mail');
INSERT INTO delivery VALUES(3,1,0,0,1700000060000,1,0,1700000001000,25,103,503,'again');
INSERT INTO delivery VALUES(4,1,3,2,0,1,0,1700000001000,25,104,503,'401');
INSERT INTO delivery VALUES(5,1,0,0,1700000000005,0,0,0,0,0,0,'');
CREATE TABLE attempt (  -- all but the latest of each delivery
  seq INTEGER NOT NULL,
  destination INTEGER NOT NULL,
  n INTEGER NOT NULL,  -- in the order made
  state INTEGER NOT NULL, why INTEGER NOT NULL, due_ms INTEGER NOT NULL,
  attempt INTEGER NOT NULL,  -- its number; begins again at 1 after a replay
  deaths INTEGER NOT NULL, at_ms INTEGER NOT NULL, took_ms INTEGER NOT NULL,
  outcome INTEGER NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (seq, destination, n)
) WITHOUT ROWID, STRICT;
INSERT INTO attempt VALUES(3,1,1,3,1,0,1,0,1700000001000,25,104,503,'no');
CREATE INDEX delivery_waiting
  ON delivery (destination, due_ms, seq, attempt, deaths, state) WHERE state = 0;
CREATE INDEX delivery_parked
  ON delivery (destination, why, seq, state) WHERE state = 3;
COMMIT;
