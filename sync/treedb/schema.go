package treedb

// migrations lists the steps that made the schema; the README describes the tables. A step that was released never changes.
//
// Names, paths and keys are BLOBs, compared byte for byte, because the names on a disk need not be text. The blobs called "entry" are written
// by codec.go and end with a checksum over their row.
func migrations() []string {
	return []string{pairTables + volumeTables + homeTables, joined, blocksTable, partTable, leafTable, batchParts + intentParts}
}

// joined leaves the pairs of before as they are on their first day: that costs comparisons only.
const joined = "ALTER TABLE pair ADD COLUMN joined INTEGER NOT NULL DEFAULT 0"

const blocksTable = `
CREATE TABLE blocks (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	file BLOB NOT NULL UNIQUE,
	size INTEGER NOT NULL,
	entry BLOB NOT NULL
);
`

// partTable takes checkpoints out of their volumes' rows, which were read as one piece.
const partTable = `
CREATE TABLE part (
	volume INTEGER NOT NULL,
	n INTEGER NOT NULL,
	body BLOB NOT NULL,
	UNIQUE (volume, n)
);
WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE (n + 1) * 1048576 < (SELECT max(length(body)) FROM volume))
	INSERT INTO part (volume, n, body) SELECT id, n, substr(body, n * 1048576 + 1, 1048576) FROM volume, i WHERE length(body) > n * 1048576;
ALTER TABLE volume DROP COLUMN body;
`

// leafTable takes the place of the table base, see moveRows.
const leafTable = `
CREATE TABLE leaf (
	pair INTEGER NOT NULL,
	n INTEGER NOT NULL,
	entry BLOB NOT NULL,
	PRIMARY KEY (pair, n)
) WITHOUT ROWID;
`

// batchParts lets a batch have several rows. Those of before keep their one.
const batchParts = `
ALTER TABLE batch RENAME TO whole;
CREATE TABLE batch (
	volume INTEGER NOT NULL,
	device INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	run INTEGER NOT NULL,
	n INTEGER NOT NULL,
	stored INTEGER NOT NULL,
	sum INTEGER NOT NULL,
	body BLOB NOT NULL,
	UNIQUE (volume, device, seq, run, n)
);
INSERT INTO batch SELECT volume, device, seq, run, 0, stored, sum, body FROM whole;
DROP TABLE whole;
`

// intentParts takes what is large of an intent; kind is 0 for the batch and 1 for the entry. What one of before has in its row stays there.
const intentParts = `
CREATE TABLE intentpart (
	pair INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	n INTEGER NOT NULL,
	part BLOB NOT NULL,
	UNIQUE (pair, kind, n)
);
`

const pairTables = `
CREATE TABLE pair (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name BLOB NOT NULL UNIQUE,
	guard BLOB NOT NULL DEFAULT x''
);
CREATE TABLE base (
	pair INTEGER NOT NULL,
	handle INTEGER NOT NULL,
	parent INTEGER NOT NULL,
	name BLOB NOT NULL,
	entry BLOB NOT NULL,
	PRIMARY KEY (pair, handle)
) WITHOUT ROWID;
CREATE TABLE intent (
	pair INTEGER PRIMARY KEY,
	key BLOB NOT NULL,
	body BLOB NOT NULL,
	entry BLOB NOT NULL
);
CREATE TABLE upload (
	pair INTEGER NOT NULL,
	path BLOB NOT NULL,
	hash BLOB NOT NULL,
	entry BLOB NOT NULL,
	PRIMARY KEY (pair, path)
) WITHOUT ROWID;
CREATE INDEX upload_hash ON upload (pair, hash);
CREATE TABLE open (
	pair INTEGER PRIMARY KEY,
	entry BLOB NOT NULL
);
`

const volumeTables = `
CREATE TABLE volume (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name BLOB NOT NULL UNIQUE,
	checkpoint BLOB NOT NULL DEFAULT x'',
	body BLOB NOT NULL DEFAULT x'',
	sum INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE batch (
	volume INTEGER NOT NULL,
	device INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	run INTEGER NOT NULL,
	stored INTEGER NOT NULL,
	sum INTEGER NOT NULL,
	body BLOB NOT NULL,
	UNIQUE (volume, device, seq, run)
);
`

const homeTables = `
CREATE TABLE journal (
	id BLOB PRIMARY KEY,
	entry BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE activity (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	time INTEGER NOT NULL,
	kind BLOB NOT NULL,
	pair BLOB NOT NULL,
	path BLOB NOT NULL,
	bytes INTEGER NOT NULL,
	device BLOB NOT NULL,
	message BLOB NOT NULL,
	folded BLOB NOT NULL
);
CREATE INDEX activity_time ON activity (time);
CREATE TABLE setting (
	key BLOB PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;
`
