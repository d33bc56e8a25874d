/**
 * How the file came to look as it does: step n leads from layout n to layout n + 1, and an empty
 * file takes them all. A step that has been released is never edited; a change is a new step.
 *
 * Layout 1: one table for each type of value, and the dictionary of what a `fid` stands for. A table
 * for each measurement was measured to be 60 times slower at 500 of them.
 *
 * Layout 2: which files hold the sealed days, and the newest value in them of each field, see `sealed/`.
 *
 * Layout 3: which log stands before the database, and up to where it was taken over, see `log/`.
 *
 * Layout 4: windows of numeric fields, how far they go, and what late values made stale, see `rollups/`.
 *
 * Layout 5: files of sealed days lie field by field, and each has one scale.
 */
export const schemaSteps: readonly string[] = [
  `CREATE TABLE schema_version (version INTEGER);
   INSERT INTO schema_version VALUES (0);
   CREATE TABLE fields (fid INTEGER, measurement VARCHAR, field VARCHAR, type VARCHAR, tags VARCHAR);
   CREATE TABLE floats (time BIGINT, fid INTEGER, value DOUBLE);
   CREATE TABLE integers (time BIGINT, fid INTEGER, value BIGINT);
   CREATE TABLE "unsigned" (time BIGINT, fid INTEGER, value UBIGINT);
   CREATE TABLE booleans (time BIGINT, fid INTEGER, value BOOLEAN);
   CREATE TABLE strings (time BIGINT, fid INTEGER, value VARCHAR);`,
  `CREATE TABLE sealed_files (
     name VARCHAR, day INTEGER, type VARCHAR, category VARCHAR, unit VARCHAR,
     first_fid INTEGER, last_fid INTEGER, "rows" BIGINT, bytes BIGINT, crc BIGINT
   );
   CREATE TABLE sealed_last (fid INTEGER, time BIGINT, number DOUBLE, text VARCHAR);`,
  `CREATE TABLE log_position (log VARCHAR, position BIGINT);
   INSERT INTO log_position SELECT left(md5(uuid()::VARCHAR), 16), 0;`,
  `CREATE TABLE "rollup_1m" (
     time BIGINT, fid INTEGER, count UINTEGER, sum DOUBLE, min DOUBLE, max DOUBLE,
     "first" DOUBLE, first_after BIGINT, "last" DOUBLE, last_after BIGINT, increase DOUBLE
   );
   CREATE TABLE "rollup_5m" (
     time BIGINT, fid INTEGER, count UINTEGER, sum DOUBLE, min DOUBLE, max DOUBLE,
     "first" DOUBLE, first_after BIGINT, "last" DOUBLE, last_after BIGINT, increase DOUBLE
   );
   CREATE TABLE "rollup_15m" (
     time BIGINT, fid INTEGER, count UINTEGER, sum DOUBLE, min DOUBLE, max DOUBLE,
     "first" DOUBLE, first_after BIGINT, "last" DOUBLE, last_after BIGINT, increase DOUBLE
   );
   CREATE TABLE "rollup_1h" (
     time BIGINT, fid INTEGER, count UINTEGER, sum DOUBLE, min DOUBLE, max DOUBLE,
     "first" DOUBLE, first_after BIGINT, "last" DOUBLE, last_after BIGINT, increase DOUBLE
   );
   CREATE TABLE "rollup_1d" (
     time BIGINT, fid INTEGER, count UINTEGER, sum DOUBLE, min DOUBLE, max DOUBLE,
     "first" DOUBLE, first_after BIGINT, "last" DOUBLE, last_after BIGINT, increase DOUBLE
   );
   CREATE TABLE rollup_state (level VARCHAR, examined BIGINT, covered VARCHAR);
   CREATE TABLE rollup_dirty (unit BIGINT);`,
  `SELECT CASE WHEN count(*) > 0
     THEN error('it has sealed days in a layout from before the first release: let the version that wrote them export them.') END
   FROM sealed_files;
   DROP TABLE sealed_files;
   CREATE TABLE sealed_files (
     name VARCHAR, day INTEGER, type VARCHAR, category VARCHAR, unit VARCHAR, scale INTEGER,
     first_lead INTEGER, first_fid INTEGER, last_lead INTEGER, last_fid INTEGER, "rows" BIGINT, bytes BIGINT, crc BIGINT
   );`,
]
